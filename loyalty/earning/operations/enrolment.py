"""Becoming a member: identity, account, base tier and, where a rule says so, points for signing up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from loyalty.earning.activity import Activity
from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.models import EarningRule
from loyalty.earning.operations.award import award
from loyalty.earning.operations.orders import settle_earlier_orders
from loyalty.earning.operations.participation import follow_tags
from loyalty.events import EventKind
from loyalty.ledger.operations import open_account
from loyalty.members.models import Member
from loyalty.members.operations import create_member
from loyalty.members.ports import Customer
from loyalty.orders.locks import lock_customer
from loyalty.outbox.operations import append
from loyalty.programs.models import Program
from loyalty.tiers.operations import requalify


@transaction.atomic
def enrol(
    *, program: Program, customer: Customer, now: datetime, source: str, announce: bool = True
) -> tuple[Member, bool]:
    """Enrols a customer once. An existing member is returned as they are.

    Orders they placed as a guest are theirs from now on, and earn. Sign-up points only if a sign-up rule is on, the
    programme is on, and the account is newer than the rule's activation. Who carries a tag that excludes is a member who
    takes no part.

    Returns:
        The member, and whether they are new.
    """
    lock_customer(program_id=program.pk, shopify_customer_id=customer.shopify_customer_id)  # before any row
    member, is_new = create_member(program=program, customer=customer, now=now)
    if not is_new:
        return member, False
    open_account(member=member, now=now)
    requalify(member_id=member.pk, now=now)
    member = follow_tags(member_id=member.pk, tags=customer.tags, now=now)
    if announce:
        append(
            program_id=program.pk, kind=EventKind.MEMBER_ENROLLED, member_id=member.pk, sequence=0,
            payload={"source": source, "balance": 0}, now=now,
        )  # fmt: skip
    rule = (
        EarningRule.objects.existing()
        .filter(category="signup", is_active=True, activated_at__lt=customer.created_at)
        .order_by("pk")
        .first()
    )
    if rule is not None and program.is_enabled and not member.is_excluded:
        award(
            activity=Activity(
                rule=RuleReference(public_id=rule.public_id),
                customer=CustomerReference(shopify_customer_id=customer.shopify_customer_id),
                source="signup",
                occurred_at=now,
            ),
            program_id=program.pk,
            now=now,
        )
    settle_earlier_orders(member=member, now=now)
    return member, True
