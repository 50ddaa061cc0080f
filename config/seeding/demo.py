"""The demo shop: a few hundred members with months of history, made by the operations with their `now`.

Nothing of it is told to anybody: each member's history is one transaction in which its events are marked as told, and
Klaviyo is connected at the end.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from config.seeding import sandbox
from config.seeding.demo_orders import Agenda, Later, catalogue, place_order
from config.seeding.demo_programme import make_campaigns, make_rewards, make_rules
from config.seeding.demo_referrals import refer
from config.seeding.names import FIRST_NAMES, LAST_NAMES
from config.seeding.opening import opened
from loyalty.earning import operations as earning
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import EarningRule
from loyalty.errors import Refusal
from loyalty.integrations.operations import connect
from loyalty.ledger.queries import balances_of
from loyalty.members import queries as members
from loyalty.members.models import Member
from loyalty.members.operations import update_profile
from loyalty.members.ports import Customer
from loyalty.outbox.models import Event
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from loyalty.rewards import operations as rewards
from loyalty.rewards.models import Reward
from loyalty.rewards.operations.issuing import terms_of
from loyalty.rewards.ports import discount_issuer
from shopify_app.dashboard.operations import set_login

DOMAIN = "encore-demo.myshopify.com"
MEMBERS = 260
STRANGERS = 12
"""Customers of the store who have not joined: for trying out enrolment."""
DAYS = 180
SEED = 20261120
FIRST_CUSTOMER_ID = 7_000_000_001


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the demo store."""

    shopify_customer_id: int
    first_name: str
    last_name: str
    email: str
    joined_at: datetime


def seed(*, now: datetime) -> dict[str, str]:
    """Makes the demo shop and returns what the front door shows."""
    rng = random.Random(SEED)  # noqa: S311  # the same history every time, and no secret
    people = _people(rng, now)
    sandbox.put_stores([_store(people)])
    program = opened(DOMAIN, now=now - timedelta(days=DAYS + 1))
    Program.objects.filter(pk=program.pk).update(
        name="Fern & Field", points_expiry_enabled=True, points_expiry_days=365
    )
    program.refresh_from_db()
    start = now - timedelta(days=DAYS)
    with scope(program=program):
        with transaction.atomic():
            rules, offered = make_rules(program, start), make_rewards(program, start)
            make_campaigns(program, rules, now)
        for person in people[:MEMBERS]:
            with transaction.atomic():
                _live(program, person, rules, offered, rng, now)
                Event.objects.filter(fanned_out_at=None).update(fanned_out_at=now)
        earning.approve_due(now=now)
        friends = [(person.shopify_customer_id, person.email) for person in people[MEMBERS:]]
        refer(program=program, friends=friends, advocates=list(members.members()[20:26]), now=now)
        Event.objects.filter(fanned_out_at=None).update(fanned_out_at=now)
        connect(program=program, vendor="klaviyo", key=f"pk_{secrets.token_hex(16)}", now=now)
        _today(program, people, now)
        _, api_key = create_api_key(program=program, name="Demo key", scope="full", now=now)
    password = secrets.token_urlsafe(9)
    set_login(program=program, username="demo", password=password)
    return {
        "shop_domain": DOMAIN,
        "api_key": api_key,
        "member_id": str(people[0].shopify_customer_id),
        "action_key": "store_visit",
        "standalone_user": "demo",
        "standalone_password": password,
    }


def _today(program: Program, people: list[Person], now: datetime) -> None:
    """What happens now is told: the first deliveries, and two calls that awarded nothing, with their reasons."""
    for person in people[3:6]:
        _call(program, person, "store_visit", now)
    for key in ("store_vist", "workshop_attended_2"):
        try:
            _call(program, people[7], key, now)
        except Refusal as refusal:
            earning.record_refusal(
                program_id=program.pk, door="rest", action_key=key, customer=str(people[7].shopify_customer_id),
                refusal=refusal, now=now,
            )  # fmt: skip


def _call(program: Program, person: Person, action_key: str, now: datetime) -> None:
    activity = earning.Activity(
        rule=RuleReference(action_key=action_key),
        customer=CustomerReference(shopify_customer_id=person.shopify_customer_id),
        source="rest",
        occurred_at=now,
    )
    earning.award(activity=activity, program_id=program.pk, now=now)


def _people(rng: random.Random, now: datetime) -> list[Person]:
    """Everybody in the store, the earliest to join first."""
    joined = sorted(rng.uniform(1, DAYS) for _ in range(MEMBERS + STRANGERS))
    people = []
    for number, days in enumerate(reversed(joined)):
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        people.append(
            Person(
                FIRST_CUSTOMER_ID + number, first, last, f"{first}.{last}.{number}@example.com".lower(),
                now - timedelta(days=days),
            )
        )  # fmt: skip
    return people


