"""What may be asked of members from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.db.models.functions import Lower

from loyalty.members.errors import CustomerNotFound
from loyalty.members.models import Member

FEW_NAMED = 2_000
"""Up to so many members whom words find are named, whatever else is asked of them and in whichever order."""
_DIGITS = re.compile(r"[0-9]{1,18}")


def members() -> QuerySet[Member]:
    """Returns every living member of the programme in scope, newest first."""
    found: QuerySet[Member] = Member.objects.living().select_related("account", "tier_membership__tier")
    return found.order_by("-created_at", "-pk")


def search(text: str) -> QuerySet[Member]:
    """Returns who `text` names: by e-mail address, Shopify id or gid, or referral code; empty finds all.

    A whole one of these finds by an index, and nobody else. Where it is nobody's, those are found whose name or e-mail address
    contains each of its words. Few are named by number, after reading the programme's members once; of many a list's order finds
    a page's soon, and each member on the way is asked. The database knows not how common a word is: it is told which way to go.
    """
    text = text.strip()
    if not text:
        return members()
    name = text.removeprefix("gid://shopify/Customer/")
    exact = Q(email=text.lower()) | Q(referral_code=text.upper())
    if _DIGITS.fullmatch(name):
        exact |= Q(shopify_customer_id=int(name))
    named = members().filter(exact)
    if named.exists():
        return named
    match = Q()
    for word in text.split()[:5]:
        match &= Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    few = list(Member.objects.living().filter(match).order_by().values_list("pk", flat=True)[: FEW_NAMED + 1])
    if len(few) <= FEW_NAMED:
        return members().filter(pk__in=few)
    return members().filter(Case(When(match, then=True), default=False, output_field=BooleanField()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which members are looked for; what is empty or None does not narrow.

    Attributes:
        text: See `search`.
        status: One of `Member.Status`.
        birthday_month: 1 to 12.
        joined_since: The first instant of having joined, and `joined_before` the first one after.
    """

    text: str = ""
    status: str = ""
    birthday_month: int | None = None
    joined_since: datetime | None = None
    joined_before: datetime | None = None


def find(wanted: Wanted) -> QuerySet[Member]:
    """Returns the living members that are wanted, newest first."""
    found = search(wanted.text)
    if wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.birthday_month is not None:
        found = found.filter(date_of_birth__isnull=False, date_of_birth__month=wanted.birthday_month)
    if wanted.joined_since is not None:
        found = found.filter(enrolled_at__gte=wanted.joined_since)
    if wanted.joined_before is not None:
        found = found.filter(enrolled_at__lt=wanted.joined_before)
    return found


def by_name(found: QuerySet[Member]) -> QuerySet[Member]:
    """Returns members in the order of their names as they are shown, first name first; those without one come last."""
    return found.order_by(Lower("first_name"), Lower("last_name"), "pk")


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
