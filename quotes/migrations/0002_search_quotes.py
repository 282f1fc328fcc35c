"""Lets people find a quote by parts of its number or customer. See prm/tenancy/searching.py."""

from django.db import migrations

WORDS = "lower(' ' || number || ' ' || customer_name || ' ' || contact_name)"

MAKE = [
    f"CREATE INDEX quote_words ON quotes_quote USING gin ({WORDS} gin_trgm_ops)",
    f"""
    CREATE FUNCTION quotes_search(words text[], plain_words text[], most integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        WITH found AS MATERIALIZED (
            SELECT id, started_at FROM public.quotes_quote
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
        SELECT id FROM found ORDER BY started_at DESC, id DESC LIMIT least($3, 200)
    $$
    """,
    "REVOKE ALL ON FUNCTION quotes_search(text[], text[], integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION quotes_search(text[], text[], integer) TO prm_app",
    "ALTER FUNCTION quotes_search(text[], text[], integer) OWNER TO prm_search",
]
UNMAKE = ["DROP FUNCTION quotes_search(text[], text[], integer)", "DROP INDEX quote_words"]


class Migration(migrations.Migration):
    dependencies = [("quotes", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
