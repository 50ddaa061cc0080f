"""A customer asks to be forgotten: no table holds their name afterwards, and every sum is what it was."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from loyalty.earning.models import ActionCall, Award
from loyalty.earning.operations import RuleTerms, create_rule, enrol
from loyalty.earning.tasks import drop_old_calls
from loyalty.events import EventKind
from loyalty.imports.models import ImportChunk
from loyalty.integrations.operations import connect
from loyalty.integrations.people import remember
from loyalty.ledger.audit import audit
from loyalty.ledger.models import Account, Entry
from loyalty.members.models import Member
from loyalty.members.ports import Customer
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery, Event
from loyalty.outbox.operations import append
from loyalty.outbox.ports import Done
from loyalty.programs.models import Program
from loyalty.programs.operations import create_api_key
from loyalty.referrals.models import Referral
from loyalty.referrals.operations import see_member
from loyalty.rewards.models import Redemption
from shopify_app.shops.operations import uninstall
from shopify_app.webhooks.models import PersonalDataRequest, ReceivedWebhook
from tests.importing import Importer
from tests.journeys.shopify_webhooks import deliver, work_off
from tests.vendor_accounts import ACCOUNTS

pytestmark = pytest.mark.django_db

CUSTOMER_ID = 880012345
EMAIL = "wilhelmina.plantagenet@example.org"
PLANTED = (EMAIL, "Wilhelmina", "Plantagenet", "+49 30 5550142", str(CUSTOMER_ID))
"""What nobody may find afterwards, in any spelling of its letters."""


def everything() -> str:
    """Every row of every table as text, and what is stored encrypted, opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    assert len(tables) > 25
    with scopes_disabled():
        found += [row.body or "" for row in ImportChunk.objects.all()]
    found += [row.body or "" for row in ReceivedWebhook.objects.all()]
    found += [row.data for row in PersonalDataRequest.objects.all()]
    return "\n".join(found).lower()


def hits() -> list[str]:
    text = everything()
    return [planted for planted in PLANTED if planted.lower() in text]


class Rest:
    """The merchant's backend."""

    def __init__(self, program: Program) -> None:
        with scope(program=program):
            _, self.key = create_api_key(program=program, name="Backend", scope="full", now=timezone.now())

    def post(self, path: str, body: dict, **headers: str):
        return Client().post(
            f"/v1/{path}", json.dumps(body), content_type="application/json",
            headers={"Authorization": self.key, **headers},
        )  # fmt: skip


@pytest.fixture
def program(installed_shop):
    Program.objects.filter(pk=installed_shop.program_id).update(test_mode_emails=[EMAIL, "else@example.org"])
    return Program.objects.get(pk=installed_shop.program_id)


def bring(program: Program, now) -> None:
    """Files that name them, in every state: uploaded, shown, and done."""
    head, row = (
        "email,customer_id,date,points,reason\n",
        f"{EMAIL},{CUSTOMER_ID},2025-01-01,{{}},Wilhelmina Plantagenet rang\n",
    )
    importer = Importer(program, now=now)
    importer.run(head + row.format(5))
    importer.preview(head + row.format(6))
    importer.upload(head + row.format(7))


