"""Store credit for points: given once, whatever becomes of the call, or the points are back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from django_scopes import scope

from loyalty.errors import InvalidField
from loyalty.rewards import queries
from loyalty.rewards.errors import NotUnclear
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import Choice, begin, decide_credit, fail, issue, settle_credit
from loyalty.rewards.operations.crediting import _terms, claim_credit, note_sending
from loyalty.rewards.ports import store_credit
from tests.a_shop import AShop
from tests.conftest import CUSTOMER

pytestmark = pytest.mark.django_db
CREDIT = {"discount_type": "store_credit", "name": "$5 store credit"}
MUTATION = "storeCreditAccountCredit"
AFTER = timedelta(seconds=6 + 60)


@pytest.fixture
def shop(installed_shop):
    made = AShop(installed_shop.program)
    with scope(program=made.program):
        made.member(CUSTOMER["id"], points=1000, now=timezone.now())
        yield made
        made.assert_sound()


def start(shop, reward=None, **choice):
    reward = reward or shop.reward(100, **CREDIT)
    member = shop.member(CUSTOMER["id"])
    made, _ = begin(
        member=member, reward_id=reward.public_id, now=timezone.now(), source="rest", choice=Choice(**choice)
    )
    return made


def work(redemption, now=None):
    again = issue(redemption_id=redemption.pk, now=now or timezone.now())
    redemption.refresh_from_db()
    return again


def account(sandbox, shop):
    found = sandbox.store(shop.program.shopify_domain)["store_credit"]
    return [Decimal(each["balance"]) for each in found["accounts"]], found["transactions"]


def points(shop):
    stands = shop.balances(shop.member(CUSTOMER["id"]), timezone.now())
    return stands.available, stands.held, stands.redeemed


class TestStoreCredit:
    def test_is_on_the_customers_account_and_used_at_once(self, shop, sandbox):
        bought = start(shop)
        assert not work(bought)
        assert (bought.state, bought.code, bought.used_at is not None) == ("used", None, True)
        balances, (given,) = account(sandbox, shop)
        assert (balances, given["expires_at"]) == ([5], None)
        assert bought.discount_gid.endswith(f"/{given['id']}")
        assert points(shop) == (900, 0, 100)
        assert shop.kinds()[-1] == "points.redeemed"

    def test_of_a_flexible_reward_is_what_the_points_are_worth(self, shop, sandbox):
        terms = {
            "discount_amount": None,
            "redemption_type": "flexible",
            "amount_per_point": Decimal("0.05"),
            "max_points": 500,
        }
        work(start(shop, shop.reward(100, **CREDIT | terms), points=321))
        assert account(sandbox, shop)[0] == [Decimal("16.05")]
        assert points(shop) == (679, 0, 321)

    def test_ends_when_its_days_are_over(self, shop, sandbox):
        bought = start(shop, shop.reward(100, **CREDIT, expiry_days=30))
        work(bought)
        assert account(sandbox, shop)[1][0]["expires_at"] == bought.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_gives_more_where_only_the_amount_differs(self, shop, sandbox):
        work(start(shop, shop.reward(100, **CREDIT, discount_amount=Decimal("7.25"))))
        assert account(sandbox, shop)[0] == [Decimal("7.25")]

    def test_keeps_no_terms_of_codes_and_needs_an_amount(self, shop):
        kept = shop.reward(
            100, **CREDIT, minimum_spend=Decimal(20), combines_with_order=True, reactivates_on_refund=True
        )
        assert (kept.minimum_spend, kept.combines_with_order, kept.reactivates_on_refund) == (None, False, False)
        with shop.nothing_changes(), pytest.raises(InvalidField):
            shop.reward(100, **CREDIT, discount_amount=None)

    def test_worked_twice_is_given_once(self, shop, sandbox):
        bought = start(shop)
        for _ in range(3):
            work(bought)
        assert len(account(sandbox, shop)[1]) == 1


class TestAnAnswerThatIsLost:
    def test_is_found_on_the_account_and_not_sent_again(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, lose_answers=1, only=MUTATION)
        bought = start(shop)
        work(bought)
        assert (bought.state, points(shop)) == ("used", (900, 0, 100))
        assert account(sandbox, shop)[0] == [5]

    def test_is_told_from_an_earlier_credit_of_the_same_amount(self, shop, sandbox):
        first, reward = start(shop), shop.reward(100, **CREDIT)
        work(first)
        sandbox.faults(shop.program.shopify_domain, server_error=1, only=MUTATION)  # nothing is done
        second = start(shop, reward)
        work(second)
        assert (second.state, second.credit_state) == ("holding", "sent")
        fail(redemption_id=second.pk, reason="too late", now=timezone.now())  # who waited gives up
        assert points(shop) == (800, 100, 100)  # held until it is known
        settle_credit(redemption_id=second.pk, now=timezone.now() + AFTER)
        second.refresh_from_db()
        assert (second.state, points(shop)) == ("failed", (900, 0, 100))
        assert account(sandbox, shop)[0] == [5]

    def test_while_shopify_is_down_keeps_the_points_held_and_counts_once_in_the_end(self, shop, sandbox):
        bought = start(shop)
        assert claim_credit(redemption_id=bought.pk, now=timezone.now())
        assert note_sending(redemption_id=bought.pk, known=[], deadline_at=bought.deadline_at, now=timezone.now())
        store_credit().give(_terms(bought, bought.deadline_at))  # and here the worker died
        sandbox.faults(shop.program.shopify_domain, down=True)
        later = timezone.now() + AFTER
        assert queries.overdue(now=later) == []
        assert queries.credits_to_settle(now=later) == [bought.pk]
        settle_credit(redemption_id=bought.pk, now=later)
        assert points(shop) == (900, 100, 0)
        sandbox.faults(shop.program.shopify_domain, down=False)
        settle_credit(redemption_id=bought.pk, now=later)
        work(bought)
        assert (bought.state, points(shop), account(sandbox, shop)[0]) == ("used", (900, 0, 100), [5])

    def test_beside_another_that_fits_is_left_to_the_merchant(self, shop, sandbox):
        for was_given, end, stands in ((True, "used", (900, 0, 100)), (False, "failed", (900, 0, 100))):
            bought = start(shop)
            claim_credit(redemption_id=bought.pk, now=timezone.now())
            shown = store_credit().credits(_terms(bought, bought.deadline_at)).credits
            known = [each.reference for each in shown]
            note_sending(redemption_id=bought.pk, known=known, deadline_at=bought.deadline_at, now=timezone.now())
            for _ in range(2):  # ours, and one that the merchant gave by hand in the same seconds
                store_credit().give(_terms(bought, bought.deadline_at))
            settle_credit(redemption_id=bought.pk, now=timezone.now() + AFTER)
            assert list(queries.unclear_credits_of(member_id=bought.member_id)) == [bought]
            decide_credit(redemption_id=bought.pk, was_given=was_given, now=timezone.now())
            bought.refresh_from_db()
            assert (bought.state, points(shop)) == (end, stands)
            with shop.nothing_changes(), pytest.raises(NotUnclear):
                decide_credit(redemption_id=bought.pk, was_given=True, now=timezone.now())


class TestShopifyInTrouble:
    def test_before_anything_was_sent_is_tried_again(self, shop, sandbox):
        sandbox.faults(shop.program.shopify_domain, down="closed")
        bought = start(shop)
        assert work(bought)
        sandbox.faults(shop.program.shopify_domain, down=False)
        assert not work(bought)
        assert (bought.state, account(sandbox, shop)[0]) == ("used", [5])

    def test_refusing_returns_the_points_at_once(self, shop, sandbox):
        bought = start(shop, shop.reward(100, **CREDIT, discount_amount=Decimal(20_000)))  # beyond Shopify's limit
        assert not work(bought)
        assert (bought.state, bought.code_needs_removal, points(shop)) == ("failed", False, (1000, 0, 0))
        assert "limit" in bought.failure

    def test_past_the_deadline_sends_nothing_and_returns_the_points(self, shop, sandbox):
        bought = start(shop)
        assert not work(bought, timezone.now() + timedelta(seconds=7))
        fail(redemption_id=bought.pk, reason="too late", now=timezone.now())
        assert not work(bought)
        assert (points(shop), account(sandbox, shop)) == ((1000, 0, 0), ([], []))


class TestTwoAtOnce:
    def test_of_one_member_go_one_after_the_other(self, shop, sandbox):
        first, second = start(shop), start(shop)
        assert claim_credit(redemption_id=first.pk, now=timezone.now())
        assert work(second)  # comes back: the first must be told apart
        assert second.state == "holding"
        Redemption.objects.filter(pk=first.pk).update(credit_state="")
        for each in (first, second):
            work(each)
        assert (account(sandbox, shop)[0], points(shop)) == ([10], (800, 0, 200))
