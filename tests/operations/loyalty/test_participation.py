"""Who takes part: staff, a tag in the shop, or the customer's own word decide, and none undoes another's decision."""

import pytest

from loyalty.earning.operations import enrol, exclude_by_tags, follow_tags, set_excluded
from loyalty.errors import InvalidField
from loyalty.ledger.models import Entry
from loyalty.members.errors import CustomerExcluded
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Event
from loyalty.programs.models import Program
from tests.a_shop import NOW

pytestmark = pytest.mark.django_db
By = Member.ExcludedBy


@pytest.fixture
def ada(shop):
    shop.set(excluded_tags=["Wholesale", "staff"])
    return shop.member(7001, points=50)


def state(member):
    member.refresh_from_db()
    return member.status, member.excluded_by, member.exclusion_reason


class TestATagThatExcludes:
    def test_says_which_it_is_whatever_its_spelling(self, shop, ada):
        follow_tags(member_id=ada.pk, tags=["vip", "WHOLESALE"], now=NOW)
        assert state(ada) == ("excluded", "tag", "Wholesale")
        assert (ada.tags, shop.balances(ada).available) == (["WHOLESALE", "vip"], 50)
        shop.action()
        with shop.nothing_changes(), pytest.raises(CustomerExcluded):
            shop.award()
        with shop.nothing_changes():
            follow_tags(member_id=ada.pk, tags=["vip", "WHOLESALE"], now=NOW)
        assert Event.objects.filter(kind="member.changed").count() == 1

    def test_ends_with_the_tag(self, shop, ada):
        follow_tags(member_id=ada.pk, tags=["staff"], now=NOW)
        follow_tags(member_id=ada.pk, tags=["wholesale"], now=NOW)
        assert state(ada) == ("excluded", "tag", "Wholesale")
        follow_tags(member_id=ada.pk, tags=["vip"], now=NOW)
        assert state(ada) == ("member", "", "")

    @pytest.mark.parametrize("by", [By.STAFF, By.CUSTOMER])
    def test_ends_nothing_that_somebody_decided(self, shop, ada, by):
        set_excluded(member_id=ada.pk, excluded=True, now=NOW, reason="asked", by=by)
        follow_tags(member_id=ada.pk, tags=["staff"], now=NOW)
        follow_tags(member_id=ada.pk, tags=[], now=NOW)
        assert state(ada) == ("excluded", by, "asked")

    def test_gives_way_to_somebodys_decision(self, shop, ada):
        follow_tags(member_id=ada.pk, tags=["staff"], now=NOW)
        set_excluded(member_id=ada.pk, excluded=True, now=NOW, reason="opted out", by=By.CUSTOMER)
        follow_tags(member_id=ada.pk, tags=[], now=NOW)
        assert state(ada) == ("excluded", "customer", "opted out")
        assert Event.objects.filter(kind="member.changed").count() == 1

    def test_keeps_a_new_member_from_earning(self, shop):
        shop.set(excluded_tags=["staff"])
        shop.rule("signup", points=50)
        customer = Customer(7009, "bob@example.com", None, None, NOW.replace(year=2027), tags=("Staff",))
        member, _ = enrol(program=shop.program, customer=customer, now=NOW, source="test")
        assert state(member) == ("excluded", "tag", "staff")
        assert (member.tags, Entry.objects.count()) == (["Staff"], 0)


class TestChangingWhichTagsExclude:
    def test_judges_everybody_it_concerns(self, shop, ada):
        bob, cid = shop.member(7002), shop.member(7003)
        follow_tags(member_id=ada.pk, tags=["staff"], now=NOW)
        follow_tags(member_id=bob.pk, tags=["Press"], now=NOW)
        set_excluded(member_id=cid.pk, excluded=True, now=NOW)
        exclude_by_tags(program_id=shop.program.pk, tags=[" press ", "PRESS"], now=NOW)
        assert [state(member)[:2] for member in (ada, bob, cid)] == [
            ("member", ""), ("excluded", "tag"), ("excluded", "staff"),
        ]  # fmt: skip
        assert Program.objects.get(pk=shop.program.pk).excluded_tags == ["PRESS"]

    @pytest.mark.parametrize("tags", [[""], ["x" * 256], [str(n) for n in range(251)]])
    def test_refuses_what_is_no_tag(self, shop, ada, tags):
        with shop.nothing_changes(), pytest.raises(InvalidField):
            exclude_by_tags(program_id=shop.program.pk, tags=tags, now=NOW)
        assert Program.objects.get(pk=shop.program.pk).excluded_tags == ["Wholesale", "staff"]
