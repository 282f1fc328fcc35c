"""Where the vendor's calendars are."""

from django.urls import path

from prm.clocks import views

urlpatterns = [
    path("calendars/", views.index, name="calendars"),
    path("calendars/new/", views.new, name="calendar-new"),
    path("calendars/<uuid:pk>/", views.detail, name="calendar"),
    path("calendars/<uuid:pk>/hours/", views.hours, name="calendar-hours"),
    path("calendars/<uuid:pk>/removal/", views.remove, name="calendar-removal"),
    path("calendars/<uuid:pk>/days/", views.days, name="calendar-days"),
    path("calendars/<uuid:pk>/import/", views.take_over, name="calendar-import"),
    path("calendars/<uuid:pk>/days/<uuid:day>/removal/", views.remove_day, name="calendar-day-removal"),
]
