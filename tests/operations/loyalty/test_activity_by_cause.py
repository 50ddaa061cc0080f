"""Movements by the rule or reward they came of, beside the plain definition: every entry, asked one by one."""

import random
from datetime import timedelta
from itertools import product

import pytest

from loyalty.earning import queries as earning
from loyalty.earning.models import Award
from loyalty.ledger import finding
from loyalty.ledger.finding import ISSUED, MATURED, PENDING, REDEEMED, Wanted
from loyalty.ledger.models import Entry, Lot
from loyalty.rewards import queries as rewards
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import begin, finish
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
KINDS = ("", *Entry.Kind.values, PENDING, MATURED, ISSUED, REDEEMED)
DOORS = ((), ("flow", "rest"), ("reward", "rest"))
PERIODS = ((None, None), (10, None), (None, 25), (10, 25))
SEEDS = (1, 2, 3)


@pytest.fixture
def shop(db):
    made = AShop.new()
    with made.scope():
        yield made
        made.assert_sound()


def lived(shop, dice):
    """Members who do things at random: several at the same instant, rewards given in flight and finished late."""
    rules = [
        shop.action("often", 5, now=NOW),
        shop.action("waits", 7, now=NOW, approval_days=9),
        shop.action("seldom", 9, now=NOW),
        shop.action("never", 3, now=NOW),
    ]
    bought = [shop.reward(points_cost=cost) for cost in (10, 20, 30)]
    members = [shop.member(8000 + n) for n in range(4)]
    for member in members:
        shop.give(member, 1000, now=NOW)
    flying = []
    for step in range(40):
        now, member = NOW + timedelta(minutes=step // 2), dice.choice(members)
        if dice.random() < 0.65:
            action = dice.choice(("often", "often", "often", "waits", "seldom" if step % 9 == 0 else "often"))
            shop.award(
                action=action, customer=member.shopify_customer_id, source=dice.choice(("flow", "rest")), now=now
            )
        else:
            flying.append(begin(member=member, reward_id=dice.choice(bought[:2]).public_id, source="rest", now=now)[0])
        dice.shuffle(flying)
        if flying and dice.random() < 0.4:
            finish(redemption_id=flying.pop().pk, discount_gid="gid://1", now=now)
    return rules, bought


def facts():
    """Every entry, newest first, with the words under which it may be looked for."""
    lots = list(Lot.objects.all())
    pending = {lot.entry_id for lot in lots if lot.state == "pending" and lot.remaining > 0}
    matured = {lot.entry_id for lot in lots if lot.state == "available" and lot.due_at is not None}
    told = []
    for entry in Entry.objects.order_by("-created_at", "-pk"):
        words = {"", entry.kind, {"accrual": ISSUED, "redemption": REDEEMED}.get(entry.kind, "")}
        words |= {name for name, found in ((PENDING, pending), (MATURED, matured)) if entry.pk in found}
        told.append((entry, words))
    return told


def plainly(told, named, kind, doors, since, before):
    """The definition: entries that an award or a redemption names, each looked at by itself."""
    return [
        entry.pk
        for entry, words in told
        if entry.pk in named
        and kind in words
        and (not doors or finding.door_of(entry) in doors)
        and (since is None or entry.created_at >= since)
        and (before is None or entry.created_at < before)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_finds_what_the_plain_definition_finds_in_its_order(shop, seed):
    rules, bought = lived(shop, random.Random(seed))
    causes = [
        (
            earning.entries_by_rule(public_id=rule.public_id),
            set(Award.objects.filter(rule=rule).values_list("entry_id", flat=True)),
        )
        for rule in rules
    ] + [
        (
            rewards.entries_by_reward(public_id=reward.public_id),
            set(Redemption.objects.filter(reward=reward).values_list("entry_id", flat=True)),
        )
        for reward in bought
    ]
    periods = [tuple(n if n is None else NOW + timedelta(minutes=n // 2) for n in each) for each in PERIODS]
    told, number = facts(), 0
    for (cause, named), kind, doors, (since, before) in product(causes, KINDS, DOORS, periods):
        wanted = Wanted(kind=kind, doors=doors, since=since, before=before, cause=cause)
        found = [entry.pk for entry in finding.movements(wanted)]
        assert found == plainly(told, named, kind, doors, since, before), (cause, kind, doors)
        assert [e.pk for e in finding.movements(wanted)[3:7]] == found[3:7]
        number += len(found)
    assert number > 100