@pytest.fixture
def member(program):
    """Somebody whose name stands wherever Encore lets anybody write something."""
    now = timezone.now()
    customer = Customer(CUSTOMER_ID, EMAIL, "Wilhelmina", "Plantagenet", now)
    with scope(program=program):
        found, _ = enrol(program=program, customer=customer, now=now, source="rest")
        terms = RuleTerms(name="Install", points=100, action_key="install", frequency="unlimited")
        rule = create_rule(program=program, action="custom", terms=terms, now=now)
        bring(program, now)
    rest = Rest(program)
    said = {"who": "Wilhelmina Plantagenet", "phone": "+49 30 5550142"}
    body = {"action_key": "install", "customer_email": EMAIL, "idempotency_key": f"install {EMAIL}", "metadata": said}
    assert rest.post("actions", body).status_code == 201
    note = {"adjustment": 50, "note": f"Wilhelmina rang from +49 30 5550142, see {EMAIL}"}
    assert rest.post(f"customers/{CUSTOMER_ID}/points", note, **{"Idempotency-Key": f"k {EMAIL}"}).status_code == 200
    for who in ({"customer_email": EMAIL.upper()}, {"customer_id": CUSTOMER_ID}):
        assert rest.post("actions", {"action_key": "no_such_action", **who}).status_code == 404
    with scope(program=program):
        Redemption.objects.create(
            program=program, public_id="cr_1", member=found, points_spent=0, idempotency_key=f"buy {EMAIL}",
            state="failed", created_at=now, updated_at=now,
        )  # fmt: skip
        Referral.objects.create(
            program=program, public_id="ref_1", advocate=found, friend=found, friend_email=EMAIL, friend_key="1",
            friend_customer_id=CUSTOMER_ID, rule_id=rule.pk, note=f"Shopify: {EMAIL}", claimed_at=now, expires_at=now,
            created_at=now, updated_at=now,
        )  # fmt: skip
        see_member(member=found, device=f"{EMAIL}'s tablet", address="8.8.8.8", now=now)
        told = {"note": f"for {EMAIL}", "points": 1}
        append(program_id=program.pk, kind=EventKind.POINTS_EARNED, member_id=found.pk, payload=told, now=now)
        Delivery.objects.create(
            program=program, destination="klaviyo:events", member_id=found.pk, state="done", next_attempt_at=now,
            created_at=now, last_request={"email": EMAIL}, last_response=EMAIL, last_error=f"no {EMAIL}",
        )  # fmt: skip
        remember(vendor="postscript", numbers={found.pk: f"s_{CUSTOMER_ID}"}, now=now)
    domain = program.shopify_domain
    deliver(domain, "customers/update", {"id": CUSTOMER_ID, "email": EMAIL, "phone": "+49 30 5550142"}, webhook_id="a")
    customer_ = {"id": CUSTOMER_ID, "email": EMAIL, "phone": "+49 30 5550142"}
    deliver(domain, "customers/data_request", {"shop_domain": domain, "customer": customer_}, webhook_id="b")
    assert work_off().state == "done"
    assert rule.pk
    return found


def ask(program, webhook_id="forget"):
    customer = {"id": CUSTOMER_ID, "email": EMAIL, "phone": "+49 30 5550142"}
    body = {"shop_domain": program.shopify_domain, "customer": customer}
    deliver(program.shopify_domain, "customers/redact", body, webhook_id=webhook_id)
    return work_off()


