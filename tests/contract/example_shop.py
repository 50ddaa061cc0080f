"""The shop that the document's examples are asked of, and how its answers are told: what differs by run is replaced."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.utils import timezone

from config.celery import app
from loyalty.api.v1 import examples
from loyalty.earning.models import Award, EarningRule
from loyalty.integrations.webhooks.models import WebhookSubscription
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.ledger.tasks import prove_ledgers
from loyalty.members.models import Member
from loyalty.outbox import relay
from loyalty.outbox.models import Attempt, Delivery
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import purchase
from loyalty.rewards.tasks import issue
from loyalty.tiers.models import Tier
from shopify_app.docs.calls import Call
from shopify_app.shops.operations import install
from tests.a_shop import AShop
from tests.receiver import Receiver
from tests.sandbox_client import Sandbox

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
BEFORE = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
ADA, GRACE = int(examples.CUSTOMER), 7402031999
ACTION_ID = 1042
DRAWING = (
    "loyalty.public_ids", "loyalty.members.operations", "loyalty.rewards.operations.purchase",
    "loyalty.integrations.webhooks.operations",
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def worker(name: str, kwargs: dict[str, Any] | None = None, **_: Any) -> None:
    """The one worker that somebody waits for, in this process and at once."""
    if name == issue.name:
        issue(**kwargs or {})


def customer(id_: int, first: str, last: str) -> dict[str, Any]:
    return {
        "id": id_, "email": f"{first.lower()}@example.com", "first_name": first, "last_name": last,
        "created_at": "2025-01-01T00:00:00Z",
    }  # fmt: skip


class ExampleShop(AShop):
    """Something of everything, with the ids that the examples name."""

    chance: Random
    secret: str
    delivery: int
    actions: dict[int, int]
    """What the numbers of the custom actions are told as."""

    @classmethod
    def open(cls, sandbox: Sandbox, receiver: Receiver, monkeypatch: Any) -> ExampleShop:
        """Installs it for real, and fills it at one instant and with one sequence of chance."""
        domain = sandbox.new_store(customers=[customer(ADA, "Ada", "Lovelace"), customer(GRACE, "Grace", "Hopper")])
        installed = install(domain=domain, id_token=sandbox.id_token(domain), now=timezone.now())
        chance = Random("examples")
        drawn = SimpleNamespace(
            choice=chance.choice, randbits=chance.getrandbits, token_hex=lambda size: chance.randbytes(size).hex()
        )
        for drawing in DRAWING:
            monkeypatch.setattr(sys.modules[drawing], "secrets", drawn)
        clock = [BEFORE]
        monkeypatch.setattr(timezone, "now", lambda: clock[0])
        monkeypatch.setattr(app, "send_task", worker)
        Program.objects.filter(pk=installed.program_id).update(
            points_expiry_enabled=True, points_expiry_days=365, code_prefix="TEA-", created_at=BEFORE, updated_at=BEFORE
        )
        made = cls(Program.objects.get(pk=installed.program_id))
        made.chance = chance
        with made.scope():
            made._fill(receiver, clock)
        return made

    def _fill(self, receiver: Receiver, clock: list[datetime]) -> None:
        self.tier("Bronze", 0)
        Tier.objects.filter(pk=self.tier("Silver", 500, "1.5").pk).update(public_id=examples.TIER)
        follow = self.rule("follow_on_instagram", 50, name="Follow us on Instagram", now=BEFORE)
        EarningRule.objects.filter(pk=follow.pk).update(public_id=examples.RULE)
        install_ = self.action(
            "app_install", 200, name="Install our app", options={"caller_sets_points": True}, now=BEFORE
        )
        reward = self.reward(500, now=BEFORE, minimum_spend=Decimal(20), expiry_days=90)
        Reward.objects.filter(pk=reward.pk).update(public_id=examples.REWARD)
        ada = self.member(ADA, email="ada@example.com", points=1740, now=BEFORE)
        Member.objects.filter(pk=ada.pk).update(date_of_birth=date(1990, 5, 15), referral_code="ADA7K2M9")
        survey = self.action("survey", 120, name="Answer our survey", now=BEFORE)
        self.actions = {follow.pk: ACTION_ID - 1, install_.pk: ACTION_ID, survey.pk: ACTION_ID + 1}
        for rule, id_ in ((install_, examples.INSTALL_RULE), (survey, examples.SURVEY_RULE)):
            EarningRule.objects.filter(pk=rule.pk).update(public_id=id_)
        clock[0] += timedelta(hours=1)
        purchase(member=ada, reward_id=examples.REWARD, source="rest", now=clock[0])
        made, _ = create_subscription(
            program=self.program, url=receiver.url, events=["points.earned"], description="Our CRM", now=BEFORE
        )
        relay.fan_out(now=clock[0])
        clock[0] += timedelta(hours=1)
        self.award("survey-1", action="survey", customer=ADA, now=clock[0])
        Award.objects.update(public_id=examples.AWARD)
        self._deliver(at=clock[0])
        hook = {"url": "https://example.com/hooks/encore", "public_id": examples.SUBSCRIPTION}
        WebhookSubscription.objects.filter(pk=made.pk).update(**hook)
        clock[0] = NOW
        prove_ledgers()
        _, self.secret = create_api_key(
            program=self.program, name="Backend", scope="full", now=NOW, requests_per_second=1000, may_set_points=True
        )

    def _deliver(self, *, at: datetime) -> None:
        relay.fan_out(now=at)
        (row,) = Delivery.objects.filter(destination__startswith="webhook").values_list("pk", "destination")
        claimed = relay.claim(destination=row[1], now=at)
        assert claimed is not None
        relay.attempt(claim=claimed, now=at)
        Attempt.objects.update(milliseconds=42)  # how long it took differs by run
        self.delivery = row[0]

    def ask(self, call: Call) -> tuple[int, Any]:
        """Sends a call and returns the status and the answer as the examples tell it."""
        text = json.dumps(call.body) if call.body is not None else ""
        answer = Client().generic(
            call.method.upper(), self._target(call),
            text.replace(f'"action_id": {ACTION_ID}', f'"action_id": {self._pk_of(ACTION_ID)}'),
            content_type="application/json", headers={"Authorization": self.secret, **call.headers},
        )  # fmt: skip
        return answer.status_code, self.tidy(json.loads(answer.content)) if answer.content else None

    def _numbers(self) -> dict[str, str]:
        """What the examples call the delivery, and what it is called here."""
        return {examples.DELIVERY: f"whd_{self.delivery}", examples.OUTGOING: f"dlv_{self.delivery}"}

    def _target(self, call: Call) -> str:
        target = call.target
        for example, told in self._numbers().items():
            target = target.replace(example, told)
        return target

    def _pk_of(self, action_id: int) -> int:
        return next(pk for pk, told in self.actions.items() if told == action_id)

    def tidy(self, answer: Any) -> Any:
        """Replaces numbers and addresses that the database and the machine give out."""
        numbers = {told: example for example, told in self._numbers().items()}
        text = json.dumps(answer)
        for pk, told in self.actions.items():
            text = text.replace(f'"action_id": {pk},', f'"action_id": {told},')
        text = re.sub(r"http://127\.0\.0\.1:\d+/encore", "https://example.com/hooks/encore", text)
        text = text.replace(self.program.shopify_domain.removesuffix(".myshopify.com"), "tea-house")
        text = re.sub(r"http://localhost:\d+/shop/tea-house", "https://tea-house.example", text)
        uuids = list(dict.fromkeys(_UUID.findall(text)))
        for number, each in enumerate(uuids, 1):
            text = text.replace(each, f"018f6b1e-7c2a-7d3e-9f40-{number:012x}")
        return _renumbered(json.loads(text), numbers)


def _renumbered(value: Any, numbers: dict[str, str], name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _renumbered(each, numbers, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_renumbered(each, numbers, name) for each in value]
    if name == "id" and isinstance(value, str) and value in numbers:
        return numbers[value]
    is_number = isinstance(value, str) and value.isdigit() and value not in (str(ADA), str(GRACE))
    if name in ("id", "lot_id", "entry_id") and is_number:
        return numbers.setdefault(value, str(9000 + len(numbers)))
    return value
