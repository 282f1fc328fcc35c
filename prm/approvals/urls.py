"""Where absences and the steps of an area are."""

from django.urls import path

from prm.approvals import step_views, views

urlpatterns = [
    path("absences/", views.absences, name="absences"),
    path("absences/<uuid:pk>/removal/", views.absence_removal, name="absence-removal"),
    path("rules/<str:area>/steps/", step_views.index, name="approval-steps"),
    path("rules/<str:area>/removed-step/restoration/", step_views.restoration, name="approval-step-restoration"),
    path("rules/<str:area>/steps/<slug:key>/", step_views.step, name="approval-step"),
    path("rules/<str:area>/steps/<slug:key>/removal/", step_views.removal, name="approval-step-removal"),
]
