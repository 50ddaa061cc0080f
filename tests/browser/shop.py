"""A programme with something on every page, made by the operations as time would have made it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django_scopes import scope

from loyalty.api import calls
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import ActionCall, EarningRule
from loyalty.earning.operations import (
    Activity,
    RuleTerms,
    adjust_points,
    award,
    change_rule,
    create_rule,
    enrol,
    record_call,
)
from loyalty.imports.operations import match
from loyalty.imports.options import Options
from loyalty.integrations.models import Connection
from loyalty.integrations.syncing import run_name
from loyalty.integrations.vendors import VENDORS
from loyalty.integrations.webhooks.operations import create_subscription
from loyalty.ledger.models import Entry
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox.models import Delivery
from loyalty.programs.models import ApiKey, Program, ScheduledRun
from loyalty.programs.operations import create_api_key
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Reward
from loyalty.rewards.operations import RewardTerms, create_reward
from loyalty.skips.models import Skip
from loyalty.test_mode.operations import ModeTerms, change_test_mode
from loyalty.tiers.models import Tier
from shopify_app.dashboard.operations import set_login
from shopify_app.webhooks.models import PersonalDataRequest
from tests.browser.outgoing import went_out
from tests.importing import Importer
from tests.rolling_up import roll_up

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = NOW - timedelta(days=40)


@dataclass(frozen=True)
class Shop:
    """The programme and what its pages are about."""

    program: Program
    user: str
    action: EarningRule
    social: EarningRule
    member: Member
    reward: Reward
    campaign: Campaign
    key: ApiKey
    delivery: Delivery
    data_request: PersonalDataRequest
    outgoing: list[str]
    imports: list[str]

    def paths(self) -> list[str]:
        """Every page of the admin, relative to its root."""
        return [
            "", "start", "start/coffee", "analytics",
            "analytics?range=365&compare=none", "analytics?range=custom&from=2026-11-15&until=2026-11-15",
            "activity", "activity?kind=earned", "approvals", "earning-rules", "earning-rules/new", "earning-rules/new/custom",
            "earning-rules/new/follow_on_instagram", "earning-rules/calls", f"earning-rules/{self.action.public_id}",
            f"earning-rules/{self.social.public_id}", "rewards", "rewards/new", f"rewards/{self.reward.public_id}",
            "vip-tiers", "campaigns", "campaigns?view=calendar&month=2026-10", "campaigns?view=calendar&month=2030-02",
            "campaigns/new", f"campaigns/{self.campaign.public_id}",
            "earning-rules/new/referral", "referrals", "referrals?state=completed",
            "members", "members?q=nobody-has-this-name",
            "members?status=member&tier=none&min=0&activity=earned-90&birthday=5&from=2026-01-01&sort=name&q=customer",
            "members?status=member&max=5000&sort=balance", "activity?by=rest&from=2026-01-01&tests=none",
            "activity?by=staff:demo&kind=adjustment", "activity?kind=merge&member=nobody@example.com",
            f"members/{self.member.pk}", *self.movements(), f"members/{self.member.pk}/merge", "integrations", *self.webhooks(),
            "integrations/flow", *(f"integrations/{vendor.slug}" for vendor in VENDORS), "deliveries",
            f"deliveries/{self.delivery.pk}", *self.outgoing, "members/imports", *self.imports, "on-site", "on-site?as=visitor",
            "settings",
            "settings/test-mode", "settings/test-mode/missed",
            "settings/plan", "settings/developer", *self.calls(), "settings/privacy", "settings/emails",
            "settings/emails/reward_issued/en", "settings/emails/points_expiring/de", "settings/languages",
            f"settings/privacy/{self.data_request.pk}", "gallery",
        ]  # fmt: skip

    def movements(self) -> list[str]:
        """A page of each kind of entry, whose ever it is, and the preview of a merge."""
        with scope(program=self.program):
            first = {entry.kind: entry for entry in Entry.objects.select_related("account").order_by("-pk")}
            other = Member.objects.exclude(pk=self.member.pk).filter(merged_into=None, redacted_at=None).first()
        pages = [f"members/{each.account.member_id}/points/{each.pk}" for each in first.values()]
        return [*pages, *([f"members/{self.member.pk}/merge?other={other.shopify_customer_id}"] if other else [])]

    def webhooks(self) -> list[str]:
        """The merchant's own webhooks, and one of them."""
        with scope(program=self.program):
            hook, _secret = create_subscription(
                program=self.program, url="https://hooks.example/encore", events=["points.earned"], description="Till",
                keeps_trying=True, is_active=True, now=NOW,
            )  # fmt: skip
        return ["webhooks", "webhooks/new", f"webhooks/{hook.public_id}"]

    def calls(self) -> list[str]:
        """The log of REST calls, and one of them."""
        calls.record(
            program_id=self.program.pk, at=NOW, method="POST", path="/v1/customers?dry_run=true", status=400, milliseconds=4,
            key_prefix=self.key.prefix, request_id="r", idempotency_key="order-7", is_dry_run=True, request=b"{}",
            answer={"errors": [{"code": "invalid_request"}]},
        )  # fmt: skip
        page = "settings/developer/calls"
        return [page, f"{page}?outcome=done", f"{page}/{calls.newest(program_id=self.program.pk)[0].id}"]


