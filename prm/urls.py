"""The installation's own pages: sign-in, all portals of a person, the operator's pages, health."""

from django.urls import include, path

from prm.accounts.views import portals
from prm.ui.all_vendors import all_vendors

urlpatterns = [
    path("", portals.home, name="home"),
    path("portals/", portals.all_portals, name="portals"),
    path("portals/queue/", all_vendors, name="all-vendors"),
    path("accounts/", include("prm.accounts.urls")),
    path("operator/", include("prm.operator.urls")),
]
