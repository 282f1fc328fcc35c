"""How the API describes itself."""

from __future__ import annotations

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from prm.accounts.roles import Role
from prm.api.describing import all_resources
from tests import build
from tests.prm.api.calling import program
from tests.prm.custom_fields import asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(vendor):
    asking.ask("Segment", "choice", "Public", "Private")
    return program(build.member(Role.ADMIN)).get("schema").json()


def test_the_description_is_openapi_without_a_warning(schema):
    validate_schema(schema)

    assert not GENERATOR_STATS


def test_every_resource_is_described_with_its_list_and_its_record(schema):
    for resource in all_resources():
        assert "get" in schema["paths"][f"/api/v1/{resource.name}"]
        assert "get" in schema["paths"][f"/api/v1/{resource.name}/{{id}}"]


def test_the_vendors_own_fields_are_described_with_their_choices(schema):
    custom = schema["components"]["schemas"]["RegistrationBody"]["properties"]["custom"]

    assert custom["properties"]["segment"]["enum"] == ["public", "private"]


def test_what_is_answered_is_as_described(schema, vendor):
    build.submitted()
    told = program(build.member(Role.ADMIN)).get("registrations").json()["items"][0]

    assert told.keys() == schema["components"]["schemas"]["RegistrationBody"]["properties"].keys()


def test_what_can_be_changed_is_also_told_so_that_a_change_of_one_thing_keeps_the_others():
    for resource in all_resources():
        if resource.changed:
            assert resource.changed.base_fields.keys() <= set(resource.body.Meta.fields)
