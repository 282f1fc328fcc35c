"""Where notifications are."""

from django.urls import path

from prm.notifications import views

urlpatterns = [
    path("notifications/", views.index, name="notifications"),
    path("notifications/reading/", views.reading, name="notification-reading"),
    path("notifications/settings/", views.choices, name="notification-settings"),
    path("notifications/<uuid:pk>/opening/", views.opening, name="notification-opening"),
]
