"""What may happen to earning rules and custom actions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from loyalty.earning.errors import ActionKeyTaken, RuleNotFound
from loyalty.earning.kinds import KINDS, category_of
from loyalty.earning.kinds.fields import clean_options
from loyalty.earning.limits import MAX_COUNT, MAX_DAYS, Limit, Window
from loyalty.earning.models import ActionKeyAlias, EarningRule
from loyalty.errors import InvalidField
from loyalty.ordering import moved
from loyalty.points import MAX_POINTS
from loyalty.programs.models import Program
from loyalty.programs.operations import tell_of_change
from loyalty.programs.plans import Feature, require
from loyalty.public_ids import new_public_id

ACTION_KEY = re.compile(r"[a-z0-9_]{1,100}")
MAX_APPROVAL_DAYS = 365


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """What a merchant decides about a rule.

    Attributes:
        points: Whole points per award (for an order: per currency unit), 0 to `MAX_POINTS`.
        approval_days: Days the points wait, 0 to 365; 0 is at once.
        action_key: For a custom action: 1–100 lower-case letters, digits and underscores; else None.
        limit: For a rule that earns every time: how often at most.
        options: What its kind asks for besides (loyalty/earning/kinds).
    """

    name: str
    points: int
    frequency: str = "once"
    approval_days: int = 0
    action_key: str | None = None
    description: str | None = None
    customer_facing_label: str | None = None
    call_to_action_url: str | None = None
    is_hidden_on_storefront: bool = False
    is_active: bool = True
    limit: Limit | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def key_from_name(name: str) -> str:
    """Returns an action key made from a name: `Installed our app!` → `installed_our_app`; may be empty."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:100]


@transaction.atomic
def create_rule(*, program: Program, action: str, terms: RuleTerms, now: datetime) -> EarningRule:
    """Adds a rule. It earns from now on, if it is active.

    Raises:
        InvalidField: A term breaks a rule; the field is named.
        ActionKeyTaken: Another action answers to the key.
        PlanRequired: The plan has no custom actions.
    """
    if action == "custom":
        require(program.plan, Feature.CUSTOM_ACTIONS)
    _check(action, terms)
    if action in KINDS and KINDS[action].is_single:
        Program.objects.select_for_update().get(pk=program.pk)  # two at once must not both be the one
        if EarningRule.objects.existing().filter(action=action).exists():
            raise InvalidField("name", _("There is a rule of this kind already: change that one"))
    if terms.action_key is not None:
        _free_key(terms.action_key)
    try:
        with transaction.atomic():
            rule = EarningRule.objects.create(
                program=program, public_id=new_public_id("rule"), action=action, category=category_of(action),
                position=_last() + 1, activated_at=now, created_at=now, updated_at=now, **_columns(action, terms),
            )  # fmt: skip
    except IntegrityError as error:
        raise ActionKeyTaken(str(terms.action_key)) from error
    tell_of_change(program_id=program.pk, of="rules", now=now)
    return rule


@transaction.atomic
def change_rule(*, public_id: str, terms: RuleTerms, now: datetime) -> EarningRule:
    """Changes a rule for awards to come; awards already made keep what they recorded.

    A custom action's old key stays as an alias when the key changes, until it is removed or reused.

    Raises:
        RuleNotFound: No such rule.
        InvalidField: A term breaks a rule; the field is named.
        ActionKeyTaken: Another action answers to the key.
    """
    rule = _locked(public_id)
    _check(rule.action, terms)
    if terms.action_key is not None and rule.action_key is not None and terms.action_key != rule.action_key:
        _free_key(terms.action_key, besides=rule)
        ActionKeyAlias.objects.get_or_create(
            key=rule.action_key, defaults={"program_id": rule.program_id, "rule": rule, "created_at": now}
        )
    if terms.is_active and not rule.is_active:
        rule.activated_at = now
    for column, value in _columns(rule.action, terms).items():
        setattr(rule, column, value)
    rule.version += 1
    rule.updated_at = now
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise ActionKeyTaken(str(terms.action_key)) from error
    tell_of_change(program_id=rule.program_id, of="rules", now=now)
    return rule


@transaction.atomic
def switch_rule(*, public_id: str, on: bool, now: datetime) -> EarningRule:
    """Turns a rule on or off; points already earned stay. Already so is no change.

    Raises:
        RuleNotFound: No such rule.
    """
    rule = _locked(public_id)
    if rule.is_active != on:
        rule.is_active = on
        rule.activated_at = now if on else rule.activated_at
        rule.version += 1
        rule.updated_at = now
        rule.save()
        tell_of_change(program_id=rule.program_id, of="rules", now=now)
    return rule


