"""Where a test customer stands: they climb like everybody, and the clean-up puts them back where they stood before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from loyalty.events import EventKind
from loyalty.ledger.operations import lock_account, without_test
from loyalty.ledger.queries import account_id_of
from loyalty.members.models import Member
from loyalty.outbox.operations import append
from loyalty.tiers.models import StandingBeforeTest, TierEntryGrant, TierMembership
from loyalty.tiers.operations.placing import requalify


def keep_standing(*, member_ids: Sequence[int]) -> None:
    """Writes down where members stand whose test begins; what was written down and not restored yet stays.

    The caller holds their accounts' locks.
    """
    held = {each.member_id: each for each in TierMembership.objects.filter(member_id__in=member_ids)}
    StandingBeforeTest.objects.bulk_create(
        [_standing(member, held.get(member.pk)) for member in Member.objects.filter(pk__in=member_ids)],
        ignore_conflicts=True,
    )


def _standing(member: Member, held: TierMembership | None) -> StandingBeforeTest:
    before = StandingBeforeTest(program_id=member.program_id, member=member)
    if held is not None:
        before.tier_id, before.is_locked = held.tier_id, held.is_locked
        before.reached_at, before.falls_at = held.reached_at, held.falls_at
    return before


def forget_standing(*, member_ids: Sequence[int]) -> None:
    """Drops what was written down of members whose test has left nothing to clean up."""
    StandingBeforeTest.objects.filter(member_id__in=member_ids).delete()


@transaction.atomic
def restore_standing(*, member_id: int, is_testing: bool, now: datetime) -> None:
    """Puts a member back where they stood before their test, then where their own figures put them.

    Entry points that the test gave were not given: the tier gives them when it is reached again. Without anything written
    down only the figures decide. What their own figures bring about is real, while their test goes on as well. A repeat
    changes nothing.

    Args:
        is_testing: Whether their test goes on: then where they stand now is written down afresh.
    """
    account = lock_account(account_id=account_id_of(member_id=member_id))
    before = StandingBeforeTest.objects.select_related("tier").filter(member_id=member_id).first()
    TierEntryGrant.objects.filter(member_id=member_id, is_test=True).delete()
    held = TierMembership.objects.select_related("tier").filter(member_id=member_id).first()
    if before is not None and before.tier is None:
        TierMembership.objects.filter(member_id=member_id).delete()  # placed as who has just joined
    elif before is not None and before.tier is not None and held is not None:
        previous, held.tier, held.is_locked = held.tier, before.tier, before.is_locked
        held.reached_at, held.falls_at = before.reached_at or held.reached_at, before.falls_at
        held.save()
        if previous.pk != held.tier_id:
            append(
                program_id=account.program_id, kind=EventKind.TIER_CHANGED, member_id=member_id,
                sequence=account.sequence, is_test=True, now=now,
                payload={
                    "previous_tier": previous.name, "new_tier": held.tier.name, "lifetime": account.lifetime,
                    "direction": "up" if held.tier.threshold > previous.threshold else "down",
                },
            )  # fmt: skip
    forget_standing(member_ids=[member_id])
    with without_test(account_id=account.pk):
        requalify(member_id=member_id, now=now)
    if is_testing:
        keep_standing(member_ids=[member_id])
