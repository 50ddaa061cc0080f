"""Awarding points for an activity, exactly once: the hot path of the product.

Two round trips: one read of everything the evaluation needs, one call that locks, looks the key up, checks, writes and
commits (docs/adr/0004). What was read is checked again under the lock; if it has changed, the award is judged afresh.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from loyalty.earning import facts as reading
from loyalty.earning import limits
from loyalty.earning.activity import Activity, fingerprint, stored_key
from loyalty.earning.errors import (
    AlreadyAwarded,
    CustomActionNotFound,
    EarningLimitReached,
    PointsOverrideNotAllowed,
    RuleNotFound,
    TooMuchContention,
)
from loyalty.earning.evaluation import Evaluation, Skip, evaluate
from loyalty.earning.facts import Facts
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import value_of
from loyalty.earning.models import Award
from loyalty.earning.operations.skipping import keep_skip
from loyalty.earning.operations.writing import arguments
from loyalty.earning.results import About, AwardResult, from_row, skipped
from loyalty.errors import IdempotencyKeyReused, InvalidField, NotFound, Refusal
from loyalty.ledger import kernel
from loyalty.members.errors import CustomerExcluded, CustomerNotFound
from loyalty.outbox.nudge import nudge_relay
from loyalty.programs.plans import Feature, require
from loyalty.tiers.operations import requalify

ATTEMPTS = 5
"""How often a changing member or rule is read again before the caller is asked to retry."""


def award(
    *, activity: Activity, now: datetime, program_id: int | None = None, shopify_domain: str | None = None
) -> AwardResult:
    """Awards an activity once: by the caller's key, and by the occurrence (once per customer and rule).

    A replay returns the first award as it stands now, before any state is judged. A skip (programme off, test mode) is
    a success without points that uses up nothing; one of test mode is kept, so that it can be awarded later.

    Args:
        program_id: The programme, or else
        shopify_domain: the domain of its shop.

    Raises:
        NotFound: No such shop.
        CustomerNotFound: The customer is not a member.
        CustomActionNotFound: No such action key, or the action is off.
        RuleNotFound: No such rule, or it is off.
        PlanRequired: The shop's plan has no custom actions.
        PointsOverrideNotAllowed: The caller states points, and the action takes none from callers.
        InvalidField: The points stated are more than the action takes.
        CustomerExcluded: The member takes no part.
        AlreadyAwarded: The rule is once per customer and was awarded before, or this very occurrence was.
        EarningLimitReached: The member has earned by the rule as often as it allows for now.
        IdempotencyKeyReused: The key belongs to another request.
        TooMuchContention: The facts kept changing; nothing happened.
    """
    for _attempt in range(ATTEMPTS):
        facts = reading.read(
            program_id=program_id,
            shopify_domain=shopify_domain,
            rule=activity.rule,
            customer=activity.customer,
            now=now,
            occurred_at=activity.occurred_at,
            answered_under=activity.answered_under,
        )
        if facts is None:
            raise NotFound(_("This shop does not use Encore"))
        try:
            result = _award(activity, facts, now)
        except IntegrityError:
            continue  # the same key or occurrence was written by another account's award a moment ago: read it
        if result is not None:
            return result
    raise TooMuchContention


def _award(activity: Activity, facts: Facts, now: datetime) -> AwardResult | None:
    """Judges and writes one award; None when the facts have changed meanwhile."""
    if facts.first_answer is not None:
        return replace(skipped(facts, Skip.ZERO_POINTS, activity), replayed=True, first_answer=facts.first_answer)
    judged = judge(activity, facts, now)
    if isinstance(judged, Evaluation) and judged.skip is None:
        return _write(activity, facts, judged, now)
    first = _replay(activity, facts, now)
    if first is not None:
        return first
    if isinstance(judged, Refusal):
        raise judged
    if judged.skip == Skip.TEST_MODE:
        keep_skip(activity, facts, judged, now)
    return skipped(facts, judged.skip or Skip.ZERO_POINTS, activity)


def judge(activity: Activity, facts: Facts, now: datetime) -> Evaluation | Refusal:
    """Returns what an activity is worth on these facts, or what speaks against it."""
    refusal = _refusal(activity, facts)
    if refusal is not None:
        return refusal
    assert facts.rule is not None and facts.member is not None
    return evaluate(
        rule=facts.rule, member=facts.member, program=facts.program, campaigns=facts.campaigns,
        occurred_at=activity.occurred_at, now=now, stated_points=activity.stated_points, parts=activity.parts,
        is_approved=activity.is_approved,
    )  # fmt: skip


def _refusal(activity: Activity, facts: Facts) -> Refusal | None:
    """What speaks against the award before points are counted, in the contract's order."""
    is_action = activity.rule.action_key is not None
    try:
        if not facts.is_installed:
            raise NotFound(_("This shop has uninstalled Encore"))
        if is_action:
            require(facts.plan, Feature.CUSTOM_ACTIONS)
        if facts.member is None:
            raise CustomerNotFound(activity.customer)
        if facts.rule is None or not facts.rule_is_active:
            if is_action:
                raise CustomActionNotFound(str(activity.rule.action_key), is_off=facts.rule is not None)
            raise RuleNotFound(str(activity.rule.public_id))
        if facts.is_excluded:
            raise CustomerExcluded
        if is_action and activity.stated_points is not None:
            _check_stated(activity.stated_points, facts.rule.options)
    except Refusal as refusal:
        return refusal
    return None


