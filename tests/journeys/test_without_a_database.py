"""The database goes away in the middle of a thread's life: Shopify is told to come again, and the next call works."""

from contextlib import nullcontext

import pytest
from django.db import InterfaceError, connection
from django.test import Client

from tests.journeys.shopify_webhooks import deliver, signed

RUN = {
    "shopify_domain": "tea.myshopify.com",
    "action_run_id": "r",
    "properties": {"action_key": "a", "customer_id": "1"},
}


@pytest.fixture(params=["closed", "interface"])
def lost_connection(request, transactional_db):
    """Both ways a driver says that the connection is gone: a closed one, and a fault of the interface itself."""

    def refuse(execute, sql, params, many, context):
        raise InterfaceError("the connection is gone")

    connection.ensure_connection()
    if request.param == "closed":
        connection.connection.close()
        return nullcontext
    return lambda: connection.execute_wrapper(refuse)


def flow():
    body, headers = signed("tea.myshopify.com", "x", RUN)
    return Client().post(
        "/flow/actions/award-custom-action", data=body, content_type="application/json", headers=headers
    )


class TestALostConnection:
    def test_makes_flow_come_again(self, lost_connection):
        with lost_connection():
            assert flow().status_code == 503
        assert flow().status_code == 404  # no such shop: the next run is worked

    def test_makes_a_webhook_come_again(self, lost_connection):
        with lost_connection():
            assert deliver("tea.myshopify.com", "customers/update", {"id": 1}).status_code == 503
        assert deliver("tea.myshopify.com", "customers/update", {"id": 1}).status_code == 200