def _store(people: list[Person]) -> dict[str, Any]:
    return {
        "domain": DOMAIN,
        "name": "Fern & Field",
        "currency": "USD",
        "timezone": "America/New_York",
        **catalogue(),
        "customers": [
            {
                "id": str(person.shopify_customer_id), "email": person.email, "first_name": person.first_name,
                "last_name": person.last_name, "created_at": person.joined_at.isoformat(),
            }
            for person in people
        ],
    }  # fmt: skip


def _live(  # noqa: PLR0917  # told apart by their types
    program: Program,
    person: Person,
    rules: dict[str, EarningRule],
    offered: list[Reward],
    rng: random.Random,
    now: datetime,
) -> None:
    """Lives one member's history, in order of time."""
    customer = Customer(person.shopify_customer_id, person.email, person.first_name, person.last_name, person.joined_at)
    member, _ = earning.enrol(program=program, customer=customer, now=person.joined_at, source="account")
    if rng.random() < 0.35:
        born = date(rng.randint(1955, 2004), rng.randint(1, 12), rng.randint(1, 28))
        update_profile(member_id=member.pk, date_of_birth=born, now=person.joined_at)
    zeal = rng.paretovariate(1.6)
    lived = (now - person.joined_at).total_seconds()
    agenda = Agenda(now)
    for _ in range(min(int(2 + 4 * zeal), 40)):
        at = person.joined_at + timedelta(seconds=60 + rng.uniform(0, 1) * (lived - 120))
        if rng.random() < 0.16:
            agenda.add(at, lambda at: _redeem(program, member, offered, rng, at, agenda.add))
        elif rng.random() < 0.3:
            agenda.add(at, lambda at: place_order(program, person.shopify_customer_id, rng, at, agenda.add))
        else:
            agenda.add(at, lambda at: _earn(program, person, rules, rng, at, agenda.add))
    agenda.live()
    if rng.random() < 0.05:
        earning.adjust_points(
            member=member, points=rng.choice([50, 100, -40]), note="Goodwill after a late parcel", source="staff",
            actor="demo", now=now - timedelta(minutes=rng.randint(5, 5000)),
        )  # fmt: skip
    if rng.random() < 0.012:
        earning.set_excluded(member_id=member.pk, excluded=True, reason="Wholesale", now=now)


def _earn(  # noqa: PLR0917  # told apart by their types
    program: Program, person: Person, rules: dict[str, EarningRule], rng: random.Random, at: datetime, later: Later
) -> None:
    weights = {"store_visit": 9, "workshop": 3, "repotting": 2, "instagram": 2, "newsletter": 2, "survey": 1}
    rule = rules[rng.choices(list(weights), list(weights.values()))[0]]
    reference = (
        RuleReference(action_key=rule.action_key) if rule.action_key else RuleReference(public_id=rule.public_id)
    )
    activity = earning.Activity(
        rule=reference, customer=CustomerReference(shopify_customer_id=person.shopify_customer_id),
        source=rng.choice(["rest", "flow"]) if rule.action_key else "staff", occurred_at=at,
    )  # fmt: skip
    try:
        result = earning.award(activity=activity, program_id=program.pk, now=at)
    except Refusal:
        return  # once per customer, and had already: nothing happens, as in life
    if result.due_at is not None:
        later(result.due_at, lambda due_at: _approve(result.public_id, due_at))


def _approve(public_id: str, at: datetime) -> None:
    earning.approve(public_id=public_id, now=at)


def _redeem(  # noqa: PLR0917  # told apart by their types
    program: Program, member: Member, offered: list[Reward], rng: random.Random, at: datetime, later: Later
) -> None:
    """Redeems something the member can afford, with a real code in the sandbox's Shopify."""
    available = balances_of(member_id=member.pk, now=at).available
    affordable = [reward for reward in offered if reward.points_cost <= available]
    if not affordable:
        return
    try:
        redemption, _ = rewards.begin(
            member=member, reward_id=rng.choice(affordable).public_id, now=at, source="storefront"
        )
    except Refusal:
        return
    # The worker's deadline passed long ago: nobody waits for these codes, so they get the time they take.
    terms = terms_of(redemption, program, deadline_at=timezone.now() + timedelta(seconds=30))
    redemption = rewards.finish(redemption_id=redemption.pk, discount_gid=discount_issuer().create(terms), now=at)
    if rng.random() < 0.55:
        used_at = at + timedelta(hours=rng.randint(1, 200))
        code = redemption.code
        later(used_at, lambda at: place_order(program, member.shopify_customer_id, rng, at, later, code=code))
