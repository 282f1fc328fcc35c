from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "deals"
    verbose_name = _("Deals")

    def ready(self) -> None:
        from deals import (  # noqa: F401
            api,
            areas,
            case_handlers,
            custom_fields,
            drafts,
            handlers,
            navigation,
            programme,
            promises,
            tasks,
        )
