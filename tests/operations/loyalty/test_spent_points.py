"""An order is refunded whose points were spent already: written off, owed, or owed with redeeming suspended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from loyalty.earning.operations import adjust_points
from loyalty.ledger.errors import RedeemingSuspended
from loyalty.ledger.models import Entry
from loyalty.programs.models import Program
from loyalty.rewards.errors import RewardTooExpensive
from loyalty.rewards.operations.purchase import begin
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.orders import heard, order, refund

pytestmark = pytest.mark.django_db


class TestPointsThatWereSpentAlready:
    def spent(self, shop: AShop, policy: str):
        """An order of 120 points of which 70 are gone; then it is refunded."""
        shop.set(refund_policy=policy)
        shop.rule("place_order", 5, now=NOW - timedelta(days=30), frequency="unlimited")
        member = shop.member()
        heard(shop, order(total=2400))
        adjust_points(member=member, points=-70, source="staff", now=NOW)
        heard(shop, refund("r1", 2400))
        return member

    def test_are_written_off_at_zero(self, shop):
        member = self.spent(shop, Program.RefundPolicy.FLOOR)
        assert (shop.balances(member).available, shop.balances(member).debt) == (0, 0)
        assert Entry.objects.get(kind="reversal").details["written_off"] == 70

    @pytest.mark.parametrize("policy", ["debt", "block"])
    def test_become_a_debt_that_the_next_points_repay(self, shop, policy):
        member = self.spent(shop, policy)
        assert (shop.balances(member).available, shop.balances(member).debt) == (0, 70)
        shop.give(member, 100)
        assert (shop.balances(member).available, shop.balances(member).debt) == (30, 0)

    def test_suspend_redeeming_where_the_programme_blocks_and_not_elsewhere(self, shop):
        member = self.spent(shop, Program.RefundPolicy.BLOCK)
        reward = shop.reward(10)
        with shop.nothing_changes(), pytest.raises(RedeemingSuspended, match="owes 70 points"):
            begin(member=member, reward_id=reward.public_id, now=NOW, source="test")
        shop.set(refund_policy=Program.RefundPolicy.DEBT)
        with shop.nothing_changes(), pytest.raises(RewardTooExpensive):
            begin(member=member, reward_id=reward.public_id, now=NOW, source="test")
        shop.set(refund_policy=Program.RefundPolicy.BLOCK)
        shop.give(member, 100)
        redemption, _ = begin(member=member, reward_id=reward.public_id, now=NOW, source="test")
        assert redemption.points_spent == 10
