"""Where the lists of reasons are."""

from django.urls import path

from prm.reasons import views

urlpatterns = [
    path("reasons/", views.index, name="reasons"),
    path("reasons/<str:area>/", views.detail, name="reason-list"),
    path("reasons/<str:area>/new/", views.new, name="reason-new"),
    path("reasons/<str:area>/product/", views.take_over, name="reasons-take-over"),
    path("reasons/<str:area>/<slug:code>/", views.edit, name="reason"),
]
