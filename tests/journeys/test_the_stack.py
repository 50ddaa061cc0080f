"""The real processes: a webhook signed by the sandbox reaches the inbox and is worked off by the real worker."""

import pytest
import requests

from config.launcher.processes import wait_until
from shopify_app.shops.models import Shop
from shopify_app.webhooks.models import ReceivedWebhook
from tests.journeys.shopify_webhooks import signed

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


def uninstall_over_http(stack, shop, webhook_id: str) -> None:
    body, headers = signed(shop.domain, "app/uninstalled", {"myshopify_domain": shop.domain}, webhook_id=webhook_id)
    answer = requests.post(f"{stack.base_url}/webhooks/app", data=body, headers=headers, timeout=10)
    assert answer.status_code == 200


def is_uninstalled(shop) -> bool:
    return Shop.objects.get(pk=shop.pk).uninstalled_at is not None


class TestAWebhook:
    def test_is_worked_off_by_the_worker(self, stack, installed_shop):
        uninstall_over_http(stack, installed_shop, "live-1")
        assert wait_until(lambda: is_uninstalled(installed_shop), 15), stack.log("worker")

    def test_that_came_while_no_worker_ran_is_worked_off_when_one_does(self, stack, installed_shop):
        stack.stop_workers()
        uninstall_over_http(stack, installed_shop, "live-2")
        assert ReceivedWebhook.objects.get().state == "pending"
        stack.start_workers()
        assert wait_until(lambda: is_uninstalled(installed_shop), 40), stack.log("worker")
