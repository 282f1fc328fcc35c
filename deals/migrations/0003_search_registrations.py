"""Lets people find a registration by parts of its number, customer or website. See prm/tenancy/searching.py."""

from django.db import migrations

WORDS = """(lower(' ' || number || ' ' || customer_name || ' ' || customer_website)
    || ' ' || split_part(name_key, ':', 2))"""

MAKE = [
    f"CREATE INDEX registration_words ON deals_registration USING gin ({WORDS} gin_trgm_ops)",
    f"""
    CREATE FUNCTION deals_search_registrations(words text[], plain_words text[], most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        WITH found AS MATERIALIZED (
            SELECT id, saved_at FROM public.deals_registration
            WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
              AND CASE current_setting('app.scope', true)
                      WHEN 'vendor' THEN true
                      WHEN 'system' THEN true
                      WHEN 'partner' THEN partner_path = nullif(current_setting('app.partner_path', true), '')
                      WHEN 'tree' THEN starts_with(partner_path, nullif(current_setting('app.partner_path', true), ''))
                      ELSE false
                  END
              AND ({WORDS} LIKE $1[1] OR {WORDS} LIKE $2[1])
              AND ({WORDS} LIKE ALL ($1) OR {WORDS} LIKE ALL ($2))
        )
        SELECT id FROM found ORDER BY saved_at DESC, id DESC LIMIT least($3, 200)
    $$
    """,
    "REVOKE ALL ON FUNCTION deals_search_registrations(text[], text[], integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION deals_search_registrations(text[], text[], integer) TO prm_app",
    "ALTER FUNCTION deals_search_registrations(text[], text[], integer) OWNER TO prm_search",
]
UNMAKE = [
    "DROP FUNCTION deals_search_registrations(text[], text[], integer)",
    "DROP INDEX registration_words",
]


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_draft_as_typed")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
