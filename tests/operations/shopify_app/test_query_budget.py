"""No page of the admin asks the database more than fifteen times, however much there is (issue: the merchant's admin, 11)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.browser.shop import EMPTY_PATHS, empty_program, filled_shop

pytestmark = pytest.mark.django_db
BUDGET = 15


def over_budget(user, paths):
    client = Client()
    client.login(username=user, password=user)
    found = {}
    for path in paths:
        client.get(f"/standalone/{path}")  # what is asked once per process is not a page's
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/standalone/{path}")
        assert answer.status_code == 200, path
        if len(asked) > BUDGET:
            found[path] = len(asked)
    return found


def test_of_a_shop_with_everything():
    shop = filled_shop()
    assert over_budget(shop.user, shop.paths()) == {}


def test_of_a_shop_with_nothing():
    empty_program()
    assert over_budget("empty", EMPTY_PATHS) == {}
