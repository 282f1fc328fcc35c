"""Where disputes are."""

from django.urls import path

from prm.disputes import views

urlpatterns = [
    path("disputes/", views.index, name="disputes"),
    path("disputes/of/<str:subject_type>/<uuid:pk>/", views.appealing, name="dispute-appeal"),
    path("disputes/<uuid:pk>/", views.detail, name="dispute"),
    path("disputes/<uuid:pk>/decision/", views.decision, name="dispute-decision"),
    path("disputes/<uuid:pk>/question/", views.question, name="dispute-question"),
    path("disputes/<uuid:pk>/answer/", views.answer, name="dispute-answer"),
    path("disputes/<uuid:pk>/withdrawal/", views.withdrawal, name="dispute-withdrawal"),
]
