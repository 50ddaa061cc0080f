"""Flow's steps for store credit: money, so each run moves it once, whatever becomes of the answer."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from flow_extensions.triggers.details import loyalty_details
from flow_extensions.triggers.registry import TRIGGERS
from loyalty.credits.models import Removal
from loyalty.earning.operations import set_excluded
from loyalty.outbox.models import Event
from loyalty.rewards.models import Redemption
from loyalty.rewards.tasks import follow_up
from shopify_app.shops.operations import install
from shopify_app.store_credit.account import debited
from tests.a_shop import AShop
from tests.contract.extensions import found
from tests.contract.graphql_values import faults
from tests.flow import send

pytestmark = pytest.mark.django_db(transaction=True)
ADA = {"customer_id": "7001", "reason": "Sorry for the delay"}
DEBIT = "storeCreditAccountDebit"


class CreditShop(AShop):
    """A shop whose customer has 10.00 of store credit."""

    def add(self, amount="10", run_id="credit-1"):
        return send(self, "add-store-credits", run_id, **ADA, storeCreditsToAdd=amount)

    def remove(self, amount="4", run_id="debit-1", **more):
        return send(self, "remove-store-credits", run_id, **{**ADA, "storeCreditsToRemove": amount, **more})

    def work(self):
        """What the worker does."""
        for redemption in Redemption.objects.filter(state="holding"):
            follow_up(program_id=self.program.pk, redemption_id=redemption.pk)

    def balance(self):
        found = self.sandbox.store(self.program.shopify_domain)["store_credit"]
        return sum(Decimal(each["balance"]) for each in found["accounts"])


@pytest.fixture
def shop(sandbox, transactional_db):
    customer = {
        "id": 7001,
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "L",
        "created_at": "2025-01-01T00:00:00Z",
    }
    domain = sandbox.new_store(customers=[customer])
    made = CreditShop(install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now()).program)
    made.sandbox = sandbox
    made.member(7001, email="ada@example.com", now=timezone.now())
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def rich(shop):
    shop.add()
    shop.work()
    assert shop.balance() == 10
    return shop


def value(answer):
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["return_value"]


class TestAdding:
    def test_is_on_the_account_once_and_in_the_members_history(self, shop):
        first = shop.add("7.50")
        told = value(first)
        assert (told["status"], told["credits"], told["currency"]) == ("added", 7.5, "USD")
        shop.work()
        assert shop.add("7.50").content == first.content
        shop.work()
        assert shop.balance() == Decimal("7.50")
        made = Redemption.objects.get()
        assert (made.public_id, made.state, made.reward) == (told["redemptionId"], "used", None)
        assert (made.terms["reward_name"], made.points_spent) == ("Sorry for the delay", 0)

    def test_tells_flow_of_credits_that_are_of_no_reward(self, rich):
        told = Event.objects.get(kind="reward.issued").payload
        assert TRIGGERS["loyalty-credits-earned"].case(told)
        own = TRIGGERS["loyalty-credits-earned"].properties(told)
        assert (own["Credits"], own["Redeem Rule ID"], own["Note"]) == (10.0, "", "Sorry for the delay")
        (shown,) = loyalty_details(member=rich.member(7001), now=timezone.now())["rewards"]
        assert (shown["pointRedeemRuleId"], shown["discountCode"], shown["status"]) == (0, "", "USED")

    def test_another_run_adds_again(self, rich):
        value(rich.add("1", "credit-2"))
        rich.work()
        assert rich.balance() == 11

    def test_whose_answer_is_lost_is_not_added_twice(self, shop):
        shop.sandbox.faults(shop.program.shopify_domain, lose_answers=1, only="storeCreditAccountCredit")
        shop.add()
        for _ in range(3):
            shop.work()
        assert shop.balance() == 10

    @pytest.mark.parametrize(
        ("amount", "status", "sentence"),
        [
            ("0", 400, "Store credits to add must be above 0 and at most 1,000,000."),
            ("-1", 400, "Store credits to add must be above 0 and at most 1,000,000."),
            ("much", 400, "Store credits to add must be an amount, such as 5.00, not 'much'."),
            ("1.005", 400, "Store credits to add has more decimal places than USD."),
            ("", 400, "Store credits to add is missing: fill it in the workflow step."),
        ],
    )
    def test_of_what_is_no_amount_is_refused(self, shop, amount, status, sentence):
        answer = shop.add(amount)
        assert (answer.status_code, answer.content.decode()) == (status, sentence)
        assert not Redemption.objects.exists()

    def test_while_the_programme_is_off_is_refused(self, shop):
        shop.set(is_enabled=False)
        answer = shop.add()
        assert (answer.status_code, answer.content) == (422, b"The loyalty program is switched off.")


class TestRemoving:
    def test_takes_it_once_and_says_what_is_left(self, rich):
        first = rich.remove("4")
        (extension,) = (each for each in found("actions") if each.handle == "remove-store-credits")
        assert faults(extension.schema().type_map["RemovedStoreCredits"], value(first)) == []
        assert value(first) == {"status": "removed", "credits": 4.0, "currency": "USD", "balance": 6.0}
        assert rich.remove("4").content == first.content
        assert rich.balance() == 6
        assert value(rich.remove("6", "debit-2"))["balance"] == 0.0
        assert rich.balance() == 0

    def test_of_more_than_there_is_is_refused_with_the_balance(self, rich):
        answer = rich.remove("10.01")
        assert (answer.status_code, answer.content.decode()) == (
            422, "The customer has 10.00 USD of store credit, and 10.01 USD were to be removed.",
        )  # fmt: skip
        assert rich.balance() == 10
        rich.add("5", "credit-2")
        rich.work()
        assert value(rich.remove("10.01"))["balance"] == 4.99

    def test_whose_answer_is_lost_is_found_and_not_taken_twice(self, rich):
        rich.sandbox.faults(rich.program.shopify_domain, lose_answers=1, only=DEBIT)
        assert rich.remove("4").status_code == 503
        assert (rich.balance(), Removal.objects.get().state) == (6, "sent")
        assert value(rich.remove("4")) == {"status": "removed", "credits": 4.0, "currency": "USD", "balance": 6.0}
        assert rich.balance() == 6

    def test_that_was_never_made_is_made_once_that_is_certain(self, rich):
        rich.sandbox.faults(rich.program.shopify_domain, server_error=True, only=DEBIT)
        assert rich.remove("4").status_code == 503
        rich.sandbox.faults(rich.program.shopify_domain, server_error=False)
        if Removal.objects.get().state == "sent":
            assert rich.remove("4").status_code == 503  # it might still be on its way
            Removal.objects.update(deadline_at=timezone.now() - timedelta(seconds=61))
        assert value(rich.remove("4"))["balance"] == 6.0
        assert rich.balance() == 6

    def test_while_shopify_is_away_comes_back(self, rich):
        rich.sandbox.faults(rich.program.shopify_domain, down=True)
        answer = rich.remove("4")
        assert (answer.status_code, answer.content) == (503, b"Shopify has not confirmed it yet; try again.")
        assert Removal.objects.get().state == "wanted"
        rich.sandbox.faults(rich.program.shopify_domain, down=False)
        assert value(rich.remove("4"))["balance"] == 6.0

    def test_waits_for_another_one_of_the_member_that_is_not_settled(self, rich):
        rich.sandbox.faults(rich.program.shopify_domain, lose_answers=1, only=DEBIT)
        assert rich.remove("4").status_code == 503
        assert rich.remove("4", "debit-2").status_code == 503
        assert value(rich.remove("4"))["balance"] == 6.0
        assert value(rich.remove("4", "debit-2"))["balance"] == 2.0
        assert rich.balance() == 2

    def test_that_nobody_can_tell_waits_for_a_person(self, rich):
        rich.sandbox.faults(rich.program.shopify_domain, lose_answers=1, only=DEBIT)
        rich.remove("4")
        Removal.objects.update(state="done", occurrence="elsewhere")  # as if another app had taken the same amount
        rich.sandbox.faults(rich.program.shopify_domain, lose_answers=1, only=DEBIT)
        rich.remove("4", "debit-2")
        mine = Removal.objects.get(state="sent")
        Removal.objects.filter(pk=mine.pk).update(known=[])
        answer = rich.remove("4", "debit-2")
        assert (answer.status_code, answer.content.decode()[:45]) == (
            422,
            "It is not certain whether the store credit wa",
        )
        assert rich.remove("4", "debit-2").status_code == 422
        assert rich.balance() == 2

    def test_under_a_run_that_removed_something_else_is_refused(self, rich):
        rich.remove("4")
        assert rich.remove("5").status_code == 409
        assert rich.balance() == 6

    def test_of_who_is_no_member_is_refused(self, rich):
        assert rich.remove(customer_id="9").status_code == 404
        assert not Removal.objects.exists()

    def test_of_who_takes_no_part_is_refused_and_a_repeat_of_an_earlier_one_is_answered(self, rich):
        first = rich.remove("4")
        set_excluded(member_id=rich.member(7001).pk, excluded=True, now=timezone.now(), reason="staff")
        assert rich.remove("4").content == first.content
        assert rich.remove("4", "debit-2").status_code == 403
        assert rich.balance() == 6

    def test_is_not_mistaken_for_what_the_customer_has_spent(self):
        spent = {
            "__typename": "StoreCreditAccountDebitTransaction",
            "id": "1",
            "amount": {"amount": "-4.0", "currencyCode": "USD"},
        }
        assert debited({**spent, "event": "ORDER_PAYMENT"}) is None
        taken = debited({**spent, "event": "ADJUSTMENT"})
        assert taken is not None
        assert taken.amount == 4
