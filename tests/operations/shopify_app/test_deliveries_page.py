"""The pages of deliveries: every filter in the address, the lag, one looked at, one or all sent again, no secret shown."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.members.models import Member
from loyalty.outbox import replaying
from loyalty.outbox.models import Delivery, Event
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import fail, issue_free
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE, ALL = "/standalone/deliveries", "/standalone/deliveries/send-all-again"
SECRET = "shpat_" + "0a" * 16


@pytest.fixture
def shop(db):
    made = AShop.new(time_zone="America/New_York")
    set_login(program=made.program, username="ada", password="ada")
    made.member(7001, email="ada@example.com")
    with made.scope():
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def went(shop, destination="klaviyo:events", state="dead", *, at=NOW, **more):
    event = Event.objects.create(program=shop.program, kind="points.earned", occurred_at=at, fanned_out_at=at)
    fields = {"member_id": Member.objects.get().pk, "subject": event.kind, "attempts": 8, **more}
    return Delivery.objects.create(
        program=shop.program, event=event, destination=destination, state=state, next_attempt_at=at, created_at=at,
        finished_at=None if state == "pending" else at, **fields,
    )  # fmt: skip


def read(staff, query=""):
    answer = staff.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def listed(page):
    """The rows of the list, by their ids."""
    return re.findall(r'<s-link id="delivery-(\w+)"', page)


def ids(*rows):
    return [f"dlv_{row.pk}" for row in rows]


class TestTheList:
    def test_is_empty_in_words_before_anything_was_sent(self, staff):
        page = read(staff)
        assert "Nothing has been sent yet" in page
        assert "<form" not in page.partition("<s-page")[2]

    def test_names_receivers_as_people_do_and_never_by_their_inner_names(self, shop, staff):
        hook, _ = create_subscription(
            program=shop.program, url="https://hooks.example.com/x", events=["points.earned"], description=None, now=NOW
        )
        for destination in ("klaviyo:events", "klaviyo:birthdays", "flow:loyalty-points-earned", f"webhook:{hook.pk}:points.earned",
                            "webhook:999999:points.earned", "shopify:customer-metafield", "gone:away"):  # fmt: skip
            went(shop, destination)
        page = read(staff)
        for words in ("Klaviyo: events", "Klaviyo: birthdays", "Shopify Flow: points earned", "Webhook: hooks.example.com",
                      "A deleted webhook", "Shopify: customer metafields and tier tag", "gone: away"):  # fmt: skip
            assert f"<s-table-cell>{words}</s-table-cell>" in page
        assert "klaviyo:events" not in page

    def test_is_filtered_by_what_the_address_says(self, shop, staff):
        hook, _ = create_subscription(
            program=shop.program, url="https://hooks.example.com/x", events=["points.earned"], description=None, now=NOW
        )
        failed, done = went(shop), went(shop, state="done", at=NOW - timedelta(hours=1))
        hooked = went(shop, f"webhook:{hook.pk}:points.earned", at=NOW - timedelta(hours=2), member_id=None)
        other = went(shop, "webhook:999999:points.earned", at=NOW - timedelta(hours=3), member_id=None)
        every = ids(failed, done, hooked, other)
        for query, expected in {
            "": every, "to=klaviyo": ids(failed, done), "to=klaviyo&state=dead": ids(failed),
            f"webhook={hook.public_id}": ids(hooked), "webhook=nobodys": [], "to=webhook": ids(hooked, other),
            "kind=points.earned&state=done": ids(done), "kind=sync": [], "member=ada@example.com": ids(failed, done),
            "member=7001": ids(failed, done), "member=nobody@example.com": [], "to=made-up&state=made-up": every,
            "from=soon&until=never&page=0&before=x": every, "member=%00": every,
        }.items():  # fmt: skip
            assert listed(read(staff, query)) == expected, query

    def test_takes_days_as_the_shops(self, shop, staff):
        late = datetime(2026, 2, 10, 23, 30, tzinfo=ZoneInfo("America/New_York"))  # the 11th, in UTC
        row = went(shop, at=late)
        assert listed(read(staff, "from=2026-02-10&until=2026-02-10")) == ids(row)
        assert listed(read(staff, "from=2026-02-11")) == listed(read(staff, "until=2026-02-09")) == []

    def test_leafs_without_counting_everything(self, shop, staff):
        rows = [went(shop, at=NOW - timedelta(minutes=number)) for number in range(27)]
        first = read(staff, "to=klaviyo")
        assert listed(first) == ids(*rows[:25])
        (onward,) = re.findall(r'data-next="[^"]*\?([^"]*)"', first)
        assert parse_qs(onward.replace("&amp;", "&")) == {"to": ["klaviyo"], "page": ["2"]}
        assert listed(read(staff, onward.replace("&amp;", "&"))) == ids(*rows[25:])

    def test_tells_how_long_each_is_kept(self, shop, staff):
        went(shop)
        assert "kept for 90 days" in read(staff)


class TestTheLag:
    def test_of_each_receiver_is_told_with_what_is_open(self, shop, staff):
        now = timezone.now()
        went(shop, state="pending", at=now - timedelta(minutes=12, seconds=5))
        went(shop, "omnisend:events", "pending", at=now + timedelta(minutes=5))
        went(shop, "omnisend:events", "unknown")
        page = read(staff)
        assert "12 min behind" in page
        assert "On time" in page
        assert 'href="/standalone/deliveries?to=omnisend&amp;state=unknown"' in page

    def test_counts_codes_as_well(self, shop, staff):
        _gift(shop)
        page = read(staff)
        assert "Discount codes and store credit" in page
        assert 'href="/standalone/deliveries?to=codes&amp;state=dead"' in page


def _gift(shop):
    made, _ = issue_free(
        member=Member.objects.get(), reward_id=shop.reward().public_id, occurrence="t", source="tier", now=NOW
    )
    fail(redemption_id=made.pk, reason="Refused by Shopify", now=NOW)
    Redemption.objects.update(code_needs_removal=False, next_removal_at=None)
    return made


class TestOne:
    def test_shows_what_was_sent_and_answered_and_no_secret(self, shop, staff):
        row = went(
            shop, last_request={"url": "https://x.example", "headers": {"Authorization": SECRET}, "body": '{"a": 1}'},
            last_response=f'{{"your_key": "{SECRET}", "detail": "no"}}', last_error="Klaviyo refused", last_status=400,
        )  # fmt: skip
        page = staff.get(f"{PAGE}/{row.pk}").content.decode()
        assert SECRET not in page
        assert "[masked]" in page
        assert "https://x.example" in page
        assert "Klaviyo refused" in page
        assert "Kept until you have sent it again" in page

    def test_of_a_code_shows_its_terms_and_is_tried_again(self, shop, staff):
        made = _gift(shop)
        assert listed(read(staff, "to=codes")) == [made.public_id]
        page = staff.get(f"{PAGE}/codes/{made.public_id}").content.decode()
        assert "Refused by Shopify" in page
        assert made.code in page
        for redone in ("holding", "holding"):  # a second press changes nothing
            assert staff.post(f"{PAGE}/codes/{made.public_id}/again").status_code == 303
            made.refresh_from_db()
            assert made.state == redone

    def test_that_was_bought_and_failed_says_that_the_points_are_back_and_cannot_be_tried(self, shop, staff):
        made = _gift(shop)
        Redemption.objects.update(occurrence=None, hold_id=1)
        page = staff.get(f"{PAGE}/codes/{made.public_id}").content.decode()
        assert "The points are back" in page
        assert "Try again" not in page

    @pytest.mark.parametrize(
        ("destination", "words"),
        [("klaviyo:events", "can recognise it"), ("omnisend:events", "does not recognise a repeat")],
    )
    def test_says_whether_a_repeat_does_harm(self, shop, staff, destination, words):
        assert words in staff.get(f"{PAGE}/{went(shop, destination).pk}").content.decode()


class TestSendingAllAgain:
    def test_says_first_how_many_go_to_whom_and_who_may_act_twice(self, shop, staff):
        for _ in range(2):
            went(shop), went(shop, "omnisend:events")
        page = read(staff, "state=dead")
        assert "Send all again (4)" in page
        assert re.search(r"Recognised as a repeat:</s-text> Klaviyo: events\.", page)
        assert re.search(r"These may act twice.{0,40}Omnisend: events:", page, re.DOTALL)
        assert "These may act twice" not in read(staff, "to=klaviyo&state=dead")

    @pytest.mark.parametrize("query", ["", "member=7001", "kind=points.earned", "state=pending", "to=flow"])
    def test_is_not_offered_of_everything_nor_of_nothing(self, shop, staff, query):
        went(shop), went(shop, state="pending")
        assert "Send all again" not in read(staff, query)

    def test_sends_what_the_filter_shows_and_nothing_else(self, shop, staff):
        mine, other, waiting = went(shop), went(shop, "omnisend:events"), went(shop, state="pending")
        answer = staff.post(ALL, {"to": "klaviyo", "state": "dead", "before": timezone.now().isoformat()})
        assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?to=klaviyo&state=dead")
        found = dict(Delivery.objects.values_list("pk", "state"))
        assert found == {mine.pk: "pending", other.pk: "dead", waiting.pk: "pending"}
        assert "1 on their way again." in read(staff, "to=klaviyo")

    def test_goes_on_where_it_stopped_when_it_is_pressed_again(self, shop, staff, settings):
        rows = [went(shop, state="done", at=NOW + timedelta(seconds=number)) for number in range(3)]
        before = timezone.now().isoformat()
        Delivery.objects.filter(pk=rows[0].pk).update(finished_at=timezone.now() + timedelta(seconds=9))  # sent since
        page = read(staff, f"to=klaviyo&before={before.replace('+', '%2B')}")
        assert listed(page) == ids(rows[2], rows[1])
        assert "Send all again (2)" in page
        staff.post(ALL, {"to": "klaviyo", "before": before})
        assert Delivery.objects.get(state="done").pk == rows[0].pk

    def test_of_more_than_a_call_takes_keeps_the_rest_in_view(self, shop, staff):
        Event.objects.bulk_create(
            Event(program=shop.program, kind="points.earned", occurred_at=NOW, fanned_out_at=NOW)
            for _ in range(replaying.MOST + 1)
        )
        Delivery.objects.bulk_create(
            Delivery(
                program=shop.program, event=event, subject=event.kind, destination="klaviyo:events", state="dead",
                next_attempt_at=NOW, created_at=NOW, finished_at=NOW,
            )
            for event in Event.objects.filter(member_id=None)
        )  # fmt: skip
        page = read(staff, "to=klaviyo&state=dead")
        assert "Send all again (10,000+)" in page
        (before,) = re.findall(r'name="before" value="([^"]+)"', page)
        answer = staff.post(ALL, {"to": "klaviyo", "state": "dead", "before": before})
        onward = parse_qs(urlsplit(answer["Location"]).query)
        assert onward == {"to": ["klaviyo"], "state": ["dead"], "before": [before]}
        assert Delivery.objects.filter(state="dead").count() == 1

    def test_of_nothing_in_particular_is_refused(self, shop, staff):
        row = went(shop)
        staff.post(ALL, {"member": "7001"})
        row.refresh_from_db()
        assert row.state == "dead"