@transaction.atomic
def move_rule(*, public_id: str, up: bool, now: datetime) -> None:
    """Moves a rule one place up or down among the rules; at the end of the way nothing changes. Awards do not depend on it.

    Raises:
        RuleNotFound: No such rule.
    """
    locked = EarningRule.objects.existing().select_for_update().order_by("pk")  # in one order, whoever moves what
    found = sorted(locked, key=lambda each: (each.position, each.pk))
    rule = next((each for each in found if each.public_id == public_id), None)
    if rule is None:
        raise RuleNotFound(public_id)
    before = [each.pk for each in found]
    order = moved(before, rule.pk, up=up)
    if order == before:
        return
    for each in found:
        each.position = order.index(each.pk) + 1
    EarningRule.objects.bulk_update(found, ["position"])
    tell_of_change(program_id=rule.program_id, of="rules", now=now)


@transaction.atomic
def delete_rule(*, public_id: str, now: datetime) -> None:
    """Removes a rule from every list; its awards and their explanations stay. Its keys become free.

    Raises:
        RuleNotFound: No such rule.
    """
    rule = _locked(public_id)
    rule.aliases.all().delete()
    rule.is_active, rule.deleted_at, rule.updated_at = False, now, now
    rule.version += 1
    rule.save()
    tell_of_change(program_id=rule.program_id, of="rules", now=now)


def remove_alias(*, public_id: str, key: str) -> None:
    """Stops an old key of a custom action from working. A key that is not there is no change."""
    ActionKeyAlias.objects.filter(rule__public_id=public_id, key=key).delete()


def _last() -> int:
    """The last place among the rules."""
    return int(EarningRule.objects.existing().aggregate(last=Max("position"))["last"] or 0)


def _locked(public_id: str) -> EarningRule:
    rule = EarningRule.objects.existing().select_for_update().filter(public_id=public_id).first()
    if rule is None:
        raise RuleNotFound(public_id)
    return rule


def _free_key(key: str, *, besides: EarningRule | None = None) -> None:
    """Makes sure no other action answers to `key`; an alias of that name ends, since the key is reused."""
    taken = EarningRule.objects.existing().filter(action_key=key)
    if besides is not None:
        taken = taken.exclude(pk=besides.pk)
    if taken.exists():
        raise ActionKeyTaken(key)
    ActionKeyAlias.objects.filter(Q(key=key)).delete()


def _columns(action: str, terms: RuleTerms) -> dict[str, object]:
    limit = terms.limit
    return {
        "name": terms.name.strip(),
        "points": terms.points,
        "frequency": terms.frequency,
        "approval_days": terms.approval_days,
        "action_key": terms.action_key,
        "description": terms.description or None,
        "customer_facing_label": terms.customer_facing_label or None,
        "call_to_action_url": terms.call_to_action_url or None,
        "is_hidden_on_storefront": terms.is_hidden_on_storefront,
        "is_active": terms.is_active,
        "limit_count": limit.count if limit else None,
        "limit_window": limit.window.value if limit else None,
        "limit_days": limit.days if limit and limit.window == Window.DAYS else None,
        "options": _options(action, terms.options),
    }


def _options(action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options as they are stored, checked each and together."""
    kind = KINDS.get(action)
    if kind is None:
        return dict(given)
    options = clean_options(kind.fields, given)
    if kind.check is not None:
        kind.check(options)
    return options


def _check(action: str, terms: RuleTerms) -> None:
    if not terms.name.strip():
        raise InvalidField("name", _("Give the rule a name"))
    if not 0 <= terms.points <= MAX_POINTS:
        raise InvalidField("points", _("Points must be between 0 and %(most)s") % {"most": f"{MAX_POINTS:,}"})
    if not 0 <= terms.approval_days <= MAX_APPROVAL_DAYS:
        raise InvalidField(
            "approval_days",
            _("Approval time must be between 0 and %(most)s days") % {"most": MAX_APPROVAL_DAYS},
        )
    if terms.frequency not in EarningRule.Frequency.values:
        raise InvalidField("frequency", _("Choose once per customer or every time"))
    _check_limit(terms)
    if action == "custom" and not ACTION_KEY.fullmatch(terms.action_key or ""):
        raise InvalidField(
            "action_key", _("The action key may hold lower-case letters, digits and underscores, up to 100")
        )
    if action != "custom" and terms.action_key is not None:
        raise InvalidField("action_key", _("Only custom actions have an action key"))


def _check_limit(terms: RuleTerms) -> None:
    limit = terms.limit
    if limit is None:
        return
    if terms.frequency != EarningRule.Frequency.UNLIMITED:
        raise InvalidField("limit_count", _("A limit belongs to a rule that earns every time"))
    if not 1 <= limit.count <= MAX_COUNT:
        raise InvalidField(
            "limit_count", _("The limit must be between 1 and %(most)s times") % {"most": f"{MAX_COUNT:,}"}
        )
    if limit.window == Window.DAYS and not 1 <= (limit.days or 0) <= MAX_DAYS:
        raise InvalidField("limit_days", _("Say how many days, between 1 and %(most)s") % {"most": f"{MAX_DAYS:,}"})
