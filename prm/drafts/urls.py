"""Where drafts are thrown away and put back."""

from django.urls import path

from prm.drafts import views

urlpatterns = [
    path("drafts/thrown-away/", views.thrown_away, name="thrown-away"),
    path("drafts/<str:kind>/<uuid:pk>/discard/", views.discard, name="draft-discard"),
    path("drafts/<str:kind>/<uuid:pk>/return/", views.put_back, name="draft-return"),
]
