"""Who takes part. Exclusion changes under the account's lock, so no award slips through beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.events import EventKind
from loyalty.ledger.operations import lock_account
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.outbox.operations import append
from loyalty.programs.models import Program

MAX_TAGS = 250
"""Shopify's own limit of tags on a customer; a programme names no more."""
By = Member.ExcludedBy


@transaction.atomic
def set_excluded(
    *, member_id: int, excluded: bool, now: datetime, reason: str = "", by: Member.ExcludedBy = By.STAFF
) -> Member:
    """Excludes a member from earning and redeeming, or takes them back in. Already so is no change.

    Balances stay and stay visible. Pending points wait until the exclusion ends.

    Args:
        by: Who decides: staff, a tag in the shop, or the customer, who opted out. What somebody decided takes precedence
            over a tag: removing the tag then does not end it.
    """
    lock_account(account_id=account_id_of(member_id=member_id))
    member: Member = Member.objects.get(pk=member_id)
    is_taken_over = excluded and member.excluded_by == By.TAG and by != By.TAG
    if member.is_excluded == excluded and not is_taken_over:
        return member
    _write(member, excluded=excluded, by=by, reason=reason, now=now)
    return member


@transaction.atomic
def follow_tags(*, member_id: int, tags: Iterable[str], now: datetime) -> Member:
    """Writes down the tags a customer has in the shop, and excludes members with one of `Program.excluded_tags`.

    Compared without regard to case, as the shop does. Losing the last such tag ends an exclusion that a tag had made, and
    no other. A repeat changes nothing.
    """
    lock_account(account_id=account_id_of(member_id=member_id))
    member: Member = Member.objects.select_related("program").get(pk=member_id)
    present = sorted(set(tags))
    if member.tags != present:
        member.tags, member.updated_at = present, now
        member.save(update_fields=["tags", "updated_at"])
    carried = {tag.casefold() for tag in present}
    found = next((tag for tag in member.program.excluded_tags if tag.casefold() in carried), None)
    if found is not None and (not member.is_excluded or _names_another(member, found)):
        _write(member, excluded=True, by=By.TAG, reason=found, now=now)
    if found is None and member.excluded_by == By.TAG:
        _write(member, excluded=False, by=By.TAG, reason="", now=now)
    return member


@transaction.atomic
def exclude_by_tags(*, program_id: int, tags: Iterable[str], now: datetime) -> Program:
    """Changes which tags exclude, and judges at once the members whom that concerns.

    Raises:
        InvalidField: A tag is empty or longer than 255 characters, or there are more than 250.
    """
    wanted = list({tag.strip().casefold(): tag.strip() for tag in tags}.values())
    if len(wanted) > MAX_TAGS or not all(0 < len(tag) <= 255 for tag in wanted):
        raise InvalidField("excluded_tags", _("Name up to %(most)s tags of 1 to 255 characters") % {"most": MAX_TAGS})
    program = Program.objects.select_for_update(no_key=True).get(pk=program_id)  # beside awards, which refer to its key
    program.excluded_tags, program.updated_at = wanted, now
    program.save(update_fields=["excluded_tags", "updated_at"])
    # Who carries any tag at all may carry it in another spelling; the few who do are compared one by one.
    tagged = Member.objects.living().filter(~Q(tags=[]) | Q(excluded_by=By.TAG)).order_by("pk")
    for member_id, carried in list(tagged.values_list("pk", "tags")):
        follow_tags(member_id=member_id, tags=carried, now=now)
    return program


def _names_another(member: Member, tag: str) -> bool:
    """Whether a tag had excluded them, and it is no longer that one."""
    return member.excluded_by == By.TAG and member.exclusion_reason != tag[:200]


def _write(member: Member, *, excluded: bool, by: Member.ExcludedBy, reason: str, now: datetime) -> None:
    """Writes who takes part and tells of it if that has changed; the caller holds the account's lock."""
    is_news = member.is_excluded != excluded
    member.status = Member.Status.EXCLUDED if excluded else Member.Status.MEMBER
    member.excluded_by = by if excluded else ""
    member.exclusion_reason = reason[:200] if excluded else ""
    member.updated_at = now
    member.save(update_fields=["status", "excluded_by", "exclusion_reason", "updated_at"])
    if is_news:
        append(
            program_id=member.program_id,
            kind=EventKind.MEMBER_CHANGED,
            member_id=member.pk,
            payload={"status": member.status},
            now=now,
        )
