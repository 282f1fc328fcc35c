"""Where custom fields are defined, and where the vendor fills them."""

from django.urls import path

from prm.custom_fields import record_views, views

urlpatterns = [
    path("custom-fields/", views.index, name="custom-fields"),
    path("custom-fields/<str:kind>/", views.listing, name="custom-fields-of"),
    path("custom-fields/<str:kind>/preview/", views.preview, name="custom-field-preview"),
    path("custom-fields/<str:kind>/new/", views.new, name="custom-field-new"),
    path("custom-fields/<str:kind>/<slug:key>/", views.field, name="custom-field"),
    path("custom-fields/<str:kind>/<slug:key>/<slug:which>/condition/", views.condition, name="custom-field-condition"),
    path("custom-fields/<str:kind>/<slug:key>/order/", views.order, name="custom-field-order"),
    path("custom-fields/<str:kind>/<slug:key>/retirement/", views.retirement, name="custom-field-retirement"),
    path("custom-fields/<str:kind>/records/<uuid:pk>/", record_views.answers, name="custom-field-answers"),
]
