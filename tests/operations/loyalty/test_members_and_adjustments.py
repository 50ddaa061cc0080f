"""Becoming a member, taking part or not, and points moved by hand."""

from datetime import date, timedelta

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points, enrol, set_excluded
from loyalty.errors import IdempotencyKeyReused, InvalidField
from loyalty.ledger.models import Lot
from loyalty.members import queries
from loyalty.members.errors import CustomerExcluded, CustomerNotFound
from loyalty.members.models import Member
from loyalty.members.operations import redact, update_identity, update_profile
from loyalty.members.ports import Customer
from tests.a_shop import NOW

ADA = Customer(7001, " Ada@Example.com ", "Ada", "", NOW)


def adjust(member, points, **more):
    return adjust_points(member=member, points=points, source="rest", now=NOW, **more)


class TestEnrolling:
    def test_stores_the_customer_once_with_an_empty_account_on_the_lowest_tier(self, shop):
        shop.tier("Member", 0)
        shop.tier("Gold", 100)
        member, is_new = enrol(program=shop.program, customer=ADA, now=NOW, source="rest")
        assert (is_new, member.email, member.last_name) == (True, "ada@example.com", None)
        assert (shop.balances(member).available, member.tier_membership.tier.name) == (0, "Member")
        with shop.nothing_changes():
            again, is_new = enrol(program=shop.program, customer=ADA, now=NOW, source="rest")
        assert (again.pk, is_new) == (member.pk, False)

    def test_brings_sign_up_points_to_an_account_newer_than_the_rule(self, shop):
        shop.rule("signup", 100, now=NOW - timedelta(days=1))
        member, _ = enrol(program=shop.program, customer=ADA, now=NOW, source="rest")
        assert shop.balances(member).available == 100

    def test_brings_none_to_an_older_account_nor_while_the_programme_is_off(self, shop):
        shop.rule("signup", 100, now=NOW)
        older, _ = enrol(program=shop.program, customer=ADA, now=NOW, source="rest")
        shop.set(is_enabled=False)
        newer = Customer(7002, None, None, None, NOW + timedelta(days=1))
        off, _ = enrol(program=shop.program, customer=newer, now=NOW, source="rest")
        assert shop.balances(older).available == shop.balances(off).available == 0


class TestFindingAMember:
    @pytest.mark.parametrize(
        "identifier", ["7001", " 7001 ", "gid://shopify/Customer/7001", "ada@example.com", "ADA@example.com"]
    )
    def test_takes_an_id_an_address_or_a_gid(self, shop, identifier):
        member = shop.member(7001, email="ada@example.com")
        assert queries.member(identifier=identifier).pk == member.pk

    @pytest.mark.parametrize("identifier", ["7002", "", "ada", "1" * 19, "٣", "eve@example.com", "-1"])
    def test_finds_nobody_by_anything_else(self, shop, identifier):
        shop.member(7001, email="ada@example.com")
        with pytest.raises(CustomerNotFound):
            queries.member(identifier=identifier)

    def test_finds_nobody_once_they_were_redacted(self, shop):
        shop.member(7001, points=50, email="ada@example.com")
        assert redact(shopify_customer_id=7001, now=NOW)
        for identifier in ("7001", "ada@example.com"):
            with pytest.raises(CustomerNotFound):
                queries.member(identifier=identifier)
        assert not redact(shopify_customer_id=7001, now=NOW)
        assert Member.objects.get().email is None


class TestAProfile:
    def test_is_changed_where_something_is_given_and_cleared_by_none(self, shop):
        member = shop.member(7001)
        update_profile(member_id=member.pk, date_of_birth=date(1990, 5, 15), anniversary_date=date(2020, 1, 1), now=NOW)
        changed = update_profile(member_id=member.pk, date_of_birth=None, now=NOW)
        assert (changed.date_of_birth, changed.anniversary_date) == (None, date(2020, 1, 1))

    def test_has_no_birthday_in_the_future(self, shop):
        member = shop.member(7001)
        with pytest.raises(InvalidField):
            update_profile(member_id=member.pk, date_of_birth=date(2026, 3, 2), now=NOW)

    def test_follows_the_shop_and_tells_of_a_change_only(self, shop):
        shop.member(7001)
        names = {"email": "New@example.com", "first_name": "Ada", "last_name": "King"}
        assert update_identity(shopify_customer_id=7001, now=NOW, **names).email == "new@example.com"
        with shop.nothing_changes():
            update_identity(shopify_customer_id=7001, now=NOW, **names)
            assert update_identity(shopify_customer_id=9, now=NOW, **names) is None
        assert shop.kinds() == ["member.changed"]


