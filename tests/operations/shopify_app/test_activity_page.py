"""The list of activity: what happened and by whom, by every filter; the other shop's never."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.earning.operations import adjust_points, approve
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account
from loyalty.members.models import Member
from loyalty.rewards.operations import begin, finish
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/activity"
LATE = datetime(2026, 3, 11, 3, tzinfo=UTC)  # the 10th, in New York


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        everything(made)
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    return logged_in()


def logged_in():
    client = Client()
    client.login(username="ada", password="ada")
    return client


def rest(shop, path, body):
    answer = Client().post(
        f"/v1/{path}", body, content_type="application/json", headers={"Authorization": shop.key("full")}
    )
    assert answer.status_code in (200, 201), answer.content


def everything(shop):
    """Movements that are told apart by their points, through every door."""
    now = timezone.now()
    ada = shop.member(7001, email="ada@x.example")
    shop.give(ada, 37, now=NOW, expires_at=NOW + timedelta(days=1))
    ledger.expire_due(now=LATE)
    for points in (101, 7, 17, 19, 23, 29):
        waits = {"approval_days": 9} if points in (19, 23, 29) else {}
        shop.action(f"a{points}", points, now=NOW, **waits)
    rest(shop, "actions", {"action_key": "a101", "customer_id": 7001})
    shop.award(action="a7", source="flow", now=now)
    shop.award(action="a17", source="order", now=now)
    shop.award(action="a19", now=now)
    approve(public_id=shop.award(action="a23", now=now).public_id, now=now)
    rejected = shop.award(action="a29", now=now).public_id
    client = logged_in()
    client.post("/standalone/approvals", {"award": rejected, "decision": "reject", "reason": "No"})
    client.post(f"/standalone/members/{ada.pk}/adjust", {"points": "11", "note": "Sorry"})
    rest(shop, "customers/7001/points", {"adjustment": -3})
    adjust_points(member=ada, points=13, source="flow", now=now, note="Flow says so")
    reward = shop.reward(31, now=NOW, name="Tea")
    bought, _ = begin(member=ada, reward_id=reward.public_id, now=now, source="storefront")
    finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=now)
    bob = shop.member(7002, email="bob@x.example")
    shop.give(bob, 41, now=NOW)
    ids = {"from_account_id": Account.objects.get(member=bob).pk, "into_account_id": Account.objects.get(member=ada).pk}
    ledger.merge_accounts(**ids, key="merge", now=now)
    cleo = shop.member(7003, email="cleo@x.example")
    shop.test_mode("shadow", cleo)
    adjust_points(member=cleo, points=43, source="staff", now=now, note="Try", actor="ada")
    other = AShop.new()
    with other.scope():
        adjust_points(member=other.member(7001), points=997, source="staff", now=now, actor="ada")


def points(staff, query=""):
    """The points of every line, of all pages, in no order."""
    found, page = [], 1
    while True:
        answer = staff.get(f"{PAGE}?{query}&page={page}")
        assert answer.status_code == 200
        found += [row.points for row in answer.context["rows"]]
        if not answer.context["pager"].next:
            return sorted(found)
        page += 1


EVERYTHING = sorted([37, -37, 101, 7, 17, 19, 23, 29, -29, 11, -3, 13, -31, 41, -41, 41, 43])


FILTERS = [
    ("", EVERYTHING),
    ("kind=accrual", [7, 17, 19, 23, 29, 37, 41, 101]),
    ("kind=earned", [7, 11, 13, 17, 19, 23, 29, 37, 41, 101]),
    ("kind=spent", [-31]),
    ("kind=redemption", [-31]),
    ("kind=expiry", [-37]),
    ("kind=adjustment", [-3, 11, 13, 43]),
    ("kind=rejection", [-29]),
    ("kind=reversal", []),
    ("kind=return", []),
    ("kind=merge", [-41, 41]),
    ("kind=pending", [19]),
    ("kind=matured", [23]),
    ("by=staff", [-29, 11, 43]),
    ("by=staff:ada", [-29, 11, 43]),
    ("by=staff:bob", []),
    ("by=rest:Test", [-3, 101]),
    ("by=rest:Other", []),
    ("by=rest", [-3, 19, 23, 29, 101]),
    ("by=flow", [7, 13]),
    ("by=order", [17]),
    ("by=storefront", [-31]),
    ("by=schedule", [-37]),
    ("by=merge", [-41, 41]),
    ("member=7002", [-41, 41]),
    ("member=cleo@x.example", [43]),
    ("member=nobody@x.example", []),
    ("from=2026-03-10&until=2026-03-10", [-37]),
    ("from=2026-03-11&until=2026-03-20", []),
    ("until=2026-03-09", [37, 41]),
    ("tests=only", [43]),
    ("tests=none&kind=adjustment", [-3, 11, 13]),
    ("by=flow&kind=adjustment&tests=none&from=2026-03-10&member=ada@x.example", [13]),
    ("kind=x&by=x&rule=x&reward=x&from=x&until=x&tests=x&page=x", EVERYTHING),
    ("by=schedule:ada", EVERYTHING),
]


class TestAFilter:
    def test_finds_exactly_those(self, staff):
        for query, expected in FILTERS:
            assert points(staff, query) == expected, query

    def test_by_rule_and_by_reward_find_what_they_gave_and_took(self, staff):
        context = staff.get(PAGE).context
        rules = {name: public_id for public_id, name in context["rules"].items()}
        rewards = {name: public_id for public_id, name in context["rewards"].items()}
        assert points(staff, f"rule={rules['a17']}") == [17]
        assert points(staff, f"rule={rules['a29']}&kind=accrual") == [29]
        assert points(staff, f"reward={rewards['Tea']}") == [-31]
        assert points(staff, f"reward={rewards['Tea']}&by=flow") == []


class TestALine:
    def test_says_by_whom(self, staff):
        rows = [row for page in (1, 2) for row in staff.get(f"{PAGE}?page={page}").context["rows"]]
        by = {row.points: row.by for row in rows}
        assert by == {
            37: "Test", -37: "Schedule", 101: "API key Test", 7: "Shopify Flow", 17: "Orders", 19: "REST API", 23: "REST API",
            29: "REST API", -29: "ada", 11: "ada", -3: "API key Test", 13: "Shopify Flow", -31: "Storefront",
            41: by[41], -41: "Merged customers", 43: "ada",
        }  # fmt: skip

    def test_leads_to_all_that_they_did(self, staff):
        (row,) = staff.get(f"{PAGE}?kind=rejection").context["rows"]
        assert row.by_query == "by=staff%3Aada"
        page = staff.get(f"{PAGE}?{row.by_query}").content.decode()
        assert '<s-option value="staff:ada" selected>ada</s-option>' in page

    def test_says_what_waits_and_what_has_waited(self, staff):
        waits = {row.points: row.wait for row in staff.get(PAGE).context["rows"] if row.wait}
        assert set(waits) == {19, 23}
        assert waits[19].matured_at is None
        assert waits[23].matured_at is not None


class TestWhoDidIt:
    def test_is_kept_for_a_shopify_user(self, shop):
        adjust_points(
            member=Member.objects.get(email="ada@x.example"), points=53, source="staff", now=timezone.now(),
            actor="shopify:902541",
        )  # fmt: skip
        (row,) = logged_in().get(f"{PAGE}?by=staff:shopify:902541").context["rows"]
        assert (row.points, row.by) == (53, "Staff member 902541")


class TestThePage:
    @pytest.mark.parametrize("query", ["", "kind=adjustment&by=staff:ada&member=7001&from=2026-01-01&tests=none"])
    def test_asks_the_database_at_most_fifteen_times(self, staff, query, django_assert_max_num_queries):
        with django_assert_max_num_queries(15):
            staff.get(f"{PAGE}?{query}")
