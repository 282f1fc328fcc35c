"""Where comments are written and mended."""

from django.urls import path

from prm.comments import views

urlpatterns = [
    path("comments/of/<str:subject_type>/<uuid:pk>/", views.adding, name="comment-adding"),
    path("comments/<uuid:pk>/change/", views.changing, name="comment-change"),
    path("comments/<uuid:pk>/removal/", views.removal, name="comment-removal"),
]
