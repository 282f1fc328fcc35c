from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# Modules that declare something by being imported: pages, handlers, periodic jobs.
DECLARING = (
    "prm.accounts.navigation",
    "prm.api.navigation",
    "prm.approvals.escalation",
    "prm.approvals.navigation",
    "prm.audit.navigation",
    "prm.audit.sealing",
    "prm.clocks.navigation",
    "prm.custom_fields.navigation",
    "prm.drafts.purging",
    "prm.comments.navigation",
    "prm.disputes.clock",
    "prm.disputes.navigation",
    "prm.policies.screens.navigation",
    "prm.documents.rendering",
    "prm.files.scanning",
    "prm.notifications.digests",
    "prm.notifications.mail",
    "prm.operator.upkeep",
    "prm.programme.navigation",
    "prm.promises.navigation",
    "prm.promises.telling",
    "prm.reasons.navigation",
)


class PrmConfig(AppConfig):
    name = "prm"
    verbose_name = _("Platform")

    def ready(self) -> None:
        from prm.operations import logs
        from prm.tenancy import checks, walls

        for module in DECLARING:
            import_module(module)
        logs.configure()
        checks.register()
        post_migrate.connect(walls.raise_after_migrate, dispatch_uid="prm.walls")
