"""The installation's own pages: sign-in, all portals of a person, the operator's pages, health."""

from django.urls import include, path

from prm.accounts.views import portals

urlpatterns = [
    path("", portals.home, name="home"),
    path("portals/", portals.all_portals, name="portals"),
    path("accounts/", include("prm.accounts.urls")),
    path("operator/", include("prm.operator.urls")),
]
