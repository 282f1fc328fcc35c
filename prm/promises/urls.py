"""Where promises are."""

from django.urls import path

from prm.promises import views

urlpatterns = [
    path("promises/", views.index, name="promises"),
    path("promises/warnings/", views.telling, name="promise-telling"),
    path("promises/export/", views.export, name="promise-export"),
]