class TestACustomerWhoAsksToBeForgotten:
    def test_was_everywhere_before(self, program, member):
        assert hits() == list(PLANTED)

    def test_is_in_no_table_afterwards(self, program, member):
        assert ask(program).state == "done"
        assert hits() == []

    def test_leaves_every_figure_behind(self, program, member):
        figures = ("points", "balance_after", "kind", "sequence", "key", "created_at")
        with scope(program=program):
            before = list(Entry.objects.order_by("pk").values_list(*figures))
            balances = Account.objects.values("available", "lifetime").get(member=member)
        ask(program)
        with scope(program=program):
            assert list(Entry.objects.order_by("pk").values_list(*figures)) == before
            assert Account.objects.values("available", "lifetime").get(member=member) == balances
            assert balances["available"] == 155
            assert Award.objects.filter(member=member).count() == 2
        assert audit(program_id=program.pk) == []

    def test_twice_is_once(self, program, member):
        ask(program)
        with scope(program=program):
            first = Member.objects.values().get(pk=member.pk)
        assert ask(program, webhook_id="again").state == "done"
        with scope(program=program):
            assert Member.objects.values().get(pk=member.pk) == first
        assert hits() == []

    def test_keeps_their_calls_as_nobodys(self, program, member):
        ask(program)
        with scope(program=program):
            assert {(call.customer, call.code) for call in ActionCall.objects.all()} == {("", "key")}

    def test_is_told_of_to_nobody_any_more(self, program, member):
        ask(program)
        while relay.fan_out(now=timezone.now()):
            pass
        with scope(program=program):
            assert not Event.objects.filter(member_id=member.pk).exclude(payload={}).exists()
            assert set(Delivery.objects.values_list("state", flat=True)) <= {"done", "skipped", "pending"}
            waiting = list(Delivery.objects.filter(state="pending", member_id__isnull=False))
        for delivery in waiting:
            claim = relay.claim(destination=delivery.destination, now=timezone.now() + timedelta(minutes=1))
            assert claim is not None
            assert relay.attempt(claim=claim, now=timezone.now()).error == "The member is gone"

    def test_is_not_written_back_by_an_attempt_that_was_under_way(self, program, member):
        now = timezone.now()
        with scope(program=program):
            Delivery.objects.update(state="pending", next_attempt_at=now)
        claim = relay.claim(destination="klaviyo:events", now=now)
        ask(program)
        with scope(program=program):
            row = Delivery.objects.get(pk=claim.delivery_id)
            relay._finish(claim, row, Done(status=202, request={"email": EMAIL}, response=EMAIL), now)
        assert hits() == []

    def test_loses_what_was_written_onto_profiles_elsewhere(
        self, program, member, sandbox, django_capture_on_commit_callbacks
    ):
        account = ACCOUNTS[0]
        account.reset(sandbox)
        later = timezone.now() + timedelta(minutes=1)
        with scope(program=program):
            connect(program=program, vendor=account.vendor, key=account.key, now=timezone.now())
            append(
                program_id=program.pk,
                kind=EventKind.MEMBER_CHANGED,
                member_id=member.pk,
                payload={},
                now=timezone.now(),
            )
        relay.fan_out(now=timezone.now())
        relay.attempt(claim=relay.claim(destination="klaviyo:profiles", now=later), now=later)
        assert account.received(sandbox)["profiles"][EMAIL]["properties"]
        with django_capture_on_commit_callbacks(execute=True):
            assert ask(program).state == "done"
        assert account.received(sandbox)["profiles"][EMAIL]["properties"] == {}
        account.reset(sandbox)

    def test_takes_those_along_who_were_merged_into_them(self, program, member):
        now = timezone.now()
        other = Customer(880099999, f"old.{EMAIL}", "Mina", "Plantagenet", now)
        with scope(program=program):
            merged, _ = enrol(program=program, customer=other, now=now, source="rest")
            Member.objects.filter(pk=merged.pk).update(merged_into=member)
        ask(program)
        assert hits() == []
        with scope(program=program):
            assert Member.objects.get(pk=merged.pk).redacted_at is not None

    def test_who_was_never_a_member_leaves_no_calls_behind(self, program):
        Rest(program).post("actions", {"action_key": "install", "customer_email": EMAIL})
        assert EMAIL in hits()
        ask(program)
        assert hits() == []

    def test_and_comes_back_is_somebody_new(self, program, member):
        ask(program)
        customer = Customer(CUSTOMER_ID, EMAIL, "Wilhelmina", "Plantagenet", timezone.now())
        with scope(program=program):
            again, is_new = enrol(program=program, customer=customer, now=timezone.now(), source="rest")
            assert is_new and again.pk != member.pk
            assert Account.objects.get(member=again).available == 0


class TestAShopThatIsForgotten:
    def test_forgets_everybody(self, program, member):
        uninstall(domain=program.shopify_domain, now=timezone.now())
        deliver(program.shopify_domain, "shop/redact", {"shop_domain": program.shopify_domain})
        assert work_off().state == "done"
        assert hits() == []
        assert Program.objects.get(pk=program.pk).test_mode_emails == []
        assert audit(program_id=program.pk) == []

    def test_forgets_somebody_who_was_merged_away(self, program, member):
        with scope(program=program):
            survivor, _ = enrol(
                program=program,
                customer=Customer(5, None, None, None, timezone.now()),
                now=timezone.now(),
                source="rest",
            )
            Member.objects.filter(pk=member.pk).update(merged_into=survivor)
        uninstall(domain=program.shopify_domain, now=timezone.now())
        deliver(program.shopify_domain, "shop/redact", {"shop_domain": program.shopify_domain})
        assert work_off().state == "done"
        assert hits() == []


class TestLoggedCalls:
    def test_are_dropped_when_they_are_thirty_days_old(self, program, member):
        with scope(program=program):
            old = ActionCall.objects.latest("pk")
            ActionCall.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
            kept = set(ActionCall.objects.exclude(pk=old.pk).values_list("pk", flat=True))
        drop_old_calls()
        with scope(program=program):
            assert set(ActionCall.objects.values_list("pk", flat=True)) == kept != set()


class TestTheJournal:
    def test_lets_nothing_but_the_words_go(self, program, member):
        with scope(program=program), connection.cursor() as cursor:
            cursor.execute("SET LOCAL encore.forget = 'on'")
            with pytest.raises(Exception, match="append-only"):
                Entry.objects.filter(account__member=member).update(points=1)