EMPTY_PATHS = [
    "", "start", "start/fashion", "analytics",
    "activity", "approvals", "earning-rules", "earning-rules/calls", "rewards", "vip-tiers", "campaigns",
    "campaigns?view=calendar", "members", "integrations",
    "integrations/klaviyo", "integrations/flow", "webhooks", "webhooks/new", "referrals", "deliveries", "members/imports",
    "on-site", "on-site?as=visitor",
    "settings", "settings/test-mode", "settings/test-mode/missed", "settings/plan", "settings/developer", "settings/developer/calls",
    "settings/privacy", "settings/emails", "settings/emails/points_earned/en", "settings/languages",
]  # fmt: skip


def tried_out(shop: Shop) -> list[str]:
    """Puts the programme into shadow test mode with a test and something missed before; returns the pages it shows on."""
    with scope(program=shop.program):
        missed = Member.objects.get(email="customer2@example.com")
        Skip.objects.create(
            program=shop.program, member=missed, kind=Skip.Kind.AWARD, name="Install the app", points=100, occurred_at=NOW,
            created_at=NOW, sentence="The programme is switched off",
        )  # fmt: skip
        terms = ModeTerms("shadow", ["customer1@example.com"])
        change_test_mode(program_id=shop.program.pk, terms=terms, now=NOW)
        tester = Member.objects.get(email="customer1@example.com")
        adjust_points(member=tester, points=70, source="staff", now=NOW, note="To try it", actor="demo")
    return [
        "",
        "activity",
        "members",
        f"members/{tester.pk}",
        "settings",
        "settings/test-mode",
        "settings/test-mode/missed",
    ]


def empty_program(name: str = "empty") -> Program:
    """A programme on its first day, with a login of the same name."""
    program = Program.objects.create(
        name=name.title(), shopify_domain=f"{name}.myshopify.com", created_at=START, updated_at=START
    )
    set_login(program=program, username=name, password=name)
    return program


def filled_shop(name: str = "demo") -> Shop:
    """A programme with a tier, rules (one renamed), rewards, members, history, a refused call, a key and deliveries."""
    program = empty_program(name)
    with scope(program=program):
        tier = Tier.objects.create(
            program=program, public_id="tier_base", name="Bronze", threshold=0, multiplier=Decimal("1.5"),
            created_at=START, updated_at=START,
        )  # fmt: skip
        terms = RuleTerms(name="Install the app", points=100, action_key="app_install")
        action = create_rule(program=program, action="custom", terms=terms, now=START)
        renamed = RuleTerms(name="Install the app", points=100, action_key="mobile_app_install")
        action = change_rule(public_id=action.public_id, terms=renamed, now=START)
        social = create_rule(
            program=program, action="follow_on_instagram", terms=RuleTerms(name="Follow us", points=50), now=START
        )
        reward = create_reward(
            program=program,
            terms=RewardTerms(name="5 off", discount_type="fixed_amount", points_cost=100, discount_amount=Decimal(5)),
            now=START,
        )
        create_reward(
            program=program,
            terms=RewardTerms(
                name="Bronze tenth", discount_type="percentage", points_cost=90, discount_amount=Decimal(10), tier=tier
            ),
            now=START,
        )
        wanted = CampaignTerms(
            name="Double week", starts_at=START, ends_at=START + timedelta(days=7), budget_points=5000,
            modifiers={action.pk: Modifier(Decimal(2)), social.pk: Modifier(extra_points=25)},
        )  # fmt: skip
        campaign = create_campaign(program=program, terms=wanted, now=START)
        member = _history(program, action)
        key, _ = create_api_key(program=program, name="Backend", scope="full", now=START)
        record_call(
            program_id=program.pk, door="rest", action_key="mobile_app_install", customer="nobody@example.com",
            outcome=ActionCall.Outcome.REFUSED, code="not_found", sentence="Customer not found", now=NOW, rule=action,
        )  # fmt: skip
        _referrals(program, member)
        _connections(program)
        delivery, outgoing = went_out(program, member)
    roll_up(program, timezone.now())
    asked = PersonalDataRequest.objects.create(
        shop_domain=program.shopify_domain, shopify_customer_id=7000, webhook_id=f"asked-{name}",
        data='{"email": "customer0@example.com"}', requested_at=NOW,
    )  # fmt: skip
    return Shop(
        program, name, action, social, member, reward, campaign, key, delivery, asked, outgoing, imported_files(program)
    )


