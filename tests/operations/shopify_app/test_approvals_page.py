"""Approvals: what waits is listed with the next due first, and decided singly or in bulk."""

from datetime import timedelta

import pytest
from django.test import Client

from loyalty.earning.models import Award
from loyalty.earning.operations import approve, set_excluded
from loyalty.earning.tasks import decide_all
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/approvals"


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    made.action(points=100, approval_days=9)
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def three(shop):
    """Three members with a pending award each; the last earned is due first."""
    members = [shop.member(7001 + n) for n in range(3)]
    awards = [shop.award(customer=7001 + n, now=NOW - timedelta(days=n)).public_id for n in range(3)]
    return members, awards


def statuses():
    return list(Award.objects.order_by("pk").values_list("status", flat=True))


class TestThePage:
    def test_lists_what_waits_the_next_due_first(self, shop, staff):
        _, awards = three(shop)
        assert [row.public_id for row in staff.get(PAGE).context["rows"]] == awards[::-1]

    def test_says_of_an_excluded_member_that_the_exclusion_must_end(self, shop, staff):
        members, _ = three(shop)
        set_excluded(member_id=members[0].pk, excluded=True, now=NOW)
        assert staff.get(PAGE).content.decode().count("When the exclusion ends") == 1

    def test_says_that_nothing_waits(self, staff):
        assert "Nothing waits" in staff.get(PAGE).content.decode()


class TestADecision:
    def test_approves_the_chosen_ones_and_no_other(self, shop, staff):
        members, awards = three(shop)
        staff.post(PAGE, {"award": awards[:2], "decision": "approve"})
        assert statuses() == ["approved", "approved", "pending"]
        assert [shop.balances(member).available for member in members] == [100, 100, 0]

    def test_rejects_with_a_reason(self, shop, staff):
        members, awards = three(shop)
        staff.post(PAGE, {"award": awards[1:], "decision": "reject", "reason": "Not done"})
        assert statuses() == ["pending", "rejected", "rejected"]
        assert set(Award.objects.filter(status="rejected").values_list("note", flat=True)) == {"Not done"}
        assert [shop.balances(member).pending for member in members] == [100, 0, 0]

    def test_that_cannot_be_carried_out_for_one_is_for_the_others(self, shop, staff):
        _, awards = three(shop)
        approve(public_id=awards[0], now=NOW)
        staff.post(PAGE, {"award": awards[:2], "decision": "reject"})
        assert statuses() == ["approved", "rejected", "pending"]
        assert "1 rejected. 1 could not be: " in staff.get(PAGE).content.decode()

    @pytest.mark.parametrize(
        "sent", [{"decision": "approve"}, {"award": "cer_x", "decision": "burn"}], ids=["no line", "no decision"]
    )
    def test_that_is_not_whole_changes_nothing(self, shop, staff, sent):
        three(shop)
        with shop.nothing_changes():
            assert staff.post(PAGE, sent).status_code == 422

    def test_about_another_shops_award_changes_nothing(self, shop, staff):
        other = AShop.new()
        other.member(7001)
        other.action(points=5, approval_days=1)
        theirs = other.award()
        with other.nothing_changes(), shop.nothing_changes():
            staff.post(PAGE, {"award": theirs.public_id, "decision": "approve"})


class TestTheFilters:
    def test_show_one_rule_or_one_member(self, shop, staff):
        _, awards = three(shop)
        rule = shop.action("survey", approval_days=3)
        survey = shop.award(action="survey").public_id
        for query, shown in [
            ({"rule": rule.public_id}, [survey]), ({"member": "7002@example.com"}, [awards[1]]),
            ({"member": "7003", "rule": rule.public_id}, []), ({"rule": "nonsense"}, [survey, *awards[::-1]]),
        ]:  # fmt: skip
            assert [row.public_id for row in staff.get(PAGE, query).context["rows"]] == shown


class TestADecisionAboutAll:
    def decide(self, staff, query="", **sent):
        answer = staff.post(f"{PAGE}{query}", {"decision": "approve", "everything": "on", **sent})
        decide_all()
        return answer

    def test_concerns_every_page(self, shop, staff):
        for number in range(30):
            shop.member(7001 + number)
            shop.award(customer=7001 + number)
        self.decide(staff)
        assert statuses() == ["approved"] * 30
        assert "30 approved." in staff.get(PAGE).content.decode()

    def test_rejects_with_a_reason_what_the_filters_show_and_nothing_else(self, shop, staff):
        three(shop)
        self.decide(staff, "?member=7002", decision="reject", reason="Not done")
        assert statuses() == ["pending", "rejected", "pending"]
        assert Award.objects.get(status="rejected").note == "Not done"

    def test_concerns_what_waited_when_it_was_made_and_no_later_award(self, shop, staff):
        three(shop)
        staff.post(PAGE, {"decision": "approve", "everything": "on"})
        shop.award(customer=7001)
        decide_all()
        assert statuses() == ["approved", "approved", "approved", "pending"]

    def test_is_refused_while_another_is_being_carried_out_and_its_repeat_is_not(self, shop, staff):
        three(shop)
        staff.post(PAGE, {"decision": "approve", "everything": "on"})
        assert staff.post(PAGE, {"decision": "approve", "everything": "on"}).status_code == 303
        answer = staff.post(PAGE, {"decision": "reject", "everything": "on"})
        assert (answer.status_code, "is being carried out" in answer.content.decode()) == (422, True)
        decide_all()
        assert statuses() == ["approved"] * 3

    def test_leaves_another_shop_alone(self, shop, staff):
        other = AShop.new()
        other.member(7001)
        other.action(points=5, approval_days=1)
        other.award()
        three(shop)
        with other.nothing_changes():
            self.decide(staff)
        assert statuses() == ["approved"] * 3
