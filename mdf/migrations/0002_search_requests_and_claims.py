"""Lets people find fund requests and claims by parts of number and title. See prm/tenancy/searching.py."""

from django.db import migrations

from prm.tenancy import searching

REQUESTS, REQUEST_WORDS = "mdf_search_requests", "fund_request_words"
CLAIMS, CLAIM_WORDS = "mdf_search_claims", "claim_words"


class Migration(migrations.Migration):
    dependencies = [("mdf", "0001_initial")]

    operations = [
        migrations.RunSQL(
            searching.make(
                REQUESTS,
                "mdf_fundrequest",
                index=REQUEST_WORDS,
                words="lower(' ' || number || ' ' || title)",
                latest="saved_at",
            ),
            searching.unmake(REQUESTS, index=REQUEST_WORDS),
        ),
        migrations.RunSQL(
            searching.make(
                CLAIMS, "mdf_claim", index=CLAIM_WORDS, words="lower(' ' || number)", latest="saved_at"
            ),
            searching.unmake(CLAIMS, index=CLAIM_WORDS),
        ),
    ]
