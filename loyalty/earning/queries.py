"""What may be asked of earning from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from loyalty.earning.errors import RuleNotFound
from loyalty.earning.kinds import Category
from loyalty.earning.models import ActionCall, ActionKeyAlias, Award, EarningRule
from loyalty.ledger.finding import Cause
from loyalty.ledger.models import Entry

_CHOSEN = (Category.SOCIAL, Category.ENGAGEMENT, Category.CUSTOM)
"""Categories whose rules earn once or every time, as the merchant chooses."""
_BY_NATURE = ("signup", "order_milestone", "spend_milestone")
"""Actions that earn once, whatever is chosen."""


def rules() -> QuerySet[EarningRule]:
    """Returns every rule that was not deleted, in the merchant's order."""
    found: QuerySet[EarningRule] = EarningRule.objects.existing().order_by("position", "pk")
    return found


def rule(*, public_id: str) -> EarningRule:
    """Returns one rule.

    Raises:
        RuleNotFound: No such rule, or it was deleted.
    """
    found: EarningRule | None = EarningRule.objects.existing().filter(public_id=public_id).first()
    if found is None:
        raise RuleNotFound(public_id)
    return found


def rule_by_number(*, number: int) -> EarningRule:
    """Returns one rule by its fixed number.

    Raises:
        RuleNotFound: No such rule, or it was deleted.
    """
    found: EarningRule | None = EarningRule.objects.existing().filter(pk=number).first()
    if found is None:
        raise RuleNotFound(str(number))
    return found


def action_key_of(*, number: int) -> str | None:
    """Returns the present key of a custom action by its fixed number (Lootly's ActionID), or None."""
    actions = EarningRule.objects.existing().filter(action="custom", pk=number)
    return actions.values_list("action_key", flat=True).first()


def awards_of(*, member_id: int) -> QuerySet[Award]:
    """Returns a member's earning history, newest first, with each line's rule."""
    found: QuerySet[Award] = (
        Award.objects.filter(member_id=member_id).select_related("rule").order_by("-created_at", "-pk")
    )
    return found


def award_of_entry(*, entry_id: int) -> Award | None:
    """Returns the award behind an entry of the ledger, with its rule; None for an entry that is no award."""
    return Award.objects.select_related("rule").filter(entry_id=entry_id).first()


def is_adjustment_undone(*, public_id: str) -> bool:
    """Whether staff have undone an adjustment (`undo_adjustment`)."""
    return bool(Award.objects.filter(idempotency_key=f"undo:{public_id}").exists())


def waiting(*, rule: str = "", member_id: int | None = None) -> QuerySet[Award]:
    """Returns the awards whose points wait for approval, the next due first, with their rules and members.

    Args:
        rule: The public id of a rule, to have only what it gave.
        member_id: A member, to have only theirs.
    """
    found: QuerySet[Award] = Award.objects.filter(status=Award.Status.PENDING, entry_id__isnull=False)
    if rule:
        found = found.filter(rule__public_id=rule)
    if member_id is not None:
        found = found.filter(member_id=member_id)
    return found.select_related("rule", "member").order_by("due_at", "pk")


def entries_by_rule(*, public_id: str) -> Cause:
    """Returns how the ledger's entries that a rule gave are found: an award's instant is its entry's."""
    rule = EarningRule.objects.filter(public_id=public_id).values_list("pk", flat=True).first() or 0
    return Cause(relation="awards", at="created_at", kind=Entry.Kind.ACCRUAL.value, of={"rule": rule})


def given_by(*, rule_id: int) -> tuple[int, int]:
    """Returns how many awards a rule has made that were not rejected, and to how many members."""
    made = Award.objects.filter(rule_id=rule_id).exclude(status=Award.Status.REJECTED)
    row = made.aggregate(awards=Count("pk"), members=Count("member_id", distinct=True))
    return int(row["awards"]), int(row["members"])


def was_tried(*, public_id: str, rule_id: int) -> bool:
    """Whether an award of a rule was made by staff trying it out."""
    return bool(Award.objects.filter(public_id=public_id, rule_id=rule_id, source="staff").exists())


def last_called(*, rule_id: int) -> dict[str, datetime]:
    """Returns when each key of a custom action was last called, whether it awarded or not, by key."""
    awarded = Award.objects.filter(rule_id=rule_id, action_key__isnull=False)
    unsuccessful = ActionCall.objects.filter(rule_id=rule_id)
    last: dict[str, datetime] = {}
    for calls in (awarded, unsuccessful):
        for key, at in calls.values_list("action_key").annotate(last=Max("created_at")).order_by("action_key"):
            last[key] = max(at, last.get(key, at))
    return last


def unsuccessful_calls(*, rule_id: int | None = None, limit: int = 50) -> list[ActionCall]:
    """Returns the newest calls that awarded nothing, of one rule or of all (unknown keys belong to no rule)."""
    calls = ActionCall.objects.select_related("rule", "member").order_by("-created_at", "-pk")
    if rule_id is not None:
        calls = calls.filter(rule_id=rule_id)
    return list(calls[:limit])


def calls() -> QuerySet[ActionCall]:
    """Returns every call that awarded nothing, newest first, with its member, for a page that turns pages."""
    found: QuerySet[ActionCall] = ActionCall.objects.select_related("member").order_by("-created_at", "-pk")
    return found


def aliases_of(*, rule_id: int) -> list[str]:
    """Returns the old keys that still find a custom action, newest first."""
    return list(
        ActionKeyAlias.objects.filter(rule_id=rule_id).order_by("-created_at", "-pk").values_list("key", flat=True)
    )


def rewarded_actions(*, member_id: int) -> set[str]:
    """Returns the actions a member was rewarded for at least once; rejected awards do not count."""
    rows = Award.objects.filter(member_id=member_id).exclude(status=Award.Status.REJECTED).order_by()
    return set(rows.values_list("action", flat=True).distinct())


def rules_spent(*, member_id: int) -> set[int]:
    """Returns the numbers of the rules that give a member nothing more: those that earn once and have given.

    Rejected awards do not count. Orders, birthdays and the like come again, whatever a rule of theirs says of its frequency.
    """
    once = Q(rule__frequency=EarningRule.Frequency.ONCE, rule__category__in=_CHOSEN) | Q(rule__action__in=_BY_NATURE)
    given = Award.objects.filter(once, member_id=member_id).exclude(status=Award.Status.REJECTED)
    return set(given.order_by().values_list("rule_id", flat=True).distinct())
