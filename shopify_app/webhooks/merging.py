"""Making one member of two customers: because the shop merged them, or because staff know that they are one person."""

from __future__ import annotations

from datetime import datetime

from loyalty.earning.operations import knowing_products
from loyalty.earning.operations.merging import merge_customers
from loyalty.programs.models import Program
from loyalty.referrals.operations import take_over_referrals
from loyalty.rewards.operations.merging import take_over_purchases


def merge(*, program: Program, gone: int, kept: int, now: datetime) -> None:
    """Merges the members of two customers, by their Shopify ids, with everything that is theirs. A repeat changes nothing.

    Raises:
        AccountBusy: The one that goes is buying a reward at this moment.
        ShopUnreachable: Orders are to be judged by what their products are, and the shop does not answer.
    """

    def work() -> None:
        moved = merge_customers(program=program, gone=gone, kept=kept, now=now)
        if moved is not None:
            take_over_purchases(from_member_id=moved[0], into_member_id=moved[1])
            take_over_referrals(from_member_id=moved[0], into_member_id=moved[1], now=now)

    knowing_products(program=program, work=work, now=now)