class TestExclusion:
    def test_is_told_once_and_keeps_the_balance_visible(self, shop):
        member = shop.member(7001, points=50)
        set_excluded(member_id=member.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            set_excluded(member_id=member.pk, excluded=True, now=NOW)
        assert (shop.balances(member).available, shop.kinds()) == (50, ["member.changed"])


class TestAnAdjustment:
    @pytest.fixture
    def ada(self, shop):
        return shop.member(7001, points=100)

    def test_adds_points_with_a_line_in_the_history_and_no_multiplier(self, shop, ada):
        shop.tier("Gold", 0, "2")
        done = adjust(ada, 50, note="Sorry", actor="API key Till")
        assert (done.points_before, done.points_after) == (100, 150)
        line = Award.objects.get(public_id=done.award_id)
        assert (line.action, line.points, line.note, line.is_manual, line.rule) == ("manual", 50, "Sorry", True, None)
        assert shop.kinds() == ["points.earned"]

    def test_deducts_and_stops_at_zero(self, shop, ada):
        done = adjust(ada, -130)
        assert (done.points_before, done.points_after) == (100, 0)
        assert (shop.balances(ada).lifetime, Award.objects.get().points, shop.kinds()) == (0, -100, ["points.deducted"])

    def test_of_nothing_that_is_there_writes_a_line_and_moves_nothing(self, shop, ada):
        adjust(ada, -100)
        done = adjust(ada, -5, key="k")
        assert (done.points_before, done.points_after) == (0, 0)
        shop.give(ada, 50)
        with shop.nothing_changes():
            assert adjust(ada, -5, key="k").replayed

    def test_may_leave_the_lifetime_alone(self, shop, ada):
        adjust(ada, 50, update_lifetime=False)
        adjust(ada, -20, update_lifetime=False)
        assert (shop.balances(ada).available, shop.balances(ada).lifetime) == (130, 100)

    def test_moves_the_tier(self, shop):
        shop.tier("Member", 0)
        shop.tier("Gold", 100)
        ada = shop.member(7001)
        adjust(ada, 100)
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Gold"
        adjust(ada, -1)
        ada.refresh_from_db()
        assert ada.tier_membership.tier.name == "Member"

    def test_works_while_the_programme_is_off(self, shop, ada):
        shop.set(is_enabled=False)
        assert adjust(ada, 5).points_after == 105

    def test_gives_points_that_expire_like_earned_ones(self, shop, ada):
        shop.set(points_expiry_enabled=True, points_expiry_days=10)
        adjust(Member.objects.select_related("program").get(pk=ada.pk), 5)
        assert Lot.objects.get(points=5).expires_at == (NOW + timedelta(days=11)).replace(hour=0)

    def test_of_points_past_their_end_counts_from_what_is_left(self, shop):
        ada = shop.member(7001)
        shop.give(ada, 100, now=NOW - timedelta(days=2), expires_at=NOW - timedelta(days=1))
        done = adjust(ada, 5)
        assert (done.points_before, done.points_after) == (0, 5)

    def test_under_the_same_key_returns_the_first_result_whatever_came_since(self, shop, ada):
        first = adjust(ada, -60, key="k", note="n")
        adjust(ada, -40)
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        with shop.nothing_changes():
            again = adjust(ada, -60, key="k", note="n")
        assert (again.points_before, again.points_after, again.replayed) == (100, 40, True)
        assert again.award_id == first.award_id

    @pytest.mark.parametrize("other", [{"points": 6}, {"note": "m"}, {"update_lifetime": False}])
    def test_under_the_same_key_for_another_request_is_refused(self, shop, ada, other):
        adjust(ada, 5, key="k")
        with shop.nothing_changes(), pytest.raises(IdempotencyKeyReused):
            adjust(ada, **{"points": 5, "key": "k", **other})

    @pytest.mark.parametrize("points", [0, 1_000_000_001, -1_000_000_001])
    def test_of_an_impossible_number_is_refused(self, shop, ada, points):
        with shop.nothing_changes(), pytest.raises(InvalidField):
            adjust(ada, points)

    def test_of_an_excluded_member_is_refused(self, shop, ada):
        set_excluded(member_id=ada.pk, excluded=True, now=NOW)
        for points in (5, -5):
            with shop.nothing_changes(), pytest.raises(CustomerExcluded):
                adjust(ada, points)
