"""`manage.py seed_shop`: shops for integration tests, from JSON setups, that work at once over every door."""

import io
import json

import pytest
import requests
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.launcher.processes import wait_until
from loyalty.ledger.audit import audit
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.programs.models import Program
from shopify_app.webhooks.models import ReceivedWebhook
from tests.a_shop import AShop
from tests.journeys.shopify_webhooks import deliver
from tests.shopify_payloads import refund

pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]
SETUP = {
    "program": {"requests_per_second": 100},
    "tiers": [{"id": "base", "name": "Base"}, {"id": "gold", "name": "Gold", "points_required": 500, "points_multiplier": 1.5}],
    "rules": [{"id": "app", "name": "App", "action": "custom", "action_key": "mobile_app_install", "points_to_give": 100}],
    "rewards": [{"id": "five", "name": "$5 off", "discount_type": "fixed_amount", "discount_amount": 5, "points_cost": 200}],
    "customers": [{"shopify_customer_id": "9001", "email": "seeded@example.com", "first_name": "See", "last_name": "Ded"}],
    "keys": ["revoked", "other_shop"],
}  # fmt: skip


def seed(tmp_path, *setups):
    source, out = tmp_path / "setups.json", io.StringIO()
    source.write_text(json.dumps(list(setups)))
    call_command("seed_shop", source=str(source), stdout=out)
    return json.loads(out.getvalue())


class TestASeededShop:
    def test_awards_and_redeems_at_once_and_its_ledger_is_sound(self, stack, tmp_path):
        (made,) = seed(tmp_path, SETUP)
        headers = {"Authorization": made["keys"]["FULL_KEY"]}
        action = {"action_key": "mobile_app_install", "customer_id": "9001"}
        for _ in range(2):
            assert (
                requests.post(f"{stack.base_url}/v1/actions", json=action, headers=headers, timeout=10).status_code
                == 201
            )
        address = f"{stack.base_url}/v1/rewards/{made['ids']['five']}/purchase"
        bought = requests.post(address, json={"customer_identifier": "9001"}, headers=headers, timeout=20)
        code = bought.json()["data"]["attributes"]["discount_code"]
        assert code in {each["code"] for each in stack.sandbox.store(made["shop"])["discounts"]}
        program = Program.objects.get(shopify_domain=made["shop"])
        assert audit(program_id=program.pk) == []

    def test_has_keys_that_may_read_only_that_are_revoked_and_of_another_shop(self, stack, tmp_path):
        (made,) = seed(tmp_path, SETUP)
        status = {
            name: requests.put(
                f"{stack.base_url}/v1/customers/9001", json={}, headers={"Authorization": key}, timeout=10
            ).status_code
            for name, key in made["keys"].items()
        }
        assert status == {"FULL_KEY": 200, "RO_KEY": 403, "REVOKED_KEY": 401, "OTHER_SHOP_KEY": 404}

    def test_announces_nothing_of_what_it_was_filled_with(self, stack, tmp_path):
        (made,) = seed(tmp_path, SETUP)
        shop = AShop(Program.objects.get(shopify_domain=made["shop"]))
        with shop.scope():  # what the programme offers is shown in the shop, and concerns nobody
            assert set(Event.objects.values_list("kind", "member_id")) <= {("programme.changed", None)}

    @pytest.mark.parametrize(
        ("balance", "after", "lifetime"), [({}, 400, 400), ({"current_points": 50}, 0, 400), ({"lots": True}, 400, 400)]
    )
    def test_has_orders_whose_refund_takes_their_points_back(self, stack, tmp_path, balance, after, lifetime):
        stated = {"current_points": 500, "lifetime_points": 500, **balance}
        if stated.pop("lots", False):
            stated["lots"] = [{"points": 200, "earned_at": "2026-01-01"}, {"points": 300, "earned_at": "2026-02-01"}]
        order = {"id": "5678901234", "number": "#1042", "total": "100.00", "points": 500}
        customer = {**SETUP["customers"][0], **stated, "order": order}
        (made,) = seed(tmp_path, {**SETUP, "customers": [customer]})
        program = Program.objects.get(shopify_domain=made["shop"])
        shop = AShop(program)
        with shop.scope():
            member = Member.objects.get()
            assert shop.balances(member, timezone.now()).available == stated["current_points"]
            told = refund(amount="20.00", order_id=5678901234)
            assert deliver(made["shop"], "refunds/create", told, webhook_id=made["shop"]).status_code == 200
            done = ReceivedWebhook.objects.filter(shop_domain=made["shop"], state="done")
            assert wait_until(done.exists, 20, pause=0.1)  # the worker's turn
            balances = shop.balances(member, timezone.now())
            assert (balances.available, balances.lifetime) == (after, lifetime)
        shop.assert_sound()

    def test_is_one_of_as_many_as_were_asked_for_in_their_order(self, stack, tmp_path):
        made = seed(tmp_path, SETUP, {"program": {"currency": "JPY"}})
        assert [each["currency"] for each in made] == ["USD", "JPY"]


class TestASetupThatCannotBeRead:
    @pytest.mark.parametrize("text", ["{", "5", '[{"rules": [{"id": "x"}]}]', '[{"nonsense": 1}]'])
    def test_makes_no_shop_and_says_so_in_a_sentence(self, stack, tmp_path, text):
        source = tmp_path / "setups.json"
        source.write_text(text)
        with pytest.raises(CommandError):
            call_command("seed_shop", source=str(source))

    def test_from_a_file_that_is_not_there(self, stack, tmp_path):
        with pytest.raises(CommandError):
            call_command("seed_shop", source=str(tmp_path / "none.json"))
