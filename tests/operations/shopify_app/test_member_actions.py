"""What staff do about a member: a tier by hand, two customers made one, and a person forgotten."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.ledger.audit import audit
from loyalty.members.models import Member
from loyalty.outbox.models import Event
from loyalty.tiers.models import TierMembership
from loyalty.tiers.operations import create_tier, requalify
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


@pytest.fixture
def ladder(shop):
    tiers = [("Bronze", 0), ("Gold", 1000)]
    return {
        name: create_tier(program=shop.program, name=name, threshold=at, multiplier=Decimal(1), now=NOW)
        for name, at in tiers
    }


@pytest.fixture
def ada(shop, ladder):
    member = shop.member(7001, points=10)
    requalify(member_id=member.pk, now=NOW)
    return member


def standing(member):
    found = TierMembership.objects.select_related("tier").get(member=member)
    return found.tier.name, found.is_locked


class TestATierByHand:
    def assign(self, staff, member, **posted):
        return staff.post(f"/standalone/members/{member.pk}/tier", posted)

    def test_is_given_and_kept_when_asked(self, staff, ada, ladder):
        self.assign(staff, ada, tier=ladder["Gold"].public_id, lock="on", reason="A friend")
        assert standing(ada) == ("Gold", True)
        assert Event.objects.filter(kind="tier.changed").latest("pk").payload["note"] == "A friend"

    def test_is_given_without_keeping_it(self, staff, ada, ladder):
        self.assign(staff, ada, tier=ladder["Gold"].public_id)
        assert standing(ada) == ("Gold", False)

    def test_is_left_to_the_rules_again(self, staff, ada, ladder):
        self.assign(staff, ada, tier=ladder["Gold"].public_id, lock="on")
        self.assign(staff, ada, tier="")
        assert standing(ada)[1] is False

    def test_of_another_shop_is_refused(self, staff, ada):
        before = standing(ada)
        answer = self.assign(staff, ada, tier="tier_nobodys", lock="on")
        assert answer.status_code == 303 and standing(ada) == before


class TestMerging:
    @pytest.fixture
    def twin(self, shop, ada):
        return shop.member(7002, points=40)

    def test_shows_beforehand_and_changes_nothing(self, shop, staff, ada, twin):
        text = staff.get(f"/standalone/members/{ada.pk}/merge?other={twin.shopify_customer_id}").content.decode()
        assert "50 points" in text and "Merge them" in text
        assert shop.balances(ada, timezone.now()).available == 10

    def test_moves_everything_once(self, shop, staff, ada, twin):
        for _ in range(2):
            staff.post(f"/standalone/members/{ada.pk}/merge", {"other": twin.shopify_customer_id})
        assert shop.balances(ada, timezone.now()).available == 50
        assert Member.objects.get(pk=twin.pk).merged_into_id == ada.pk
        assert audit(program_id=shop.program.pk) == []

    @pytest.mark.parametrize("other", ["nobody@example.com", "7001", ""])
    def test_needs_somebody_else_who_is_a_member(self, shop, staff, ada, twin, other):
        answer = staff.post(f"/standalone/members/{ada.pk}/merge", {"other": other})
        assert answer.status_code == 422
        assert shop.balances(ada, timezone.now()).available == 10
        assert Member.objects.get(pk=twin.pk).merged_into_id is None


class TestForgetting:
    def test_needs_a_yes(self, staff, ada):
        staff.post(f"/standalone/members/{ada.pk}/forget", {})
        assert Member.objects.get(pk=ada.pk).redacted_at is None

    def test_leaves_the_figures_under_nobodys_name(self, shop, staff, ada):
        staff.post(f"/standalone/members/{ada.pk}/forget", {"is_confirmed": "on"})
        forgotten = Member.objects.get(pk=ada.pk)
        assert forgotten.redacted_at is not None and forgotten.email is None
        assert audit(program_id=shop.program.pk) == []
        assert staff.get(f"/standalone/members/{ada.pk}").status_code == 404
