"""`customers/data_request`: collect what we know of a customer, for the merchant to hand over within 30 days."""

import json
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils import timezone
from django_scopes import scope

from loyalty.credits.models import Removal
from loyalty.earning.queries import calls
from loyalty.imports.queries import rows_about
from loyalty.ledger.queries import balances_of, entries_of
from loyalty.members import queries
from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member
from loyalty.money import text
from loyalty.referrals.queries import referrals_of
from loyalty.skips.queries import skips
from shopify_app.webhooks.models import PersonalDataRequest
from shopify_app.webhooks.topics.delivery import Delivery, Ignored


def handle(delivery: Delivery) -> None:
    """Store the answer, encrypted, for the merchant. Replay: the first answer stays.

    Raises:
        Ignored: unknown shop, no customer named, or not a member: then there is nothing to hand over.
    """
    customer_id, program = delivery.customer_id(), delivery.program()
    with scope(program=program):
        try:
            member = queries.member(identifier=str(customer_id))
        except CustomerNotFound:
            raise Ignored("not a member") from None
        answer = json.dumps(personal_data(member, now=timezone.now()), cls=DjangoJSONEncoder)
    PersonalDataRequest.objects.get_or_create(
        webhook_id=delivery.webhook_id,
        defaults={
            "shop_domain": delivery.shop_domain,
            "shopify_customer_id": customer_id,
            "data": answer,
            "requested_at": delivery.triggered_at,
        },
    )


def personal_data(member: Member, *, now: datetime) -> dict[str, object]:
    """Everything stored that is about this person; points past their end are not counted."""
    balances = balances_of(member_id=member.pk, now=now)
    names = {
        str(member.shopify_customer_id),
        f"gid://shopify/Customer/{member.shopify_customer_id}",
        member.email or "",
    }
    return {
        "customer_id": member.shopify_customer_id,
        "email": member.email,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "date_of_birth": member.date_of_birth,
        "anniversary_date": member.anniversary_date,
        "language": member.locale,
        "emails_stopped_at": member.emails_stopped_at,
        "referral_code": member.referral_code,
        "enrolled_at": member.enrolled_at,
        "status": member.status,
        "points": {"available": balances.available, "pending": balances.pending, "lifetime": balances.lifetime},
        "awards": [
            {
                "action": each.action,
                "points": each.points,
                "status": each.status,
                "note": each.note,
                "metadata": each.metadata,
                "order_number": each.order_number,
                "at": each.created_at,
            }
            for each in member.awards.order_by("created_at")
        ],
        **_bought(member),
        "movements": [
            {
                "kind": each.kind,
                "points": each.points,
                "source": each.source,
                "about": each.details,
                "at": each.created_at,
            }
            for each in entries_of(member_id=member.pk)
        ],
        "missed_while_tried_out": [
            {"name": each.name, "points": each.points, "state": each.state, "about": each.facts, "at": each.occurred_at}
            for each in skips().filter(member=member)
        ],
        "rows_of_imported_files": _of_files(member),
        "calls_without_award": [
            {"action_key": each.action_key, "customer": each.customer, "reason": each.sentence, "at": each.created_at}
            for each in calls().filter(Q(member=member) | Q(customer__in=names - {""}))
        ],
    }


def _of_files(member: Member) -> list[dict[str, object]]:
    return [
        {
            "file": each.imported.file_name,
            "row": each.number,
            "email": each.email,
            "points": each.points,
            "note": each.note,
        }
        for each in rows_about(member_id=member.pk)
    ]


def _bought(member: Member) -> dict[str, object]:
    """Rewards, orders, and the friends they brought."""
    return {
        "redemptions": [
            {"code": each.code, "points": each.points_spent, "at": each.created_at}
            for each in member.redemptions.order_by("created_at")
        ],
        "orders": [
            {
                "number": each.name,
                "total": text(each.total_minor, each.currency),
                "currency": each.currency,
                "at": each.placed_at,
            }
            for each in member.orders.order_by("placed_at")
        ],
        "store_credit_removed": [
            {
                "amount": each.amount,
                "currency": each.currency,
                "reason": each.reason,
                "state": each.state,
                "at": each.created_at,
            }
            for each in Removal.objects.filter(member=member).order_by("created_at")
        ],
        "referrals": [
            {"friend": each.friend_email, "state": each.state, "at": each.claimed_at}
            for each in referrals_of(member_id=member.pk)
        ],
    }
