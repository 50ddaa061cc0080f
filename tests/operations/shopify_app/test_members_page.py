"""The list of members: every filter finds exactly whom it names, alone and together with others, in the order asked for."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.operations import set_excluded
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.tiers.models import TierMembership
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/members"
EVERYBODY = ["Eve", "Dan", "Cleo", "Bob", "Anna"]


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def person(shop, number, name, **more):
    """A member who joined as many minutes after the first one as their number says."""
    member = shop.member(7000 + number, email=f"{name.lower()}@x.example", now=NOW + timedelta(minutes=number))
    Member.objects.filter(pk=member.pk).update(first_name=name, last_name="Ström", **more)
    return member


def owe(shop, member, points):
    """Earns, spends, and has it all taken back."""
    about = {"program_id": shop.program.pk, "account_id": Account.objects.get(member=member).pk, "points": points}
    earned = ledger.accrue(**about, key="owed", source="test", now=days_ago(40))
    held = ledger.hold(**about, key="owed", now=days_ago(20))
    ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key="spent", source="reward", now=days_ago(20))
    ledger.reverse(
        entry_id=earned.entry_id, points=points, key="taken", now=days_ago(10), shortfall=ledger.Shortfall.DEBT
    )


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    gold = made.tier("Gold", 1_000_000)
    with made.scope():
        anna = person(made, 1, "Anna", date_of_birth=date(1990, 5, 3), referral_code="ANNASCOD")
        bob = person(made, 2, "Bob", date_of_birth=date(1985, 12, 31))
        cleo, dan, eve = person(made, 3, "Cleo"), person(made, 4, "Dan"), person(made, 5, "Eve")
        made.give(anna, 500, now=days_ago(100))
        made.give(cleo, 50, now=days_ago(5))
        owe(made, eve, 100)
        set_excluded(member_id=bob.pk, excluded=True, now=NOW)
        made.test_mode("shadow", dan)
        TierMembership.objects.all().delete()
        TierMembership.objects.create(program=made.program, member=anna, tier=gold, reached_at=NOW)
        late = datetime(2026, 3, 5, 3, tzinfo=UTC)  # the 4th, in New York
        Member.objects.filter(pk=bob.pk).update(enrolled_at=late)
        other = AShop.new()
        with other.scope():
            person(other, 1, "Anna", date_of_birth=date(1990, 5, 3), status="excluded")
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def read(staff, query=""):
    answer = staff.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return answer


def listed(answer):
    """The first names in the list, as the page shows them."""
    return re.findall(r'<s-link id="member-\d+"[^>]*>(\w+) Ström<', answer.content.decode())


FILTERS = [
    ("", EVERYBODY),
    ("status=member", ["Eve", "Dan", "Cleo", "Anna"]),
    ("status=excluded", ["Bob"]),
    ("status=testing", ["Dan"]),
    ("tier=none", ["Eve", "Dan", "Cleo", "Bob"]),
    ("min=50", ["Cleo", "Anna"]),
    ("min=51&max=500", ["Anna"]),
    ("max=50", ["Eve", "Dan", "Cleo", "Bob"]),
    ("max=0", ["Eve", "Dan", "Bob"]),
    ("owes=1", ["Eve"]),
    ("activity=earned-7", ["Cleo"]),
    ("activity=earned-30", ["Cleo"]),
    ("activity=earned-90", ["Eve", "Cleo"]),
    ("activity=spent-7", []),
    ("activity=spent-30", ["Eve"]),
    ("activity=spent-90", ["Eve"]),
    ("activity=quiet-90", ["Dan", "Bob", "Anna"]),
    ("birthday=5", ["Anna"]),
    ("birthday=12", ["Bob"]),
    ("birthday=1", []),
    ("from=2026-03-04&until=2026-03-04", ["Bob"]),
    ("from=2026-03-05", []),
    ("until=2026-03-01", ["Eve", "Dan", "Cleo", "Anna"]),
    ("q=ann", ["Anna"]),
    ("q=ström+cle", ["Cleo"]),
    ("q=x.example", EVERYBODY),
    ("q=bob@x.example", ["Bob"]),
    ("q=BOB@X.example", ["Bob"]),
    ("q=7004", ["Dan"]),
    ("q=gid://shopify/Customer/7004", ["Dan"]),
    ("q=annascod", ["Anna"]),
    ("q=nobody", []),
    ("q=%00", EVERYBODY),
    ("status=member&min=1&activity=quiet-90&birthday=5&from=2026-03-01&tier=none", []),
    ("status=member&min=1&activity=quiet-90&birthday=5&from=2026-03-01&q=anna", ["Anna"]),
    ("status=x&tier=x&activity=x&birthday=13&min=-1&max=x&owes=2&from=x&until=x&sort=x&page=x", EVERYBODY),
]


class TestAFilter:
    def test_finds_exactly_those(self, staff):
        for query, expected in FILTERS:
            assert listed(read(staff, query)) == expected, query

    def test_by_tier_finds_who_stands_there(self, shop, staff):
        (gold,) = read(staff).context["tiers"]
        assert listed(read(staff, f"tier={gold.public_id}")) == ["Anna"]

    def test_is_taken_off_by_itself(self, staff):
        answer = read(staff, "status=member&min=50&birthday=5")
        chips = {chip.label: parse_qs(urlsplit(chip.url).query) for chip in answer.context["chips"]}
        assert chips == {
            "Taking part": {"min": ["50"], "birthday": ["5"]},
            "At least 50 points": {"status": ["member"], "birthday": ["5"]},
            "Birthday in May": {"status": ["member"], "min": ["50"]},
        }

    def test_of_a_test_is_found_by_what_was_no_test(self, shop, staff):
        dan = Member.objects.get(first_name="Dan")
        shop.give(dan, 5, now=days_ago(1))
        assert listed(read(staff, "activity=earned-7")) == ["Cleo"]


class TestTheOrder:
    @pytest.mark.parametrize(
        ("sort", "begins"),
        [
            ("balance", ["Anna", "Cleo"]),
            ("lifetime", ["Anna", "Cleo"]),
            ("name", ["Anna", "Bob", "Cleo", "Dan", "Eve"]),
        ],
    )
    def test_is_the_one_asked_for(self, staff, sort, begins):
        found = listed(read(staff, f"sort={sort}"))
        assert found[: len(begins)] == begins
        assert sorted(found) == sorted(EVERYBODY)

    def test_goes_with_a_filter(self, staff):
        assert listed(read(staff, "sort=name&status=member")) == ["Anna", "Cleo", "Dan", "Eve"]


class TestThePage:
    @pytest.mark.parametrize(
        "query", ["", "q=ann&status=member&tier=none&min=0&max=9&owes=1&activity=quiet-90&birthday=5&sort=balance"]
    )
    def test_asks_the_database_at_most_fifteen_times(self, staff, query, django_assert_max_num_queries):
        with django_assert_max_num_queries(15):
            read(staff, query)

    def test_leafs_with_the_filters_kept_and_tells_how_many_there_are(self, shop, staff):
        many(shop, 30)
        first = read(staff, "q=many")
        assert "30 members found" in first.content.decode()
        assert first.context["pager"].next == f"{PAGE}?q=many&page=2"
        assert len(read(staff, "q=many&page=2").context["rows"]) == 5

    def test_does_not_count_a_large_shop_to_its_end(self, shop, staff):
        many(shop, 1_001)
        assert "more than 1,000 members" in read(staff).content.decode()


def many(shop, number):
    """Members without a past."""
    Member.objects.bulk_create(
        Member(
            program=shop.program, shopify_customer_id=100_000 + each, email=f"many{each}@x.example",
            referral_code=f"many{each}", enrolled_at=NOW, created_at=NOW, updated_at=NOW,
        )
        for each in range(number)
    )  # fmt: skip
