"""Lets the vendor's people find end customers by parts of names, websites and numbers. See prm/tenancy/searching.py."""

from django.db import migrations, models

from prm.tenancy import searching

# `array_to_string` is not immutable, because the output of some types changes with settings; that of text does not.
JOINED = """
    CREATE FUNCTION deals_joined(parts varchar[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        RETURN array_to_string(parts, ' ');
    END
    $$
"""
WORDS = """lower(' ' || name || ' ' || public.deals_joined(other_names) || ' ' || website || ' '
    || public.deals_joined(other_websites) || ' ' || tax_id)"""
FUNCTION, INDEX = "deals_search_customers", "customer_words"
MAKE = searching.make(
    FUNCTION, "deals_endcustomer", index=INDEX, words=WORDS, latest="first_seen_at", for_partners=False
)


class Migration(migrations.Migration):
    dependencies = [("deals", "0012_check_ins")]

    operations = [
        migrations.AddIndex(
            "endcustomer", models.Index(fields=["tenant", "name", "id"], name="customers_by_name")
        ),
        migrations.AddIndex(
            "endcustomer", models.Index(fields=["tenant", "first_seen_at", "id"], name="customers_latest")
        ),
        migrations.RunSQL(
            [JOINED, *MAKE],
            [*searching.unmake(FUNCTION, index=INDEX), "DROP FUNCTION deals_joined(varchar[])"],
        ),
    ]