def _check_stated(points: int, options: Mapping[str, Any]) -> None:
    """Whether an action takes the points a caller states."""
    fields = KINDS["custom"].fields
    most = int(value_of(fields, options, "most_points"))
    if not value_of(fields, options, "caller_sets_points"):
        raise PointsOverrideNotAllowed
    if points > most:
        raise InvalidField("points", _("points must be at most %(most)s for this action") % {"most": f"{most:,}"})


def _write(activity: Activity, facts: Facts, evaluation: Evaluation, now: datetime) -> AwardResult | None:
    assert facts.rule is not None and facts.member is not None
    crosses = (
        evaluation.due_at is None
        and facts.next_threshold is not None
        and facts.lifetime + evaluation.points >= facts.next_threshold
    )
    # A savepoint only inside somebody's transaction; alone, the one statement is its own transaction.
    with transaction.atomic() if crosses or connection.in_atomic_block else nullcontext():
        row = kernel.call("earning_award", arguments(activity, facts, evaluation, now))
        return conclude(row, activity, facts, now)


def conclude(row: dict[str, Any], activity: Activity, facts: Facts, now: datetime) -> AwardResult | None:
    """Returns what `earning_award` has done, and sees to what follows from it; None when the facts have changed meanwhile.

    Raises:
        AlreadyAwarded, EarningLimitReached, IdempotencyKeyReused: Nothing was written.
    """
    assert facts.rule is not None and facts.member is not None
    if row["outcome"] == "stale":
        return None
    if row["outcome"] == "already_awarded":
        raise AlreadyAwarded
    if row["outcome"] == "limit_reached":
        assert facts.rule.limit is not None
        raise EarningLimitReached(limits.words(facts.rule.limit), opens_at=_opens_at(facts, now))
    if row["outcome"] == "key_reused":
        raise IdempotencyKeyReused
    if row["outcome"] == "done":
        nudge_relay()
        if facts.next_threshold is not None and row["lifetime"] >= facts.next_threshold:
            with scope(program=facts.program_id):
                requalify(member_id=facts.member.id, now=now)
    about = About(facts.rule.id, facts.rule.public_id, facts.rule.name, facts.rule.action)
    return from_row(row, about=about, member_id=facts.member.id, key=activity.key)


def _opens_at(facts: Facts, now: datetime) -> datetime | None:
    """When the member may earn by the rule again; None is never."""
    assert facts.rule is not None and facts.member is not None and facts.rule.limit is not None
    with scope(program=facts.program_id):
        counted = Award.objects.filter(member_id=facts.member.id, rule_id=facts.rule.id, created_at__lte=now)
        held = counted.exclude(status=Award.Status.REJECTED).order_by("created_at")
        times = held.values_list("created_at", flat=True)
        return limits.opens_at(facts.rule.limit, now=now, zone=facts.zone, counted=list(times))


def _replay(activity: Activity, facts: Facts, now: datetime) -> AwardResult | None:
    """Finds what an earlier call under the same key did, whatever has changed since.

    A member or rule that can't be found any more contradicts nothing: the award under the key is the answer.

    Raises:
        IdempotencyKeyReused: The key belongs to another request.
    """
    key = stored_key(activity, facts)
    if key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 'replayed' AS outcome, w.public_id, w.status, w.points, w.base_points, w.multiplier, w.balance_after,
                ledger_spendable(a.id, %s) AS available, a.lifetime, w.idempotency_key, w.source_reference, w.due_at, w.given_at,
                w.expires_at, w.created_at, w.updated_at, w.fingerprint, w.member_id, r.id AS rule_number,
                r.public_id AS rule_id, r.name AS rule_name, w.action
            FROM earning_award w JOIN ledger_account a ON a.member_id = w.member_id
            LEFT JOIN earning_earningrule r ON r.id = w.rule_id
            WHERE w.program_id = %s AND w.idempotency_key = %s""",
            [now, facts.program_id, key],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        found = dict(zip([column.name for column in cursor.description], row, strict=True))
    everything_known = facts.member is not None and facts.rule is not None
    if everything_known and found["fingerprint"] != fingerprint(activity, facts):
        raise IdempotencyKeyReused
    about = About(found["rule_number"] or 0, found["rule_id"] or "", found["rule_name"] or "", found["action"])
    return from_row(found, about=about, member_id=found["member_id"], key=activity.key)
