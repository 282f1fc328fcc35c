"""Where a vendor's programme goes in and out."""

from django.urls import path

from prm.programme import views

urlpatterns = [
    path("program-file/", views.index, name="programme-files"),
    path("program-file/export/", views.export, name="programme-export"),
    path("program-file/<uuid:pk>/", views.detail, name="programme-file"),
]
