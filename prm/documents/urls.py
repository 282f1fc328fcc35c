"""Where documents are."""

from django.urls import path

from prm.documents import views

urlpatterns = [
    path("documents/<uuid:pk>/", views.document, name="document"),
    path("documents/<uuid:pk>/file/", views.file, name="document-file"),
    path("documents/<uuid:pk>/print/", views.printing, name="document-print"),
    path("documents/<uuid:pk>/colors.css", views.colors, name="document-colors"),
    path("documents/<uuid:pk>/rendering/", views.rendering, name="document-rendering"),
    path("verify/<str:code>/", views.verification, name="document-verification"),
]
