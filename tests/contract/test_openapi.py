"""The OpenAPI document: valid, complete, without warnings, and committed as it is generated."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from loyalty.api.v1 import urls
from loyalty.api.v1.base import NoSuchEndpoint
from loyalty.api.v1.errors import STATUSES

COMMITTED = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"
METHODS = {"get", "post", "put", "delete"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The document the code generates now, as JSON."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation by method and path."""
    return {
        (method, path): operation
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


class TestTheDocument:
    def test_is_valid_and_of_the_version_it_says(self):
        validate_schema(document())
        assert document()["openapi"] == "3.1.0"

    def test_is_generated_without_a_warning(self):
        reset_generator_stats()
        SchemaGenerator().get_schema(request=None, public=True)
        assert not GENERATOR_STATS
        assert [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache] == []

    def test_is_committed_as_it_is_generated(self):
        assert json.loads(COMMITTED.read_text()) == document(), "run `make openapi` and commit docs/api/openapi.json"

    def test_is_served(self):
        assert Client().get("/docs/openapi.json").json()["paths"].keys() == document()["paths"].keys()

    def test_holds_every_endpoint_and_method_and_no_other(self):
        served = {
            (method, "/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern)))
            for route in urls.urlpatterns
            if route.callback.view_class is not NoSuchEndpoint
            for method in METHODS & set(route.callback.view_class.http_method_names)
            if hasattr(route.callback.view_class, method)
        }
        assert set(operations()) == served
        assert len({path for _, path in served}) == len(urls.urlpatterns) - 1

    def test_has_a_name_of_its_own_and_words_for_every_operation_and_answer(self):
        names = [operation["operationId"] for operation in operations().values()]
        assert len(set(names)) == len(names)
        for where, operation in operations().items():
            assert operation["summary"] and operation["description"], where
            assert all(answer["description"] for answer in operation["responses"].values()), where

    def test_says_that_every_call_needs_a_key(self):
        assert all(operation["security"] == [{"ApiKey": []}] for operation in operations().values())

    def test_names_no_status_the_one_map_of_refusals_does_not_know(self):
        known = {str(status) for status, _ in STATUSES.values()} | {"200", "201", "204"}
        assert {code for operation in operations().values() for code in operation["responses"]} == known

    @pytest.mark.parametrize("name", ["CustomerAttributes", "RewardAttributes", "EarningRuleAttributes"])
    def test_requires_every_attribute_for_a_field_without_a_value_is_null(self, name):
        shape = document()["components"]["schemas"][name]
        assert set(shape["required"]) == set(shape["properties"])
