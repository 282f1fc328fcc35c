"""Where partners are."""

from django.urls import path

from partners.views import agreement_texts, agreements, company, partners

app_name = "partners"
urlpatterns = [
    path("partners/", partners.listing, name="partners"),
    path("partners/<uuid:pk>/", partners.detail, name="partner"),
    path("partners/<uuid:pk>/suspension/", partners.suspension, name="partner-suspension"),
    path("partners/<uuid:pk>/restoration/", partners.restoration, name="partner-restoration"),
    path("partners/<uuid:pk>/tier/", partners.tier, name="partner-tier"),
    path("partners/<uuid:pk>/agreements/", agreements.offering, name="partner-agreements"),
    path("company/", company.company, name="company"),
    path("agreements/", agreements.listing, name="agreements"),
    path("agreements/<uuid:pk>/", agreements.detail, name="agreement"),
    path("agreements/<uuid:pk>/acceptance/", agreements.acceptance, name="agreement-acceptance"),
    path("agreements/<uuid:pk>/decline/", agreements.decline, name="agreement-decline"),
    path("agreements/<uuid:pk>/withdrawal/", agreements.withdrawal, name="agreement-withdrawal"),
    path("agreement-texts/", agreement_texts.listing, name="agreement-texts"),
    path("agreement-texts/new/", agreement_texts.new, name="agreement-text-new"),
    path("agreement-texts/<uuid:pk>/", agreement_texts.text, name="agreement-text"),
    path("agreement-texts/<uuid:pk>/publication/", agreement_texts.publication, name="agreement-publication"),
    path("agreement-texts/<uuid:pk>/versions/<int:number>/", agreement_texts.version, name="agreement-version"),
]
