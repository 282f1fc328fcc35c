"""Where replays are: below the rules of their area."""

from django.urls import path

from prm.policies.replays import views

urlpatterns = [
    path("rules/<str:area>/replays/", views.index, name="replays"),
    path("rules/<str:area>/replays/<uuid:pk>/", views.detail, name="replay"),
    path("rules/<str:area>/replays/<uuid:pk>/export/", views.export, name="replay-export"),
    path("rules/<str:area>/replays/<uuid:pk>/cancellation/", views.cancel, name="replay-cancellation"),
]
