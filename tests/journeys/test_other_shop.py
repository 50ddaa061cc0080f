"""A caller of one shop meets ids of another: for every route with an id, the answer is that of an id nobody has."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.api import calls
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.models import Award
from loyalty.earning.operations.adjustment import adjust_points
from loyalty.earning.operations.enrolment import enrol
from loyalty.earning.operations.rules import RuleTerms, create_rule
from loyalty.imports.operations import upload
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.members.ports import Customer
from loyalty.outbox.models import Delivery
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from loyalty.rewards.operations import RewardTerms, create_reward, issue_free
from loyalty.tenancy import TenantModel
from loyalty.tiers.operations import create_tier
from shopify_app.dashboard.operations import set_login
from shopify_app.webhooks.models import PersonalDataRequest
from tests.architecture.routes import Route, routes

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
NOBODYS = {
    "public_id": "nobodys", "identifier": "999999", "member_id": 999999, "delivery_id": 999999, "key_id": 999999,
    "request_id": 999999, "entry_id": 999999, "call_id": "nobodys", "import_id": 999999,
}  # fmt: skip
# Arguments that are no id: they choose among things the product itself has.
WORDS = {"name", "action", "key", "handle", "vendor", "kind", "language", "template"}


@dataclass(frozen=True)
class Theirs:
    """The ids of another shop, by the part of the address they belong to."""

    program: Program
    public_ids: dict[str, str]
    others: dict[str, object]

    def values(self, route: Route) -> dict[str, object]:
        """What to put into a route: ids of this shop where the route wants ids."""
        found = dict(self.others)
        for part, public_id in self.public_ids.items():
            if f"{part}/" in route.pattern:
                found["public_id"] = public_id
        return {name: value for name, value in found.items() if name in route.arguments}


@pytest.fixture
def theirs(sandbox) -> Theirs:
    """A shop with one of everything."""
    now = timezone.now()
    program = Program.objects.create(name="Theirs", shopify_domain=sandbox.new_store(), created_at=now, updated_at=now)
    with scope(program=program):
        rule = create_rule(
            program=program, action="custom",
            terms=RuleTerms(name="Theirs", points=5, action_key="theirs", frequency="unlimited"), now=now,
        )  # fmt: skip
        terms = RewardTerms(name="Theirs", discount_type="fixed_amount", points_cost=5, discount_amount=Decimal(5))
        reward = create_reward(program=program, terms=terms, now=now)
        wanted = CampaignTerms(name="Theirs", starts_at=now, modifiers={rule.pk: Modifier(Decimal(2))})
        campaign = create_campaign(program=program, terms=wanted, now=now)
        tier = create_tier(program=program, name="Theirs", threshold=0, multiplier=Decimal(1), now=now)
        member, _ = enrol(
            program=program, customer=Customer(4242, "theirs@example.com", "T", "H", now), now=now, source="test"
        )
        key, _secret = create_api_key(program=program, name="Theirs", scope="full", now=now)
        subscription, _secret = create_subscription(
            program=program, url="http://127.0.0.1:9/x", events=["points.earned"], description=None, now=now
        )
        delivery = Delivery.objects.create(
            program=program, destination=f"webhook:{subscription.pk}:points.earned", next_attempt_at=now, created_at=now
        )
        adjust_points(member=member, points=50, source="staff", now=now)
        award = Award.objects.first()
        calls.record(
            program_id=program.pk, at=now, method="GET", path="/v1/rewards", status=200, milliseconds=1, key_prefix="enc",
            request_id="r", idempotency_key="", is_dry_run=False, request=b"", answer=None,
        )  # fmt: skip
        code, _ = issue_free(member=member, reward_id=reward.public_id, occurrence="t", source="tier", now=now)
        imported = upload(
            program=program, file_name="theirs.csv", pieces=lambda: [b"email,points\ntheirs@example.com,5\n"],
            source="other", actor="them", now=now,
        )  # fmt: skip
        asked = PersonalDataRequest.objects.create(
            shop_domain=program.shopify_domain,
            shopify_customer_id=4242,
            webhook_id="theirs",
            data="{}",
            requested_at=now,
        )
    return Theirs(
        program=program,
        public_ids={
            "earning-rules": rule.public_id, "rewards": reward.public_id, "vip-tiers": tier.public_id,
            "deliveries/codes": code.public_id,
            "webhook-subscriptions": subscription.public_id,
            "webhooks": subscription.public_id,
            "earning-history": award.public_id if award else "nobodys",
            "campaigns": campaign.public_id,
        },
        others={
            "identifier": 4242, "member_id": member.pk, "delivery_id": delivery.pk, "key_id": key.pk,
            "request_id": asked.pk, "import_id": imported.pk,
            "award_id": award.public_id if award else "nobodys", "entry_id": award.entry_id if award else 0,
            "call_id": calls.newest(program_id=program.pk)[0].id,
        },
    )  # fmt: skip


def fingerprint(program: Program) -> str:
    """Everything stored of a programme."""
    digest = hashlib.sha256()
    with scopes_disabled():
        for model in sorted(apps.get_models(), key=lambda each: each._meta.label):
            if issubclass(model, TenantModel):
                rows = model._base_manager.filter(program=program).order_by("pk").values_list()
                digest.update(repr((model._meta.label, list(rows))).encode())
    return digest.hexdigest()


def credentials(route: Route, shop, sandbox) -> tuple[Client, dict[str, str]]:
    """A caller who may do everything in their own shop."""
    client = Client()
    if route.guard == "session token":
        return client, {"Authorization": f"Bearer {sandbox.id_token(shop.domain)}"}
    if route.guard == "API key":
        with scope(program=shop.program):
            _, secret = create_api_key(
                program=shop.program, name="k", scope="full", now=timezone.now(), requests_per_second=1000
            )
        return client, {"Authorization": f"Bearer {secret}"}
    set_login(program=shop.program, username="mine", password="mine")
    client.login(username="mine", password="mine")
    return client, {}


def with_an_id() -> list[Route]:
    guarded = [route for route in routes() if route.guard in ("session token", "API key", "Django login")]
    return [route for route in guarded if set(route.arguments) - WORDS]


def test_every_argument_of_a_route_is_known_here(theirs):
    for route in with_an_id():
        assert set(theirs.values(route)) == set(route.arguments) - WORDS, route.pattern


@pytest.mark.parametrize("route", with_an_id(), ids=lambda route: route.pattern)
def test_an_id_of_another_shop_is_an_id_nobody_has(route, installed_shop, theirs, sandbox):
    client, headers = credentials(route, installed_shop, sandbox)
    before = fingerprint(theirs.program)
    for method in METHODS:
        call = getattr(client, method)
        their_answer = call(route.path(**theirs.values(route)), headers=headers, content_type="application/json")
        nobodys = {name: NOBODYS.get(name, "nobodys") for name in theirs.values(route)}
        no_answer = call(route.path(**nobodys), headers=headers, content_type="application/json")
        assert their_answer.status_code == no_answer.status_code, method
        assert their_answer.status_code in (400, 404, 405, 422), (method, their_answer.status_code)
        if method == "get":
            assert their_answer.status_code in (404, 405)
    assert fingerprint(theirs.program) == before


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if issubclass(m, TenantModel)], ids=lambda m: m.__name__
)
def test_an_unscoped_query_raises(model):
    from django_scopes.exceptions import ScopeError

    with pytest.raises(ScopeError):
        model.objects.count()
