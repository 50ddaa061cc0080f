"""docs/worked-examples.md, replayed: each row makes a shop, lets it happen, and reads the member's balance."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.errors import EarningLimitReached
from loyalty.earning.facts import RuleReference
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.review import Review
from loyalty.earning.limits import Limit, Window
from loyalty.earning.operations import adjust_points, approve_due, celebrate, settle
from loyalty.ledger import operations as ledger
from loyalty.ledger.models import Entry, Lot
from loyalty.ledger.queries import account_id_of
from loyalty.members.operations import update_profile
from loyalty.money import to_minor
from loyalty.orders.facts import LineFacts, OrderFacts
from loyalty.orders.operations import record_order
from loyalty.orders.products import ProductFacts
from loyalty.outbox.relay import attempt, claim, fan_out
from loyalty.rewards.models import Redemption
from loyalty.rewards.operations import change_tiers
from loyalty.tiers.operations import Ladder, TierTerms
from loyalty.tiers.queries import tier_of
from tests.a_shop import NOW, AShop
from tests.architecture.sources import PROJECT
from tests.operations.loyalty.orders import told

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def rows(heading):
    """The rows of the table under a heading, as text, without the line of names."""
    text = (PROJECT / "docs" / "worked-examples.md").read_text()
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [pytest.param(*row, id=" · ".join(row)) for row in table[2:]]


def campaigns(shop, rule, text):
    """`2`, `2 +30`, `2, 3`, `3@2` (for product 2), `3@in7` (for collection 7), `3@sale` (for a tag); `–` is none."""
    for each in text.split(",") if text != "–" else []:
        multiplier, what, extra = re.fullmatch(r"([\d.]+)(?:@(\w+))?(?: \+(\d+))?", each.strip()).groups()
        narrowed = {}
        if what:
            name, number = re.fullmatch(r"(in)?(\d+)?.*", what).groups()
            kind = ("collection_ids" if name else "product_ids") if number else "product_tags"
            narrowed = {kind: (int(number),) if number else (what,)}
        terms = CampaignTerms(
            name=each.strip(), starts_at=LONG_AGO, modifiers={rule.pk: Modifier(Decimal(multiplier), int(extra or 0))},
            **narrowed,
        )  # fmt: skip
        create_campaign(program=shop.program, terms=terms, now=NOW)


def balance(shop, member, now=NOW):
    shop.assert_sound()
    return shop.balances(member, now).available


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_shop(**settings):
    return AShop.new(**settings)


@pytest.mark.parametrize(
    ("points", "tier", "campaign", "scope", "happens", "earned"), rows("Custom actions, social and engagement rules")
)
def test_custom_actions(points, tier, campaign, scope, happens, earned):
    shop = a_shop(tier_multiplier_scope="all" if scope == "everything" else "purchases")
    with shop.scope():
        shop.tier("Gold", 0, tier)
        member, rule = shop.member(), shop.action(points=int(points), now=LONG_AGO)
        campaigns(shop, rule, campaign)
        for _ in range(1 if happens == "once" else int(happens.split()[0])):
            shop.award()
        assert balance(shop, member) == int(earned)


def options_of(text):
    """`minimum_amount=50`, `per=fixed`, `product_ids=2 collection_ids=7`, `includes_tips=yes`; `–` is none."""
    pairs = (each.split("=") for each in text.split()) if text != "–" else ()
    return {name: True if value == "yes" else value for name, value in pairs}


def products(text):
    """`2:in7 2:sale`: what the shop says of the order's products."""
    said = [part.split(":") for part in text.split() if ":" in part]
    numbers = {int(part.partition("@")[2] or 1) for part in text.split() if ":" not in part and "=" not in part}
    inside = {(int(product), int(what[2:])) for product, what in said if re.fullmatch(r"in\d+", what)}
    tags = {(int(product), what) for product, what in said if not re.fullmatch(r"in\d+", what)}
    return {
        number: ProductFacts(
            frozenset(tag for product, tag in tags if product == number),
            frozenset(collection for product, collection in inside if product == number),
        )
        for number in numbers
    }


