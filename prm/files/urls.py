"""Where files are."""

from django.urls import path

from prm.files import views

urlpatterns = [
    path("files/of/<str:subject_type>/<uuid:pk>/", views.adding, name="file-adding"),
    path("files/<uuid:pk>/", views.download, name="file"),
    path("files/<uuid:pk>/preview/", views.preview, name="file-preview"),
    path("files/<uuid:pk>/pages/<int:number>/", views.page, name="file-page"),
    path("files/<uuid:pk>/removal/", views.removal, name="file-removal"),
]
