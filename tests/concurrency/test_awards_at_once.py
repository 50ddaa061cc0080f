"""Sixteen callers at once: one award, and everybody learns the same."""

from decimal import Decimal
from functools import partial

import pytest

from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.limits import Limit, Window
from loyalty.earning.models import Award
from loyalty.earning.operations import approve_due, reject, set_excluded, switch_rule
from loyalty.tiers.models import TierMembership
from tests.a_shop import NOW, AShop
from tests.concurrency.racing import outcomes, race

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 16


@pytest.fixture
def shop():
    made = AShop.new()
    made.member(7001)
    with made.scope():
        yield made
        made.assert_sound()


def test_one_key_is_one_award_and_one_answer(shop):
    shop.action(points=100)
    results = race(shop, [lambda: shop.award("k1")] * CALLERS)
    assert outcomes(results) == {"done": CALLERS}
    assert len({each.public_id for each in results}) == 1
    assert sorted(each.replayed for each in results) == [False] + [True] * (CALLERS - 1)
    assert {each.balance_after for each in results} == {100}
    assert shop.rows()["Entry"] == 1


def test_a_once_per_customer_action_is_one_award_whatever_the_keys(shop):
    shop.action(points=100, frequency="once")
    calls = [lambda key=key: shop.award(key) for key in [*(f"k{number}" for number in range(CALLERS - 2)), None, None]]
    assert outcomes(race(shop, calls)) == {"done": 1, "AlreadyAwarded": CALLERS - 1}
    assert shop.rows()["Entry"] == Award.objects.count() == 1


def test_one_key_for_two_members_is_one_award_and_one_refusal(shop):
    for member in range(7002, 7002 + 8):
        shop.member(member)
    shop.action(points=100)
    for turn in range(4):
        pair = (7002 + 2 * turn, 7003 + 2 * turn)
        results = race(shop, [lambda who=who, key=f"k{turn}": shop.award(key, customer=who) for who in pair])
        assert outcomes(results) == {"done": 1, "IdempotencyKeyReused": 1}
    assert shop.rows()["Entry"] == 4


def test_awards_without_keys_all_count(shop):
    shop.action(points=10)
    assert outcomes(race(shop, [shop.award] * CALLERS)) == {"done": CALLERS}
    (account,) = shop.rows()["accounts"]
    assert account[1] == 10 * CALLERS


def test_a_tier_crossed_by_awards_that_alone_would_not_is_reached(shop):
    shop.tier("Member", 0)
    shop.tier("Gold", 100)
    shop.member(7005)
    shop.action(points=60)
    race(shop, [lambda: shop.award(customer=7005)] * 2)
    assert TierMembership.objects.get(member__shopify_customer_id=7005).tier.name == "Gold"
    assert shop.kinds().count("tier.changed") == 1


def test_an_exclusion_lets_awards_through_before_it_or_none_after_it(shop):
    shop.action(points=10)
    member = shop.member(7001)
    calls = [shop.award] * 7
    results = race(shop, [*calls, lambda: set_excluded(member_id=member.pk, excluded=True, now=NOW)])
    done = outcomes(results[:7])
    assert set(done) <= {"done", "CustomerExcluded"}
    assert shop.rows()["Entry"] == done["done"]
    assert outcomes(race(shop, [shop.award] * 4)) == {"CustomerExcluded": 4}


def test_a_rule_that_is_switched_while_awards_run_leaves_each_award_whole(shop):
    rule = shop.action(points=10)
    calls = [shop.award] * 7
    results = race(shop, [*calls, lambda: switch_rule(public_id=rule.public_id, on=False, now=NOW)])
    done = outcomes(results[:7])
    assert set(done) <= {"done", "CustomActionNotFound"}
    assert shop.rows()["Entry"] == Award.objects.count() == done["done"]


def test_approving_and_rejecting_at_once_ends_a_pending_award_once(shop):
    shop.action(points=10, approval_days=1)
    for _ in range(4):
        waiting = shop.award()
        race(
            shop,
            [
                partial(approve_due, now=waiting.due_at),
                partial(reject, public_id=waiting.public_id, now=NOW),
                partial(approve_due, now=waiting.due_at),
            ],
        )
        assert Award.objects.get(public_id=waiting.public_id).status in ("approved", "rejected")
        shop.assert_sound()
    approved = Award.objects.filter(status="approved").count()
    (account,) = shop.rows()["accounts"]
    assert account[1:3] == (approved * 10, 0)


def test_a_limit_of_three_is_three_awards_however_many_call(shop):
    shop.action(points=100, limit=Limit(3, Window.DAY))
    assert outcomes(race(shop, [shop.award] * CALLERS)) == {"done": 3, "EarningLimitReached": CALLERS - 3}
    assert Award.objects.count() == 3


def test_a_budget_is_never_passed_by_members_who_earn_at_once(shop):
    for customer in range(7002, 7002 + CALLERS):
        shop.member(customer)
    rule = shop.action(points=100)
    terms = CampaignTerms("Spring", NOW, {rule.pk: Modifier(Decimal(2))}, budget_points=350)
    campaign = create_campaign(program=shop.program, terms=terms, now=NOW)
    calls = [lambda who=who: shop.award(customer=who) for who in range(7002, 7002 + CALLERS)]
    assert sorted(each.points for each in race(shop, calls)) == [100] * (CALLERS - 3) + [200] * 3
    campaign.refresh_from_db()
    assert campaign.spent_points == 300
