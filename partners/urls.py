"""Where partners are."""

from django.urls import path

from partners.views import company, partners

app_name = "partners"
urlpatterns = [
    path("partners/", partners.listing, name="partners"),
    path("partners/<uuid:pk>/", partners.detail, name="partner"),
    path("partners/<uuid:pk>/suspension/", partners.suspension, name="partner-suspension"),
    path("partners/<uuid:pk>/restoration/", partners.restoration, name="partner-restoration"),
    path("partners/<uuid:pk>/tier/", partners.tier, name="partner-tier"),
    path("company/", company.company, name="company"),
]
