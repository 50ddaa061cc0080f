"""The section "Refunds" of docs/worked-examples.md, replayed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.earning.operations import adjust_points
from loyalty.ledger.models import Entry
from loyalty.money import to_minor
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import heard, order, refund
from tests.operations.loyalty.test_worked_examples import LONG_AGO, rows

pytestmark = pytest.mark.django_db


def minor(text: str) -> int:
    return to_minor(Decimal(text), "USD")


def happen(shop: AShop, member, total: int, what: str, number: int, at: datetime) -> None:
    """One thing of the column "happens", in its words."""
    *words, amount = what.split()
    if what == "the same again":
        heard(shop, refund(f"r{number - 1}", 2000), now=at)
    elif what == "cancelled":
        heard(shop, order(total=total, shopify_updated_at=at, cancelled_at=at), now=at)
    elif words == ["edited", "to"]:
        heard(shop, order(total=total, shopify_updated_at=at, current_total_minor=minor(amount)), now=at)
    elif what == "100 points more":
        shop.give(member, 100, now=at)
    else:
        assert words in (["refund"], ["goods", "back"]), what
        heard(shop, refund(f"r{number}", minor(amount), at=at, is_money=words == ["refund"]), now=at)


@pytest.mark.parametrize(
    ("total", "points", "approval", "spent", "policy", "happens", "reversals", "balance", "pending", "debt"),
    rows("Refunds"),
)
def test_refunds(total, points, approval, spent, policy, happens, reversals, balance, pending, debt):
    shop = AShop.new(refund_policy=policy)
    with shop.scope():
        member = shop.member()
        shop.rule(
            "place_order", int(points), now=LONG_AGO, frequency="unlimited", options={"per": "fixed"},
            approval_days=0 if approval == "at once" else int(approval.split()[0]),
        )  # fmt: skip
        heard(shop, order(total=minor(total)))
        if int(spent):
            adjust_points(member=member, points=-int(spent), source="staff", now=NOW)
        for number, what in enumerate(happens.split(", ")):
            happen(shop, member, minor(total), what, number, NOW + timedelta(minutes=number + 1))
        written = Entry.objects.filter(kind="reversal").order_by("pk").values_list("points", flat=True)
        assert [-each for each in written] == [int(each) for each in reversals.split() if each != "–"]
        found = shop.balances(member, NOW + timedelta(hours=1))
        assert (found.available, found.pending, found.debt) == (int(balance), int(pending), int(debt))
        shop.assert_sound()
