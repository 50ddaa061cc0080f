"""Home: its figures are what the entries say, each leads to the list it counts, and what waits leads to exactly what waits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import Activity, RuleTerms, adjust_points, award, create_rule
from loyalty.ledger.models import Account
from loyalty.outbox.models import Delivery
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from loyalty.referrals.models import Referral
from loyalty.rewards.operations import RewardTerms, create_reward
from shopify_app.dashboard.operations import set_login
from shopify_app.display.operations import note_opened
from shopify_app.display.queries import display_of
from tests.a_shop import AShop
from tests.browser.shop import filled_shop
from tests.rolling_up import roll_up, spend

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    now = timezone.now()
    made = AShop.new()
    Program.objects.filter(pk=made.program.pk).update(created_at=now - timedelta(days=200))
    made.program.refresh_from_db()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def client(shop):
    made = Client()
    made.login(username="ada", password="ada")
    return made


def opened(client):
    answer = client.get("/standalone/")
    assert answer.status_code == 200
    return answer


class TestFigures:
    @pytest.fixture
    def told(self, shop, client):
        now = timezone.now()
        member = shop.member()
        for points, days in ((300, 45), (100, 20), (260, 2)):
            adjust_points(member=member, points=points, source="staff", now=now - timedelta(days=days))
        spend(shop.program, member, 50, now - timedelta(days=40))
        spend(shop.program, member, 80, now - timedelta(days=1))
        roll_up(shop.program, now)
        return {figure.label: figure for figure in opened(client).context["figures"]}

    def test_are_of_thirty_days_beside_the_thirty_before(self, told):
        assert (told["Points issued"].value, told["Points issued"].note) == ("360", "+20%, 300 before")
        assert (told["Points spent"].value, told["Points spent"].note) == ("80", "+60%, 50 before")
        assert (told["Points expired"].value, told["Points expired"].note) == ("0", "0 in the 30 days before")

    def test_lead_to_the_movements_they_count(self, client, told):
        for label, points in (("Points issued", [260, 100]), ("Points spent", [-80])):
            assert [row.points for row in client.get(told[label].url).context["rows"]] == points

    def test_are_those_since_the_start_until_the_days_are_counted(self, shop, client):
        adjust_points(member=shop.member(), points=30, source="staff", now=timezone.now())
        shown = {figure.label: (figure.value, figure.note) for figure in opened(client).context["figures"]}
        assert shown["Points issued"] == ("30", "since the start")

    def test_and_the_picture_tells_the_same_by_day(self, shop, client, told):
        answer = opened(client)
        days = answer.context["days"]
        assert len(days) == 90
        assert sum(day.issued for day in days) == 660
        assert sum(day.spent for day in days) == 130
        assert answer.context["chart"].expired


class TestWhatWaits:
    def test_says_so_when_nothing_does(self, shop, client):
        answer = opened(client)
        assert answer.context["waiting"] == []
        assert "Nothing waits for you." in answer.content.decode()

    def test_leads_to_exactly_what_it_counts(self):
        made = filled_shop()
        client = Client()
        client.login(username="demo", password="demo")
        now = timezone.now()
        with scope(program=made.program):
            old = now - timedelta(days=90)
            for state, at in (("dead", now), ("dead", now), ("dead", old), ("unknown", old)):
                Delivery.objects.create(
                    program=made.program,
                    destination="klaviyo",
                    state=state,
                    next_attempt_at=at,
                    created_at=at,
                    finished_at=at,
                )
            dead = Delivery.objects.filter(state="dead", created_at__gte=now - timedelta(days=29)).count()
            unknown = Delivery.objects.filter(state="unknown").count()
            held = Referral.objects.exclude(held_for=[]).filter(decision="").count()
        counted = {}
        for each in opened(client).context["waiting"]:
            rows = list(client.get(each.url).context["rows"])
            number = int(each.words.split()[0])
            assert number == len(rows), each.words
            counted[each.url.partition("/standalone/")[2]] = number
        assert counted["referrals?state=held"] == held >= 1
        assert counted["deliveries?state=unknown"] == unknown >= 1
        (failed,) = [number for url, number in counted.items() if url.startswith("deliveries?state=dead&from=")]
        assert failed == dead >= 2

    def test_is_also_what_is_approved_by_itself(self, shop, client):
        rule = create_rule(
            program=shop.program, action="follow_on_x", terms=RuleTerms(name="X", points=5, approval_days=3),
            now=timezone.now(),
        )  # fmt: skip
        about = CustomerReference(shopify_customer_id=shop.member().shopify_customer_id)
        activity = Activity(
            rule=RuleReference(public_id=rule.public_id), customer=about, source="rest", occurred_at=timezone.now()
        )
        award(activity=activity, program_id=shop.program.pk, now=timezone.now())
        (waiting,) = opened(client).context["waiting"]
        assert waiting.words == "1 award waits for approval, and is approved by itself when its time comes"
        assert len(client.get(waiting.url).context["rows"]) == 1


def titles(client) -> dict[str, bool]:
    """The steps of the set-up list by their buttons, and whether each is done."""
    return {step.action: step.is_done for step in opened(client).context["checklist"]}


class TestTheSetUpList:
    def test_has_one_open_step_whose_button_leads_on(self, shop, client):
        steps = opened(client).context["checklist"]
        assert [step.is_open for step in steps] == [True, False, False, False, False, False]
        for step in steps:
            assert client.get(step.url).status_code == 200

    def test_is_done_by_what_is_there_whoever_made_it(self, shop, client):
        now = timezone.now()
        rule = create_rule(
            program=shop.program, action="signup", terms=RuleTerms(name="Join", points=5, is_active=False), now=now
        )
        assert titles(client) == {
            "Choose a programme": True, "Open earning rules": False, "Open rewards": False,
            "Open on-site display": False, "Open members": False, "Open integrations": False,
        }  # fmt: skip
        EarningRule.objects.filter(pk=rule.pk).update(is_active=True)
        assert titles(client)["Open earning rules"]
        terms = RewardTerms(name="5 off", discount_type="fixed_amount", points_cost=5, discount_amount=Decimal(5))
        create_reward(program=shop.program, terms=terms, now=now)
        assert titles(client)["Open rewards"]
        note_opened(display=display_of(shop.program), now=now)
        assert titles(client)["Open on-site display"]
        adjust_points(member=shop.member(), points=1, source="staff", now=now)
        assert titles(client)["Open members"]
        create_api_key(program=shop.program, name="Server", scope="full", now=now)
        assert titles(client) == {}, "nothing left to say"

    def test_stays_away_once_it_is_put_away(self, shop, client):
        assert client.post("/standalone/hints/setup/dismiss").status_code == 303
        assert titles(client) == {}


def test_asks_the_database_at_most_fifteen_times():
    made = filled_shop()
    client = Client()
    client.login(username="demo", password="demo")
    client.get("/standalone/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        opened(client)
    assert len(asked) <= 15, "\n".join(query["sql"][:120] for query in asked)
    with scope(program=made.program):
        assert Account.objects.exists()
