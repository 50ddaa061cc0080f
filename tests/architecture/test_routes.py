"""A route answers nobody who has not shown who they are, unless it is listed as public with a reason."""

import pytest
from django.test import Client

from tests.architecture.routes import PUBLIC, Route, routes

METHODS = ("get", "post", "put", "patch", "delete")


def test_every_route_is_guarded_or_public_for_a_reason():
    undecided = [route.pattern for route in routes() if route.guard is None and route.pattern not in PUBLIC]
    assert undecided == []


def test_no_public_route_is_listed_that_does_not_exist():
    assert set(PUBLIC) - {route.pattern for route in routes()} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", [r for r in routes() if r.pattern not in PUBLIC], ids=lambda route: route.pattern)
class TestAnAnonymousCaller:
    def test_is_turned_away(self, route: Route, method: str):
        answer = getattr(Client(), method)(route.path(), content_type="application/json")
        if answer.status_code == 302:
            assert answer["Location"].startswith(("/auth/bounce?", "/standalone/login/?"))
        else:
            assert answer.status_code in (401, 403, 405)

    def test_is_turned_away_with_made_up_credentials(self, route: Route, method: str):
        made_up = {"Authorization": "Bearer made-up", "X-Api-Key": "made-up", "X-Shopify-Hmac-Sha256": "made-up"}
        answer = getattr(Client(), method)(route.path(), content_type="application/json", headers=made_up)
        if answer.status_code == 302:
            assert answer["Location"].startswith("/standalone/login/?")
        else:
            assert answer.status_code in (401, 403, 405)
