from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MdfConfig(AppConfig):
    name = "mdf"
    verbose_name = _("Marketing funds")

    def ready(self) -> None:
        from mdf import api, areas, custom_fields, drafts, handlers, navigation, programme, promises, tasks  # noqa: F401