def imported_files(program: Program) -> list[str]:
    """Files in every state; returns their pages. No shop is asked: everybody in them is a member."""
    importer = Importer(program, now=timezone.now())
    row = "email,points,birthday\ncustomer{},{},1990-04-03\n"
    waiting = importer.upload(row.format("3@example.com", 70))
    shown = importer.preview(
        row.format("4@example.com", 80) + "customer4@example.com,1,\n customer5@example.com,7,\n,5,\n"
    )
    done = importer.run(row.format("5@example.com", 90) + "wrong,1,\n")
    undone = importer.undo(importer.run(row.format("6@example.com", 90)))
    reading = importer.upload(row.format("2@example.com", 5))
    with scope(program=program):
        match(import_id=reading.pk, kind="members", columns=reading.columns, options=Options())
    return [
        f"members/imports/{waiting.pk}/match",
        *(f"members/imports/{each.pk}" for each in (shown, done, undone, reading)),
    ]


def _connections(program: Program) -> None:
    """One platform that works and is being back-filled, and one whose key is refused."""
    for vendor, state, error in (
        ("klaviyo", "active", ""),
        ("omnisend", "needs_reconnect", "Omnisend does not accept the key"),
    ):
        Connection.objects.create(
            program=program, vendor=vendor, state=state, credential="pk_secret", credential_hint="pk_se…cret", account_name="Tea",
            last_error=error, last_success_at=NOW, connected_at=START, updated_at=NOW,
        )  # fmt: skip
    ScheduledRun.objects.create(
        program=program, name=run_name("klaviyo"), started_at=NOW, leased_until=NOW + timedelta(days=9999),
        counts={"total": 1200, "written": 480, "skipped": 20}, cursor="500",
    )  # fmt: skip


def _referrals(program: Program, advocate: Member) -> None:
    """One friend who waits for a decision, and one who is through."""
    rule = create_rule(
        program=program,
        action="referral",
        terms=RuleTerms(name="Refer a friend", points=400, approval_days=14),
        now=START,
    )
    stories: tuple[dict[str, Any], ...] = (
        {"held_for": ["same_address"]},
        {"state": "completed", "order_name": "#1002"},
    )
    for number, more in enumerate(stories):
        Referral.objects.create(
            program=program, public_id=f"ref_{number}", advocate=advocate, friend_email=f"friend{number}@example.com",
            friend_key=str(number), rule_id=rule.pk, claimed_at=NOW, created_at=NOW, updated_at=NOW,
            expires_at=NOW + timedelta(days=30), **more,
        )  # fmt: skip


def _history(program: Program, action: EarningRule) -> Member:
    """Thirty members, one of them with an award and an adjustment; enough for a second page."""
    first = None
    for number in range(30):
        at = START + timedelta(hours=number)
        customer = Customer(7000 + number, f"customer{number}@example.com", "Ada", f"Number {number}", at)
        member, _ = enrol(program=program, customer=customer, now=at, source="test")
        first = first or member
    assert first is not None
    activity = Activity(
        rule=RuleReference(action_key=action.action_key),
        customer=CustomerReference(shopify_customer_id=7000),
        source="rest",
        occurred_at=NOW - timedelta(days=5),
    )
    award(activity=activity, program_id=program.pk, now=NOW - timedelta(days=5))
    adjust_points(
        member=first, points=-20, source="staff", now=NOW - timedelta(days=2), note="Asked for it", actor="demo"
    )
    return first
