"""Deliveries at one moment: an order earns once, a refund takes its share once, and nobody overlooks anybody."""

from functools import partial

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import enrol
from loyalty.earning.operations.merging import merge_customers
from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.members.queries import member as find
from loyalty.orders.models import Order
from shopify_app.orders.intake import take_order, take_refund
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race
from tests.operations.loyalty.orders import ORDER, order, refund
from tests.operations.loyalty.test_worked_examples import LONG_AGO

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture
def shop():
    """5 points per dollar."""
    made = AShop.new()
    with made.scope():
        made.rule("place_order", 5, now=LONG_AGO, frequency="unlimited")
        yield made
        made.assert_sound()


def told(shop, facts):
    take = take_refund if hasattr(facts, "reference") else partial(take_order, refunds=[])
    return partial(take, program=shop.program, told=facts, now=NOW)


def joins(shop, customer_id):
    customer = Customer(customer_id, f"{customer_id}@example.com", None, None, NOW)
    return partial(enrol, program=shop.program, customer=customer, now=NOW, source="test")


def test_one_order_told_by_eight_deliveries_earns_once(shop):
    member = shop.member(7001)
    assert outcomes(race(shop, [told(shop, order())] * 8)) == {"done": 8}
    assert (Order.objects.count(), Award.objects.count(), shop.balances(member).available) == (1, 1, 500)


def test_an_order_and_its_refunds_end_the_same_whoever_is_first(shop):
    member = shop.member(7001)
    for turn in range(ROUNDS):
        number = ORDER + turn
        refunds = [refund(f"r{turn}-{share}", share, number) for share in (2000, 3000)]
        results = race(shop, [told(shop, each) for each in (order(number), *refunds, *refunds)])
        assert outcomes(results) == {"done": 5}
    assert shop.balances(member).available == 250 * ROUNDS
    assert Entry.objects.filter(kind="reversal").count() <= 2 * ROUNDS


def test_a_guest_who_joins_while_they_order_is_credited(shop):
    for turn in range(ROUNDS):
        who, number = 7100 + turn, ORDER + turn
        calls = [
            joins(shop, who),
            told(shop, order(number, customer=who)),
            told(shop, refund(f"r{turn}", 2000, number)),
        ]
        assert outcomes(race(shop, [*calls, *calls])) == {"done": 6}
        assert shop.balances(find(identifier=str(who))).available == 400
    assert Member.objects.count() == Order.objects.filter(member__isnull=False).count() == ROUNDS


def test_customers_who_are_merged_while_they_order_lose_nothing(shop):
    for turn in range(ROUNDS):
        gone, kept, number = 7200 + turn, 7300 + turn, ORDER + turn
        shop.member(gone, points=10), shop.member(kept, points=20)
        merging = partial(merge_customers, program=shop.program, gone=gone, kept=kept, now=NOW)
        results = race(shop, [merging, told(shop, order(number, customer=gone)), merging])
        assert outcomes(results) == {"done": 3}
        assert shop.balances(find(identifier=str(gone))).available == 530
