"""The last points, the last redemption, the last second: only one may have them."""

from datetime import timedelta
from functools import partial

import pytest

from loyalty.earning.models import Award
from loyalty.earning.operations import adjust_points
from loyalty.integrations.models import Connection
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Account, Entry
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, fail, finish
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    made = AShop.new()
    with made.scope():
        yield made
        made.assert_sound()


def buying(member, reward, key=None):
    return lambda: begin(member=member, reward_id=reward.public_id, now=NOW, source="rest", key=key)


class TestTheLastPoints:
    def test_are_spent_once(self, shop):
        ada, reward = shop.member(7001, points=100), shop.reward(100)
        assert outcomes(race(shop, [buying(ada, reward)] * 8)) == {"done": 1, "RewardTooExpensive": 7}
        assert (shop.balances(ada).available, shop.balances(ada).held) == (0, 100)

    def test_are_spent_or_expired_not_both(self, shop):
        end = NOW + timedelta(hours=1)
        for customer in range(7001, 7005):
            ada = shop.member(customer)
            shop.give(ada, 100, expires_at=end)
            account = Account.objects.get(member=ada)
            held = {"program_id": shop.program.pk, "account_id": account.pk, "points": 100, "key": f"h{customer}"}
            just_before = end - timedelta(milliseconds=1)
            race(shop, [partial(ledger.hold, **held, now=just_before), lambda: ledger.expire_due(now=end)])
            stands = shop.balances(ada, end)
            expired = Entry.objects.filter(account=account, kind="expiry").count()
            assert (stands.available, stands.held) == (0, 0 if expired else 100)

    def test_are_deducted_or_spent_not_both(self, shop):
        ada, reward = shop.member(7001, points=100), shop.reward(100)
        results = race(
            shop,
            [buying(ada, reward), lambda: adjust_points(member=ada, points=-100, source="rest", now=NOW)],
        )
        stands = shop.balances(ada)
        assert stands.available == 0
        assert outcomes(results)["done"] + outcomes(results)["RewardTooExpensive"] == 2
        assert stands.held == (100 if outcomes(results)["done"] == 2 else 0)


class TestAdjustmentsBesideAwards:
    def test_add_up(self, shop):
        ada = shop.member(7001, points=1000)
        shop.action(points=10)
        awards = [shop.award] * 8
        adjustments = [
            lambda points=points: adjust_points(member=ada, points=points, source="rest", now=NOW)
            for points in (5, -7, 11, -13, 17, -19, 23, -29)
        ]
        assert outcomes(race(shop, [*awards, *adjustments])) == {"done": 16}
        assert shop.balances(ada).available == 1000 + 80 + 5 - 7 + 11 - 13 + 17 - 19 + 23 - 29

    def test_under_one_key_are_one(self, shop):
        ada = shop.member(7001, points=100)
        results = race(shop, [lambda: adjust_points(member=ada, points=-30, source="rest", now=NOW, key="k")] * 8)
        assert shop.balances(ada).available == 70
        assert len({each.award_id for each in results}) == Award.objects.count() == 1


class TestPurchases:
    def test_under_one_key_are_one(self, shop):
        ada, reward = shop.member(7001, points=1000), shop.reward(100)
        results = race(shop, [buying(ada, reward, "k")] * 8)
        assert len({redemption.pk for redemption, _ in results}) == Redemption.objects.count() == 1
        assert shop.balances(ada).held == 100

    def test_stop_at_the_limit_per_customer(self, shop):
        ada, reward = shop.member(7001, points=1000), shop.reward(100, max_redemptions=1)
        assert outcomes(race(shop, [buying(ada, reward)] * 2)) == {"done": 1, "LimitReached": 1}
        assert shop.balances(ada).held == 100

    def test_under_one_key_by_two_members_are_one_and_a_refusal(self, shop):
        ada, bea, reward = shop.member(7001, points=1000), shop.member(7002, points=1000), shop.reward(100)
        for turn in range(4):
            results = race(shop, [buying(who, reward, f"k{turn}") for who in (ada, bea)])
            assert outcomes(results) == {"done": 1, "IdempotencyKeyReused": 1}
        assert Redemption.objects.count() == 4

    def test_end_once_although_the_worker_and_the_waiting_request_end_them_at_once(self, shop):
        ada, reward = shop.member(7001, points=1000), shop.reward(100)
        for number in range(4):
            bought, _ = buying(ada, reward)()
            race(
                shop,
                [
                    partial(finish, redemption_id=bought.pk, discount_gid=f"gid://x/{number}", now=NOW),
                    partial(fail, redemption_id=bought.pk, reason="too late", now=NOW),
                ],
            )
            assert Redemption.objects.get(pk=bought.pk).state in ("active", "failed")
        active = Redemption.objects.filter(state="active").count()
        stands = shop.balances(ada)
        assert (stands.available, stands.held, stands.redeemed) == (1000 - 100 * active, 0, 100 * active)
        for redemption in Redemption.objects.filter(state="failed"):
            assert redemption.code_needs_removal


class TestMerging:
    def test_both_ways_at_once_neither_hangs_nor_loses_points(self, shop):
        ada = Account.objects.get(member=shop.member(7001, points=100))
        bea = Account.objects.get(member=shop.member(7002, points=50))
        race(
            shop,
            [
                lambda: ledger.merge_accounts(from_account_id=ada.pk, into_account_id=bea.pk, key="m1", now=NOW),
                lambda: ledger.merge_accounts(from_account_id=bea.pk, into_account_id=ada.pk, key="m2", now=NOW),
            ],
        )
        assert sum(account[1] for account in shop.rows()["accounts"]) == 150


class TestClaims:
    def test_of_deliveries_are_never_made_twice(self, shop):
        Delivery.objects.bulk_create(
            Delivery(
                program=shop.program, destination="a-destination", member_id=number, next_attempt_at=NOW, created_at=NOW
            )
            for number in range(200)
        )

        def claim_all():
            mine = []
            while claim := relay.claim(destination="a-destination", now=NOW):
                mine.append(claim.delivery_id)
            return mine

        # SKIP LOCKED may leave a thread empty-handed while others still work, so somebody claims what is left.
        claimed = [number for mine in race(shop, [claim_all] * 8) for number in mine] + claim_all()
        assert len(claimed) == len(set(claimed)) == 200

    def test_of_events_make_each_delivery_once(self, shop):
        ada = shop.member(7001)
        shop.action()
        Connection.objects.create(program=shop.program, vendor="klaviyo", connected_at=NOW, updated_at=NOW)
        for _ in range(30):
            shop.award()
        race(shop, [lambda: relay.fan_out(now=NOW, limit=5)] * 8)
        while relay.fan_out(now=NOW):
            pass
        # not by what each call says it did: the live stack's own relay, where one is up, takes its share
        earned = Event.objects.filter(member_id=ada.pk, kind="points.earned").values_list("pk", flat=True)
        told = Delivery.objects.filter(destination="klaviyo:events", subject="points.earned").values_list(
            "event_id", flat=True
        )
        assert sorted(told) == sorted(earned)
        assert len(told) == 30
