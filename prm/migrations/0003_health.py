from django.db import migrations, models
from django.db.models import Q

from prm.operations.roles import APP, SYSTEM


class Migration(migrations.Migration):
    """What health checks read: which migrations ran, and the dead deliveries without looking at the done ones."""

    dependencies = [("prm", "0002_cache")]

    operations = [
        migrations.RunSQL(
            f"GRANT SELECT ON django_migrations TO {APP}, {SYSTEM}",
            f"REVOKE SELECT ON django_migrations FROM {APP}, {SYSTEM}",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["tenant", "due_at", "id"], condition=Q(status="dead"), name="delivery_dead"),
        ),
    ]
