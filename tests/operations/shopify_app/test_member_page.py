"""A member's page: its lines are the ledger's entries, all of them, and each says why."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.models import Award
from loyalty.earning.operations import RuleTerms, adjust_points, change_rule, reject, undo
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry
from loyalty.rewards.models import Redemption, Reward
from loyalty.rewards.operations import begin, finish
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def everything_that_can_happen(shop):
    """A member with an entry of every kind that this version can make."""
    ada = shop.member(7001, points=500)
    account = Account.objects.get(member=ada)
    shop.give(ada, 40, expires_at=NOW + timedelta(days=1))
    shop.action(points=100)
    shop.action("slow", 30, approval_days=9)
    given, pending = shop.award("k1"), shop.award("k2", action="slow")
    reject(public_id=pending.public_id, now=NOW, reason="Not done")
    shop.award("k3", action="slow")
    undo(public_id=given.public_id, now=NOW)
    adjust_points(member=ada, points=-20, source="staff", now=NOW, note="Asked for it")
    bought, _ = begin(member=ada, reward_id=shop.reward(100, name="Tea for two").public_id, now=NOW, source="rest")
    finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)
    ledger.expire_due(now=NOW + timedelta(days=2))
    merged = shop.member(7002, points=11)
    ledger.merge_accounts(
        from_account_id=Account.objects.get(member=merged).pk, into_account_id=account.pk, key="m", now=NOW
    )
    return ada


class TestTheHistory:
    def test_adds_up_to_the_balance_over_all_pages(self, shop, staff):
        ada = everything_that_can_happen(shop)
        for number in range(25):
            shop.give(ada, number + 1)
        seen = []
        for page in (1, 2):
            seen += staff.get(f"/standalone/members/{ada.pk}?page={page}").context["history"]
        balances = shop.balances(ada, timezone.now())
        assert len(seen) == Entry.objects.filter(account__member=ada).count()
        assert sum(row.points for row in seen) == balances.available + balances.pending + balances.held - balances.debt

    def test_explains_each_kind_of_line(self, shop, staff):
        ada = everything_that_can_happen(shop)
        rows = staff.get(f"/standalone/members/{ada.pk}").context["history"]
        assert all(row.why for row in rows if row.status != "Earned")
        lines = {row.title: row for row in rows}
        assert {
            "Expired",
            "Tea for two",
            "Adjusted by hand",
            "Reversed: app_install",
            "Rejected: slow",
            "Merged",
        } <= set(lines)
        assert lines["Rejected: slow"].note == "Not done"
        assert lines["Adjusted by hand"].note == "Asked for it"
        assert "until" in lines["Expired"].why[0]

    def test_shows_points_that_are_past_their_end_as_gone(self, shop, staff):
        ada = shop.member(7001, points=10)
        shop.give(ada, 40, expires_at=NOW + timedelta(days=1))  # no job has marked them yet
        assert staff.get(f"/standalone/members/{ada.pk}").context["balances"].available == 10

    def test_names_a_reward_as_it_was_bought(self, shop, staff):
        ada = everything_that_can_happen(shop)
        Reward.objects.update(name="Renamed")
        (row,) = staff.get(f"/standalone/members/{ada.pk}").context["redemptions"]
        assert (row.name, Redemption.objects.count()) == ("Tea for two", 1)


class TestTryIt:
    def post(self, staff, rule, **data):
        return staff.post(f"/standalone/earning-rules/{rule.public_id}/try", {"customer": "7001", **data})

    def test_answers_with_a_fresh_form_so_that_the_next_try_is_a_new_one(self, shop, staff):
        rule = shop.action(points=100)
        shop.member(7001)
        first = self.post(staff, rule, once="a")
        key = first.context["try_form"]["once"].value()
        assert key != "a"
        assert first.context["try_form"]["customer"].value() == "7001"
        self.post(staff, rule, once=key)
        assert Award.objects.count() == 2

    def test_says_that_a_repeated_submission_is_a_replay(self, shop, staff):
        rule = shop.action(points=100)
        shop.member(7001)
        self.post(staff, rule, once="a")
        tried = self.post(staff, rule, once="a").context["tried"]
        assert '"replayed": true' in tried.answer
        assert "tried already" in tried.heading
        assert Award.objects.count() == 1

    def test_takes_back_only_what_staff_tried_with_this_rule(self, shop, staff):
        rule, other = shop.action(points=100), shop.action("other", 5)
        shop.member(7001)
        by_rest = shop.award("k")
        tried = self.post(staff, rule).context["tried"].award_id
        path = "/standalone/earning-rules/{}/undo/{}"
        assert staff.post(path.format(rule.public_id, by_rest.public_id)).status_code == 404
        assert staff.post(path.format(other.public_id, tried)).status_code == 404
        assert set(Award.objects.values_list("status", flat=True)) == {"approved"}
        assert staff.post(path.format(rule.public_id, tried)).status_code == 303
        assert Award.objects.get(public_id=tried).status == "rejected"


class TestCallsWithoutAward:
    def test_say_which_of_the_reasons_it_was(self, shop, staff):
        shop.member(7001)
        shop.action("off", is_active=False)
        secret = shop.key()
        for action, who in (("off", "7001"), ("no_such", "7001"), ("off", "7999")):
            body = {"action_key": action, "customer_id": who}
            answer = Client().post(
                "/v1/actions", body, content_type="application/json", headers={"Authorization": secret}
            )
            assert answer.json()["errors"][0]["detail"].endswith("not found")
        shop.action("on")
        shop.set(is_enabled=False)
        body = {"action_key": "on", "customer_id": "7001"}
        Client().post("/v1/actions", body, content_type="application/json", headers={"Authorization": secret})
        shown = [call.sentence for call in staff.get("/standalone/earning-rules/calls").context["rows"]]
        assert shown == [
            "The programme is switched off.", "The customer is not a member of the programme.", "No action has this key.",
            "The action is switched off.",
        ]  # fmt: skip

    def test_under_an_old_key_belong_to_the_action(self, shop, staff):
        rule = shop.action("old", is_active=False)
        change_rule(
            public_id=rule.public_id, now=NOW,
            terms=RuleTerms(name="old", points=100, action_key="new", frequency="unlimited", is_active=False),
        )  # fmt: skip
        shop.member(7001)
        body = {"action_key": "old", "customer_id": "7001"}
        Client().post("/v1/actions", body, content_type="application/json", headers={"Authorization": shop.key()})
        page = staff.get(f"/standalone/earning-rules/{rule.public_id}").context
        assert [call.action_key for call in page["calls"]] == ["old"]
        assert {row.key: row.last_called_at is not None for row in page["keys"]} == {"new": False, "old": True}
