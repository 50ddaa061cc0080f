"""docs/worked-examples.md, the table of referrals, replayed through the storefront and the webhooks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from loyalty.referrals.models import Referral
from tests.journeys.referring import ReferringShop
from tests.operations.loyalty.test_worked_examples import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("points", "approval", "total", "at_least", "then", "later", "expected", "state"), rows("Referrals")
)
def test_a_row_of_the_table(
    referring: ReferringShop, points, approval, total, at_least, then, later, expected, state
):  # the table's columns
    days = 0 if approval == "at once" else int(approval.split()[0])
    options = {} if at_least == "–" else {"minimum_amount": int(at_least)}
    referring.referral_rule(int(points), approval_days=days, options=options)
    ada = referring.advocate()
    referring.claimed(ada)
    referring.orders(total=total)
    if then == "cancelled":
        gone = (timezone.now() + timedelta(minutes=9)).isoformat()
        referring.orders(total=total, cancelled_at=gone, updated_at=gone)
    elif then != "–":
        referring.refunded(then.split()[1])
    referring.work(referring.later(int(later)) if later != "0" else None)
    assert (referring.points(ada), Referral.objects.get().state) == (int(expected), state)
