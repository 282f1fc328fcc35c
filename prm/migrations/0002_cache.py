from django.db import migrations

MAKE = """
CREATE TABLE prm_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX prm_cache_expires ON prm_cache (expires);
"""


class Migration(migrations.Migration):
    """The table of the cache that counts attempts at signing in."""

    dependencies = [("prm", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE prm_cache")]
