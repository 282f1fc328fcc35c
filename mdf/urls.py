"""Where marketing funds are. An action is a noun below its thing, and a POST."""

from django.urls import URLPattern

app_name = "mdf"
urlpatterns: list[URLPattern] = []
