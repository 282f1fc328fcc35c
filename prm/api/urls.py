"""The addresses of the API, those of each resource and of what is done with it, and the pages about it."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from prm.api import views
from prm.api.describing import all_resources
from prm.api.endpoints import Acting, ChangingItem, Collection, Item, MakingCollection
from prm.api.resources import Act, Resource
from prm.api.schema import schema

ROOT = "api/v1/"


def _all_of(resource: Resource) -> list[URLPattern]:
    many = MakingCollection if resource.new else Collection
    one = ChangingItem if resource.changing else Item
    root, name = f"{ROOT}{resource.name}", f"api.{resource.name}"
    return [
        path(root, _view(many, resource), name=name),
        path(f"{root}/<uuid:pk>", _view(one, resource), name=f"{name}.one"),
        *[
            path(f"{root}/<uuid:pk>/{act.name}", _act(act, resource), name=f"{name}.{act.name}")
            for act in resource.acts
        ],
    ]


def _view(endpoint: Any, resource: Resource) -> Callable[..., Any]:
    named: Any = type(f"{resource.name}-{endpoint.__name__}", (endpoint,), {"resource": resource, "__doc__": ""})
    view = named.as_view()
    view.permission, view.resource = resource.permission, resource
    view.write_permission = resource.write_permission if endpoint is MakingCollection else None
    return view  # type: ignore[no-any-return]


def _act(act: Act, resource: Resource) -> Callable[..., Any]:
    facts = {"resource": resource, "act": act, "__doc__": ""}
    named: Any = type(f"{resource.name}-{act.name}", (Acting,), facts)
    view = named.as_view()
    view.permission, view.resource = act.permission, resource
    return view  # type: ignore[no-any-return]


urlpatterns = [
    *[pattern for resource in all_resources() for pattern in _all_of(resource)],
    path(f"{ROOT}schema", schema, name="api.schema"),
    path("api-keys/", views.index, name="api-keys"),
    path("api-keys/new/", views.new, name="api-key-new"),
    path("api-keys/<uuid:pk>/revocation/", views.revoke, name="api-key-revocation"),
    path("api-keys/documentation/", views.documentation, name="api-documentation"),
    path("api-keys/documentation/openapi.json", views.openapi, name="api-openapi"),
]