def order_facts(text, currency, placed_at=NOW, number=1):
    """`29.99 20.00@2 shipping=8.00 channel=web`: lines of a price and a product, then what else the order says."""
    named = dict(part.split("=") for part in text.split() if "=" in part)
    lines = [part.partition("@") for part in text.split() if "=" not in part and ":" not in part]
    priced = [(to_minor(Decimal(price), currency), int(product or 1)) for price, _, product in lines]
    shipping, tips = (to_minor(Decimal(named.get(name, "0")), currency) for name in ("shipping", "tips"))
    return OrderFacts(
        shopify_order_id=number, shopify_customer_id=7001, name=f"#{number}", currency=currency,
        total_minor=sum(minor for minor, _ in priced) + shipping + tips, placed_at=placed_at, shopify_updated_at=placed_at,
        paid_at=placed_at,
        lines=tuple(LineFacts(n, product, product, 1, minor) for n, (minor, product) in enumerate(priced)),
        facts={"shipping_minor": shipping, "tips_minor": tips, "source_name": named.get("channel", "web")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("points", "order", "options", "currency", "tier", "campaign", "earned"), rows("Placing an order")
)
def test_orders(points, order, options, currency, tier, campaign, earned):
    shop = a_shop(currency=currency)
    with shop.scope():
        shop.tier("Gold", 0, tier)
        member = shop.member()
        rule = shop.rule("place_order", int(points), now=LONG_AGO, frequency="unlimited", options=options_of(options))
        campaigns(shop, rule, campaign)
        told(shop, 1, products(order), collections=(7,))
        stored = record_order(program=shop.program, told=order_facts(order, currency), now=NOW)
        settle(order_id=stored.pk, now=NOW)
        assert balance(shop, member) == int(earned)


@pytest.mark.parametrize(("points", "photo", "video", "has", "earned"), rows("Reviews"))
def test_reviews(points, photo, video, has, earned):
    shop = a_shop()
    given = {"photo_points": photo, "video_points": video}
    with shop.scope():
        member = shop.member()
        options = {name: int(value) for name, value in given.items() if value != "–"}
        rule = shop.rule("review", int(points), frequency="unlimited", options=options, now=LONG_AGO)
        review = Review("OKENDO", photos=int("photo" in has), videos=int("video" in has))
        parts = KINDS["review"].parts(rule.points, rule.options, review)
        shop.award(rule=RuleReference(public_id=rule.public_id), parts=parts, occurrence="review:okendo:1")
        assert balance(shop, member) == int(earned)


@pytest.mark.parametrize(("rule", "day", "saved", "zone", "run_on", "earned"), rows("Birthdays and anniversaries"))
def test_yearly(rule, day, saved, zone, run_on, earned):
    shop = a_shop(time_zone=zone)
    kind, points = rule.split()
    run_at = instant(run_on if "T" in run_on else f"{run_on}T12:00")
    with shop.scope():
        shop.rule(kind, int(points), now=LONG_AGO)
        member = shop.member(now=instant(day) if kind == "anniversary" else LONG_AGO)
        if kind == "birthday":
            update_profile(member_id=member.pk, date_of_birth=date.fromisoformat(day), now=instant(saved))
        celebrate(program=shop.program, now=run_at)
        assert balance(shop, member, run_at) == int(earned)


@pytest.mark.parametrize(("rule", "orders", "earned"), rows("Milestones"))
def test_milestones(rule, orders, earned):
    shop = a_shop()
    figure, what = re.match(r"(\d+) (orders|spent)", rule).groups()
    action, option = ("order_milestone", "orders") if what == "orders" else ("spend_milestone", "spent")
    with shop.scope():
        member = shop.member()
        shop.rule(action, 250, now=LONG_AGO, options={option: int(figure)})
        for number, price in enumerate(orders.split(), start=1):
            stored = record_order(program=shop.program, told=order_facts(price, "USD", number=number), now=NOW)
            settle(order_id=stored.pk, now=NOW)
        assert balance(shop, member) == int(earned)


@pytest.mark.parametrize(("limit", "calls", "zone", "earned"), rows("Limits"))
def test_limits(limit, calls, zone, earned):
    shop = a_shop(time_zone=zone)
    count, days, window = re.fullmatch(r"(\d+) per (?:(\d+) )?(\w+)", limit).groups()
    with shop.scope():
        member = shop.member()
        shop.action(points=100, limit=Limit(int(count), Window(window), int(days) if days else None), now=LONG_AGO)
        for moment in calls.split():
            try:
                shop.award(now=instant(moment))
            except EarningLimitReached:
                continue
        assert balance(shop, member, instant(calls.split()[-1])) == int(earned)


@pytest.mark.parametrize(("points", "approval", "expiry", "after", "spendable"), rows("Pending and expiry"))
def test_waiting_and_ending(points, approval, expiry, after, spendable):
    days = {"at once": 0, "never": 0}
    approval_days, expiry_days = (days.get(text, 0) or int(text.split()[0]) if text not in days else 0
                                  for text in (approval, expiry))  # fmt: skip
    shop = a_shop(points_expiry_enabled=expiry_days > 0, points_expiry_days=expiry_days)
    with shop.scope():
        member = shop.member()
        shop.action(points=int(points), approval_days=approval_days, now=LONG_AGO)
        shop.award()
        for day in range(1, int(after.split()[0]) + 1):
            approve_due(now=NOW + timedelta(days=day))
        assert balance(shop, member, NOW + timedelta(days=int(after.split()[0]))) == int(spendable)


@pytest.mark.parametrize(("grace", "points", "tier", "left", "rewards"), rows("Tiers"))
def test_tiers(grace, points, tier, left, rewards):
    shop = a_shop(tier_grace_days=int(grace.split()[0]))
    with shop.scope():
        reward = shop.reward(0, name="Welcome")
        ladder = [
            TierTerms("Base", 0),
            TierTerms("Silver", 100, entry_points=20),
            TierTerms("Gold", 500, entry_points=50),
        ]
        wanted = Ladder(ladder, "points", "lifetime", shop.program.tier_grace_days, "all")
        change_tiers(program_id=shop.program.pk, ladder=wanted, entry_rewards={500: reward.public_id}, now=NOW)
        member = shop.member()
        for number in points.split():
            adjust_points(member=member, points=int(number), source="test", now=NOW)
        while fan_out(now=NOW):
            pass
        while found := claim(destination="encore:entry-rewards", now=NOW):
            attempt(claim=found, now=NOW)
        assert tier_of(member_id=member.pk).name == tier
        assert Redemption.objects.filter(member=member, points_spent=0).count() == int(rewards)
        assert balance(shop, member) == int(left)


@pytest.mark.parametrize(
    ("own", "tested", "after", "policy", "left", "lots", "debt"), rows("A test that is taken back")
)
def test_clean_up(own, tested, after, policy, left, lots, debt):
    shop = a_shop(refund_policy=policy)
    with shop.scope():
        member = shop.member(email="ada@example.com")
        happen(shop, member, own)
        shop.test_mode("shadow", member)
        happen(shop, member, tested)
        shop.test_mode("off")
        happen(shop, member, after)
        shop.clean_up(NOW + timedelta(days=1))
        balances = shop.balances(member, NOW + timedelta(days=1))
        remaining = Lot.objects.filter(remaining__gt=0).order_by("earned_at").values_list("remaining", flat=True)
        assert (balances.available, balances.debt) == (int(left), int(debt))
        assert list(remaining) == [int(number) for number in lots.split() if number != "–"]
        shop.assert_sound()


def happen(shop, member, steps):
    """`30` is earned, `-40` deducted by hand, `buy70` spent on a reward, `refund80` of what was earned first."""
    account = account_id_of(member_id=member.pk)
    for what, text in re.findall(r"([a-z-]*)(\d+)", steps):
        points, key = int(text), f"{Entry.objects.count()}"
        now = NOW + timedelta(minutes=Entry.objects.count())
        if what == "":
            shop.give(member, points, now=now)
        elif what == "-":
            adjust_points(member=member, points=-points, source="staff", now=now)
        elif what == "buy":
            held = ledger.hold(program_id=shop.program.pk, account_id=account, key=key, points=points, now=now)
            ledger.capture(program_id=shop.program.pk, hold_id=held.hold_id, key=f"c{key}", source="reward", now=now)
        else:
            first = Entry.objects.earliest("pk").pk
            ledger.reverse(entry_id=first, points=points, key=key, now=now, event={})
