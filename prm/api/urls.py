"""The addresses of the API, one pair for each resource, and the pages about it."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from prm.api import views
from prm.api.describing import all_resources
from prm.api.endpoints import ChangingItem, Collection, Item, MakingCollection
from prm.api.resources import Resource
from prm.api.schema import schema

ROOT = "api/v1/"


def _pair(resource: Resource) -> list[URLPattern]:
    many = MakingCollection if resource.new else Collection
    one = ChangingItem if resource.changing else Item
    return [
        path(f"{ROOT}{resource.name}", _view(many, resource), name=f"api.{resource.name}"),
        path(f"{ROOT}{resource.name}/<uuid:pk>", _view(one, resource), name=f"api.{resource.name}.one"),
    ]


def _view(endpoint: Any, resource: Resource) -> Callable[..., Any]:
    named: Any = type(f"{resource.name}-{endpoint.__name__}", (endpoint,), {"resource": resource, "__doc__": ""})
    view = named.as_view()
    view.permission, view.resource = resource.permission, resource
    view.write_permission = resource.write_permission if endpoint is MakingCollection else None
    return view  # type: ignore[no-any-return]


urlpatterns = [
    *[pattern for resource in all_resources() for pattern in _pair(resource)],
    path(f"{ROOT}schema", schema, name="api.schema"),
    path("api-keys/", views.index, name="api-keys"),
    path("api-keys/new/", views.new, name="api-key-new"),
    path("api-keys/<uuid:pk>/revocation/", views.revoke, name="api-key-revocation"),
    path("api-keys/documentation/", views.documentation, name="api-documentation"),
    path("api-keys/documentation/openapi.json", views.openapi, name="api-openapi"),
]
