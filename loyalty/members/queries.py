"""What may be asked of members from outside."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member

_DIGITS = re.compile(r"[0-9]{1,18}")


def members() -> QuerySet[Member]:
    """Returns every living member of the programme in scope, newest first."""
    found: QuerySet[Member] = Member.objects.living().select_related("account", "tier_membership__tier")
    return found.order_by("-created_at", "-pk")


def search(text: str) -> QuerySet[Member]:
    """Returns members whose name or e-mail address contains `text`, or whose Shopify id it is; empty finds all."""
    text = text.strip()
    if not text:
        return members()
    match = Q()
    for word in text.split()[:5]:
        match &= Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    if _DIGITS.fullmatch(text):
        match |= Q(shopify_customer_id=int(text))
    return members().filter(match)


def member(*, identifier: str) -> Member:
    """Returns a member by Shopify customer id, e-mail address or customer gid.

    The id of a customer who was merged away finds the survivor.

    Raises:
        CustomerNotFound: No such member here.
    """
    text = identifier.strip().removeprefix("gid://shopify/Customer/")
    everyone = Member.objects.select_related("account", "tier_membership__tier", "program", "merged_into").filter(
        redacted_at=None
    )
    found: Member | None = None
    if _DIGITS.fullmatch(text):
        found = everyone.filter(shopify_customer_id=int(text)).first()
        while found is not None and found.merged_into_id is not None:
            found = everyone.get(pk=found.merged_into_id)
    elif "@" in text:
        found = everyone.filter(email=text.lower(), merged_into=None).order_by("pk").first()
    if found is None:
        raise CustomerNotFound(identifier)
    return found


def member_by_id(*, member_id: int) -> Member:
    """Returns a member by our own number.

    Raises:
        CustomerNotFound: No such member in this programme.
    """
    found: Member | None = members().select_related("program").filter(pk=member_id).first()
    if found is None:
        raise CustomerNotFound(member_id)
    return found


def count() -> int:
    """Returns how many living members the programme has."""
    return int(Member.objects.living().count())
