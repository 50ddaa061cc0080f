"""A merchant switches workflows on and off in Flow, and Encore sends what somebody listens to."""

import pytest

from loyalty.outbox.models import Delivery
from shopify_app.shops.models import FlowListener

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
EARNED, REDEEMED = "loyalty-points-earned", "loyalty-points-redeemed"


@pytest.fixture
def shop(live):
    live.action(points=100)
    with live.scope():
        yield live


def switch(shop, handle, *, on):
    made = shop.sandbox.call("POST", f"stores/{shop.domain}/flow-workflows", {"handle": handle, "on": on})
    assert (made["is_on"], made["attempt"]["status"]) == (on, 200), made


def award(shop):
    assert shop.rest("POST", "actions", {"action_key": "app_install", "customer_id": "7001"}).status_code == 201


def heard(shop, handle):
    return [each["payload"] for each in shop.store()["triggers"] if each["handle"] == handle]


def test_a_workflow_that_is_off_is_sent_nothing_until_it_is_on(shop):
    switch(shop, EARNED, on=False)
    for _ in range(5):
        award(shop)
    reward = shop.reward(300)
    assert shop.rest("POST", f"rewards/{reward.public_id}/purchase", {"customer_identifier": "7001"}).status_code == 201
    shop.eventually(lambda: heard(shop, REDEEMED) and not shop.waiting_events())
    assert heard(shop, EARNED) == []
    assert not Delivery.objects.filter(destination=f"flow:{EARNED}").exists()
    switch(shop, EARNED, on=True)
    award(shop)
    shop.eventually(lambda: heard(shop, EARNED))
    (told,) = heard(shop, EARNED)
    assert told["Customer Loyalty Details"]["availablePoints"] == 300
    assert [(row.trigger, row.is_listening) for row in FlowListener.objects.filter(shop__domain=shop.domain)] == [
        (EARNED, True)
    ]
