from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PrmConfig(AppConfig):
    name = "prm"
    verbose_name = "Platform"

    def ready(self) -> None:
        from prm.accounts import navigation  # noqa: F401
        from prm.audit import sealing  # noqa: F401
        from prm.notifications import mail  # noqa: F401
        from prm.operations import logs
        from prm.tenancy import checks, walls

        logs.configure()
        checks.register()
        post_migrate.connect(walls.raise_after_migrate, dispatch_uid="prm.walls")
