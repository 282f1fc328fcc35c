"""Where quotes are. An action is a noun below its thing, and a POST."""

from django.urls import URLPattern

app_name = "quotes"
urlpatterns: list[URLPattern] = []
