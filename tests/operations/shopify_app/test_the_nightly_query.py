"""The nightly look is steps with rests between them; whatever breaks off between any two, the end is the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.members.queries import member
from loyalty.orders.models import Order
from loyalty.programs.models import ScheduledRun
from shopify_app.admin_api.errors import Refused, UnknownOutcome
from shopify_app.bulk import operations as bulk
from shopify_app.orders.reconcile import MOST_TROUBLES, PATIENCE, POLLED, TROUBLED, Lost
from shopify_app.shops.models import Shop
from shopify_app.shops.operations import NeedsReauth, uninstall
from shopify_app.webhooks.tasks import go_on_reconciling, reconcile_orders
from tests.a_night import Night
from tests.a_shop import AShop
from tests.sandbox_client import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(installed_shop: Shop) -> Iterator[AShop]:
    """5 points per dollar, and member 7001."""
    made = AShop(installed_shop.program)
    with made.scope():
        made.rule("place_order", 5, now=timezone.now() - timedelta(days=9), frequency="unlimited")
        made.member(7001, now=timezone.now())
        yield made
        made.assert_sound()


@pytest.fixture
def night(shop: AShop, sandbox: Sandbox) -> Night:
    """A night after an order of 10.00 was missed; the shop works on a query only when it is told to."""
    made = Night(shop, sandbox)
    place(made)
    sandbox.faults(made.domain, bulk_waits=True)
    return made


def place(night: Night) -> None:
    body = {"customer_id": "7001", "total": "10.00", "paid": True}
    night.sandbox.call("POST", f"stores/{night.domain}/orders", body)


def points(shop: AShop) -> int:
    return shop.balances(member(identifier="7001"), timezone.now()).available


def ends(night: Night) -> None:
    """The shop does its work, and the night goes on to its end."""
    night.sandbox.faults(night.domain, bulk_waits=False)
    for each in night.operations():
        if each["status"] in bulk.UNDER_WAY:
            night.becomes(each["id"], status="COMPLETED")
    night.passes()


class TestWhileTheShopWorks:
    def test_a_run_rests_and_asks_again(self, shop, night):
        number = night.begins()
        for status in ("RUNNING", "CANCELING"):
            night.becomes(number, status=status)
            before = night.now
            with shop.nothing_changes():
                assert night.step().rests_until == before + POLLED
        ends(night)
        assert (len(night.operations()), points(shop)) == (1, 50)

    def test_it_is_not_waited_for_beyond_the_night(self, shop, night):
        night.begins()
        night.now += PATIENCE + timedelta(minutes=1)
        with shop.nothing_changes(), pytest.raises(Lost):
            night.step()

    def test_an_order_that_is_placed_meanwhile_is_no_trouble(self, shop, night):
        number = night.begins()
        place(night)
        night.becomes(number, status="COMPLETED")
        night.passes()
        assert (night.counts["taken_in"], points(shop)) == (2, 100)


class TestABeginning:
    def test_whose_answer_was_lost_is_found_again(self, shop, night):
        night.sandbox.faults(night.domain, lose_answers=1, only="bulkOperationRunQuery")
        night.step()
        assert night.step().rests_until == night.now
        assert night.cursor.split("|")[1] == ""
        assert len(night.operations()) == 1
        night.begins()
        ends(night)
        assert (len(night.operations()), points(shop)) == (1, 50)

    def test_that_no_worker_lived_to_remember_is_found_again(self, shop, night):
        night.step()
        kept = night.cursor
        night.step()
        night.cursor = kept
        night.begins()
        ends(night)
        assert (len(night.operations()), points(shop)) == (1, 50)

    def test_waits_while_as_many_run_as_may(self, shop, night, installed_shop):
        others = [bulk.start(installed_shop, "{ orders { edges { node { id } } } }" + " " * n) for n in range(5)]
        night.step()
        before = night.now
        assert night.step().rests_until == before + TROUBLED
        assert len(night.operations()) == 5
        night.becomes(others[0].number, status="COMPLETED")
        night.begins()
        ends(night)
        assert points(shop) == 50

    def test_of_another_night_is_not_taken_for_this_ones(self, shop, sandbox, night):
        night.begins()
        another = Night(shop, sandbox, now=timezone.now() + timedelta(days=1))
        another.begins()
        assert len({each["query"] for each in night.operations()}) == 2


class TestAQuery:
    @pytest.mark.parametrize("status", ["FAILED", "CANCELED", "EXPIRED"])
    def test_that_ended_without_results_is_begun_anew(self, shop, night, status):
        night.becomes(night.begins(), status=status)
        before = night.now
        with shop.nothing_changes():
            assert night.step().rests_until == before + TROUBLED
        night.begins()
        ends(night)
        first, second = night.operations()
        assert first["query"] != second["query"]
        assert points(shop) == 50

    def test_that_fails_every_time_ends_the_run(self, shop, night):
        with shop.nothing_changes():
            for _ in range(MOST_TROUBLES):
                self.fails(night)
                night.step()
            self.fails(night)
            with pytest.raises(Lost):
                night.step()
        assert len(night.operations()) == MOST_TROUBLES + 1

    def fails(self, night: Night) -> None:
        night.becomes(night.begins(), status="FAILED", error_code="TIMEOUT")

    def test_that_the_app_may_not_ask_ends_the_run_at_once(self, shop, night):
        night.becomes(night.begins(), status="FAILED", error_code="ACCESS_DENIED")
        with shop.nothing_changes(), pytest.raises(Refused):
            night.step()

    def test_without_a_single_order_is_done(self, shop, sandbox, night):
        later = Night(shop, sandbox, now=timezone.now() + timedelta(days=9))
        later.becomes(later.begins(), status="COMPLETED")
        assert later.passes() == {"orders": 0, "taken_in": 0, "failed": 0}


class TestResults:
    def test_that_break_off_are_read_on_from_where_they_did(self, shop, night):
        for _ in range(5):
            place(night)
        night.becomes(night.begins(), status="COMPLETED")
        night.sandbox.faults(night.domain, bulk_cut=2)
        assert night.passes() == {"orders": 6, "taken_in": 6, "failed": 0}
        (operation,) = night.operations()
        asked = [each["range"] for each in operation["fetched"]]
        assert asked[0] == ""
        offsets = [int(each.removeprefix("bytes=").rstrip("-")) for each in asked[1:]]
        assert len(offsets) == 2
        assert 0 < offsets[0] < offsets[1] < operation["bytes"]
        assert points(shop) == 300

    def test_that_break_off_before_the_first_order_are_waited_for(self, shop, night):
        night.becomes(night.begins(), status="COMPLETED")
        night.sandbox.faults(night.domain, bulk_cut=1)
        before = night.now
        with shop.nothing_changes():
            assert night.step().rests_until == before + TROUBLED
        assert night.passes()["taken_in"] == 1

    def test_with_an_order_whose_products_the_shop_does_not_tell_are_read_on_later(self, shop, night):
        options = {"product_tags": ["sale"]}
        shop.rule("place_order", 1, now=timezone.now() - timedelta(days=9), frequency="unlimited", options=options)
        lines = [{"product_id": 22, "price": "10.00"}]
        body = {"customer_id": "7001", "lines": lines, "paid": True}
        night.sandbox.call("POST", f"stores/{night.domain}/orders", body)
        night.becomes(night.begins(), status="COMPLETED")
        night.sandbox.faults(night.domain, server_error=1, only="nodes")
        night.step()
        assert (night.counts, points(shop)) == ({"orders": 1, "taken_in": 1, "failed": 0}, 50)
        assert night.passes() == {"orders": 2, "taken_in": 2, "failed": 0}
        assert points(shop) == 100

    def test_that_are_gone_are_collected_anew(self, shop, night):
        number = night.begins()
        night.becomes(number, status="COMPLETED")
        night.becomes(number, results="gone")
        with shop.nothing_changes():
            night.step()
        night.begins()
        ends(night)
        assert (len(night.operations()), points(shop)) == (2, 50)

    def test_are_fetched_without_the_shops_token(self, night):
        night.becomes(night.begins(), status="COMPLETED")
        night.passes()
        assert [each["has_token"] for each in night.operations()[0]["fetched"]] == [False]

    def test_read_twice_by_a_worker_that_died_amid_them_change_nothing_more(self, shop, night):
        night.becomes(night.begins(), status="COMPLETED")
        kept = night.cursor
        night.step()
        night.cursor, night.is_over = kept, False
        with shop.nothing_changes():
            night.passes()
        assert (Order.objects.count(), points(shop)) == (1, 50)


class TestAShop:
    def test_that_does_not_answer_is_asked_again_later(self, shop, night):
        night.step()
        night.sandbox.faults(night.domain, down=True)
        for _ in range(3):
            before = night.now
            with shop.nothing_changes():
                assert night.step().rests_until == before + TROUBLED
        night.sandbox.faults(night.domain, down=False)
        night.begins()
        ends(night)
        assert points(shop) == 50

    def test_that_does_not_answer_all_night_ends_the_run(self, shop, night):
        night.sandbox.faults(night.domain, down=True)
        with shop.nothing_changes(), pytest.raises(UnknownOutcome):
            night.passes()

    def test_that_has_to_be_opened_first_ends_the_run_at_once(self, shop, night):
        night.step()
        night.sandbox.faults(night.domain, revoked=True)
        with pytest.raises(NeedsReauth):
            night.step()
        assert Order.objects.count() == 0

    def test_that_has_left_is_asked_nothing(self, shop, night):
        uninstall(domain=night.domain, now=timezone.now())
        assert night.step().cursor is None
        reconcile_orders()
        assert (ScheduledRun.objects.count(), night.operations()) == (0, [])


class TestTheJob:
    def test_is_begun_at_night_taken_up_after_each_rest_and_recorded(self, shop, night):
        reconcile_orders()
        (operation,) = night.operations()
        run = ScheduledRun.objects.get(name="reconcile-orders")
        assert (run.finished_at, run.counts) == (None, {"orders": 0, "taken_in": 0, "failed": 0})
        night.becomes(operation["id"], status="COMPLETED")
        go_on_reconciling()
        assert Order.objects.count() == 0  # it rests
        self.rested(run)
        go_on_reconciling()
        run.refresh_from_db()
        assert (run.counts["taken_in"], run.error, run.finished_at is not None) == (1, "", True)
        assert points(shop) == 50

    def test_says_in_its_record_why_it_ended_and_looks_back_the_next_night(self, shop, night):
        reconcile_orders()
        run = ScheduledRun.objects.get(name="reconcile-orders")
        night.becomes(night.operations()[0]["id"], status="FAILED", error_code="ACCESS_DENIED")
        self.rested(run)
        go_on_reconciling()
        run.refresh_from_db()
        assert run.error.startswith("Refused: ACCESS_DENIED")
        reconcile_orders()
        night.becomes(night.operations()[-1]["id"], status="COMPLETED")
        self.rested(ScheduledRun.objects.get(finished_at=None))
        go_on_reconciling()
        assert points(shop) == 50

    def test_begins_nothing_between_the_nights(self, shop, night):
        go_on_reconciling()
        assert (ScheduledRun.objects.count(), night.operations()) == (0, [])

    def rested(self, run: ScheduledRun) -> None:
        """The rest is over."""
        ScheduledRun.objects.filter(pk=run.pk).update(leased_until=timezone.now())
