"""The form that replays a webhook: each of its two fields, changed alone, decides what is on its way again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.outbox.models import Delivery
from loyalty.outbox.relay import fan_out
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "changes", "queued"),
    [
        ("dead", {}, 1),
        ("dead", {"since": "tomorrow"}, 0),
        ("done", {}, 0),
        ("done", {"also_delivered": "on"}, 1),
    ],
)
def test_a_field_alone_decides_what_is_sent_again(state, changes, queued):
    shop, now = AShop.new(), timezone.now()
    set_login(program=shop.program, username="ada", password="ada")
    client = Client()
    client.login(username="ada", password="ada")
    hook = {"url": "https://hooks.example/a", "events": ["points.earned"], "is_active": "on"}
    assert client.post("/standalone/webhooks/new", hook).status_code in (200, 303)
    with shop.scope():
        shop.member(now=now)
        shop.action(now=now)
        shop.award(now=now)
        fan_out(now=now)
        mine = Delivery.objects.filter(destination__startswith="webhook:")
        assert mine.update(state=state, finished_at=now) == 1
        public_id = WebhookSubscription.objects.get().public_id
        days = {"tomorrow": (now + timedelta(days=1)).date().isoformat()}
        sent = {"since": (now - timedelta(days=1)).date().isoformat(), **changes}
        client.post(
            f"/standalone/webhooks/{public_id}/replay", {**sent, "since": days.get(sent["since"], sent["since"])}
        )
        assert mine.filter(state="pending").count() == queued
