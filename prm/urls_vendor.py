"""The pages of a vendor's portal, below `/<slug>/` or on the vendor's own domain."""

from django.urls import include, path

from prm.ui import home, search
from prm.ui.views import brand_sheet

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("accounts/", include("prm.accounts.urls")),
    path("", include("prm.accounts.urls_vendor")),
    path("brand/<slug:digest>.css", brand_sheet, name="brand-sheet"),
    path("", include("prm.api.urls")),
    path("", include("prm.approvals.urls")),
    path("", include("prm.audit.urls")),
    path("", include("prm.clocks.urls")),
    path("", include("prm.custom_fields.urls")),
    path("", include("prm.drafts.urls")),
    path("", include("prm.comments.urls")),
    path("", include("prm.disputes.urls")),
    path("", include("prm.policies.replays.urls")),
    path("", include("prm.policies.screens.urls")),
    path("", include("prm.notifications.urls")),
    path("", include("prm.programme.urls")),
    path("", include("prm.promises.urls")),
    path("", include("prm.reasons.urls")),
    path("", include("prm.files.urls")),
    path("", include("prm.documents.urls")),
    path("", include("partners.urls")),
    path("", include("deals.urls")),
    path("", include("mdf.urls")),
    path("", include("quotes.urls")),
]
