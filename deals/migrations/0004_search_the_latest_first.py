"""Looks among the latest deals first: a word that most deals have would make the trigram index return them all.

Row-level security hides the statistics of `LIKE` from the planner, so it cannot know which words are common.
"""

from importlib import import_module

from django.db import migrations

before = import_module("deals.migrations.0003_search_registrations")

IN_REACH = """deal.tenant_id = tenant AND (reach IN ('vendor', 'system')
                 OR (reach = 'partner' AND deal.partner_path = path)
                 OR (reach = 'tree' AND starts_with(deal.partner_path, path)))"""
def fit(patterns: str) -> str:
    """All words have to fit; the index is asked for the three longest at once."""
    asked = [f"{before.WORDS} LIKE coalesce({patterns}[{number}], {patterns}[1])" for number in (1, 2, 3)]
    return f"({' AND '.join(asked)} AND {before.WORDS} LIKE ALL ({patterns}))"


FITS = f"({fit('words')} OR {fit('plain_words')})"

LATEST_FIRST = f"""
    CREATE OR REPLACE FUNCTION deals_search_registrations(words text[], plain_words text[], most integer)
    RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        tenant uuid := nullif(current_setting('app.tenant_id', true), '');
        reach text := nullif(current_setting('app.scope', true), '');
        path text := nullif(current_setting('app.partner_path', true), '');
        wanted integer := least(most, 200);
        found uuid[];
    BEGIN
        found := ARRAY(
            SELECT id FROM (
                SELECT * FROM public.deals_registration deal WHERE {IN_REACH}
                ORDER BY saved_at DESC, id DESC LIMIT 2000
            ) latest
            WHERE {FITS} ORDER BY saved_at DESC, id DESC LIMIT wanted
        );
        IF cardinality(found) < wanted THEN
            found := ARRAY(
                SELECT id FROM public.deals_registration deal
                WHERE {IN_REACH} AND {FITS} ORDER BY saved_at DESC, id DESC LIMIT wanted
            );
        END IF;
        RETURN QUERY SELECT unnest(found);
    END
    $$
"""
AS_BEFORE = before.MAKE[1].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("deals", "0003_search_registrations")]

    operations = [migrations.RunSQL(LATEST_FIRST, AS_BEFORE)]
