"""What may be asked of rewards from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from loyalty.ledger.finding import Cause
from loyalty.ledger.models import Entry
from loyalty.rewards.errors import RedemptionNotFound, RewardNotFound
from loyalty.rewards.models import EntryReward, Redemption, Reward


def rewards() -> QuerySet[Reward]:
    """Returns every reward that was not deleted, in the merchant's order, with its tier."""
    found: QuerySet[Reward] = Reward.objects.existing().select_related("tier").order_by("position", "pk")
    return found


def reward(*, public_id: str) -> Reward:
    """Returns one reward.

    Raises:
        RewardNotFound: No such reward, or it was deleted.
    """
    found: Reward | None = rewards().filter(public_id=public_id).first()
    if found is None:
        raise RewardNotFound(public_id)
    return found


def entry_rewards() -> dict[int, Reward]:
    """Returns what the tiers of the programme in scope give on entry, by the tier's pk."""
    return {row.tier_id: row.reward for row in EntryReward.objects.select_related("reward", "reward__tier")}


def redemptions() -> QuerySet[Redemption]:
    """Returns what members have bought or were given, newest first; purchases that were given up or are in flight are left out."""
    settled = Redemption.objects.exclude(state__in=[Redemption.State.HOLDING, Redemption.State.FAILED])
    found: QuerySet[Redemption] = settled.select_related("reward").order_by("-created_at", "-pk")
    return found


def redemptions_of(*, member_id: int) -> QuerySet[Redemption]:
    """Returns a member's `redemptions`."""
    return redemptions().filter(member_id=member_id)


def entries_by_reward(*, public_id: str) -> Cause:
    """Returns how the ledger's entries by which points bought a reward are found."""
    reward = Reward.objects.filter(public_id=public_id).values_list("pk", flat=True).first() or 0
    return Cause(relation="spent_on", at="captured_at", kind=Entry.Kind.REDEMPTION.value, of={"reward": reward})


def open_of(*, reward_id: int) -> int:
    """Returns how many codes and credits of a reward are out and not used yet."""
    return int(Redemption.objects.filter(reward_id=reward_id, state=Redemption.State.ACTIVE).count())


def overdue(*, now: datetime) -> list[int]:
    """Returns purchases in flight whose deadline has passed: nobody waits for them any more.

    Store credits that may have been given are left out: see `credits_to_settle`. A free reward is never given up so.
    """
    waiting = Redemption.objects.filter(state=Redemption.State.HOLDING, deadline_at__lte=now, occurrence=None)
    given = [Redemption.Credit.SENT, Redemption.Credit.UNCLEAR]
    return list(waiting.exclude(credit_state__in=given).values_list("pk", flat=True)[:200])


def credits_to_settle(*, now: datetime) -> list[int]:
    """Returns purchases whose store credit was sent and whose deadline has passed: the account is to be looked at."""
    sent = Redemption.objects.filter(state=Redemption.State.HOLDING, credit_state=Redemption.Credit.SENT)
    return list(sent.filter(deadline_at__lte=now).order_by("deadline_at").values_list("pk", flat=True)[:200])


def unclear_credits_of(*, member_id: int) -> QuerySet[Redemption]:
    """Returns a member's store credits of which only the merchant can tell whether they were given."""
    found: QuerySet[Redemption] = Redemption.objects.filter(
        member_id=member_id, state=Redemption.State.HOLDING, credit_state=Redemption.Credit.UNCLEAR
    ).order_by("-created_at")
    return found


def free_in_trouble_of(*, member_id: int) -> QuerySet[Redemption]:
    """Returns a member's free rewards that could not be given, or are still waiting for Shopify, newest first."""
    found: QuerySet[Redemption] = Redemption.objects.filter(
        member_id=member_id, occurrence__isnull=False, state__in=[Redemption.State.HOLDING, Redemption.State.FAILED]
    ).exclude(state=Redemption.State.HOLDING, credit_state=Redemption.Credit.UNCLEAR)
    return found.order_by("-created_at", "-pk")


def codes_to_remove(*, now: datetime) -> list[int]:
    """Returns redemptions whose code must still be removed from the shop, and whose next attempt is due."""
    due = Q(code_needs_removal=True, next_removal_at__lte=now)
    return list(Redemption.objects.filter(due).order_by("next_removal_at").values_list("pk", flat=True)[:200])


def to_follow_up(*, now: datetime) -> list[int]:
    """Returns redemptions with something left to do in the shop that is due."""
    due = Redemption.objects.exclude(follow_up="").filter(next_follow_up_at__lte=now)
    return list(due.order_by("next_follow_up_at").values_list("pk", flat=True)[:200])


def redemption_of(*, member_id: int, public_id: str) -> Redemption:
    """Returns one purchase of a member.

    Raises:
        RedemptionNotFound: No such purchase of theirs.
    """
    found: Redemption | None = Redemption.objects.filter(member_id=member_id, public_id=public_id).first()
    if found is None:
        raise RedemptionNotFound(public_id)
    return found


def in_state(rows: QuerySet[Redemption], state: str, *, now: datetime) -> QuerySet[Redemption]:
    """Returns the redemptions in a state, where an active code past its end counts as expired."""
    over = Q(state=Redemption.State.ACTIVE, expires_at__lte=now)
    if state == Redemption.State.EXPIRED:
        return rows.filter(Q(state=state) | over)
    return rows.filter(state=state).exclude(over) if state == Redemption.State.ACTIVE else rows.filter(state=state)


def tests() -> QuerySet[Redemption]:
    """Returns what test customers of the programme in scope bought and has not been taken back, the oldest first."""
    found: QuerySet[Redemption] = Redemption.objects.filter(is_test=True, is_refunded=False)
    return found.exclude(state=Redemption.State.FAILED).order_by("pk")


def tests_of_use(*, since: datetime) -> QuerySet[Redemption]:
    """Returns what test customers used and was taken back since: nothing can undo a discount or a credit. Newest first."""
    used = Redemption.objects.filter(is_test=True, is_refunded=True, state=Redemption.State.USED, updated_at__gte=since)
    found: QuerySet[Redemption] = used.select_related("member").order_by("-created_at")
    return found
