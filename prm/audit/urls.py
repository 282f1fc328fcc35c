"""Where the audit log is."""

from django.urls import path

from prm.audit import views

urlpatterns = [
    path("audit/", views.index, name="audit"),
    path("audit/verification/", views.verification, name="audit-verification"),
]
