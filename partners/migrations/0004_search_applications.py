"""Lets the vendor's people find an application by parts of its company, website, contact or number. See prm/tenancy/searching.py."""

from django.db import migrations

WORDS = "lower(' ' || company_name || ' ' || website || ' ' || contact_name || ' ' || number)"

MAKE = [
    f"CREATE INDEX application_words ON partners_application USING gin ({WORDS} gin_trgm_ops)",
    f"""
    CREATE FUNCTION applications_search(words text[], plain_words text[], most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        WITH found AS MATERIALIZED (
            SELECT id, submitted_at FROM public.partners_application
            WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
              AND current_setting('app.scope', true) IN ('vendor', 'system')
              AND number <> ''
              AND ({WORDS} LIKE $1[1] OR {WORDS} LIKE $2[1])
              AND ({WORDS} LIKE ALL ($1) OR {WORDS} LIKE ALL ($2))
        )
        SELECT id FROM found ORDER BY submitted_at DESC, id LIMIT least($3, 200)
    $$
    """,
    "REVOKE ALL ON FUNCTION applications_search(text[], text[], integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION applications_search(text[], text[], integer) TO prm_app",
    "ALTER FUNCTION applications_search(text[], text[], integer) OWNER TO prm_search",
]
UNMAKE = ["DROP FUNCTION applications_search(text[], text[], integer)", "DROP INDEX application_words"]


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_joining_agreements_tiers")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
