"""What a kind of earning rule is: its words, the fields it declares, and how much one activity earns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from loyalty.earning.evaluation import Part
from loyalty.earning.kinds.fields import Field

Parts = Callable[[int, Mapping[str, Any], Any], tuple[Part, ...]]
"""The points of a rule, its options and what happened (each kind says what it takes) → the base, in exact parts."""


class Category(models.TextChoices):
    """The REST category of a rule (rest-api facts, section 8.1)."""

    PURCHASE = "purchase", "Purchase"
    SIGNUP = "signup", "Sign-up"
    BIRTHDAY = "birthday", "Birthday"
    ANNIVERSARY = "anniversary", "Anniversary"
    SOCIAL = "social", "Social"
    ENGAGEMENT = "engagement", "Engagement"
    REFERRAL = "referral", "Referral"
    CUSTOM = "custom", "Custom action"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rule.

    Attributes:
        action: Its name on the wire.
        label: A name to begin with.
        suggested_points: A sensible number of points.
        icon: The Polaris icon beside it.
        fields: What it asks for besides name, points, approval time and limit; stored as the rule's `options`.
        parts: What one activity earns before multipliers; None is the rule's points, whatever happened.
        how_often: Words for kinds whose rhythm is their nature; None where the merchant chooses once or every time.
        check: Judges options that must go together, the stored ones; raises `InvalidField`.
        suggested_approval_days: Days of approval time to begin with.
        approval_help: What the approval time means, where it is not the usual.
        instead: Says of the options what is given in place of points; None where points are.
        approval_words: The approval time as a sentence; `{days}` is "14 days".
        is_single: A shop has one rule of it.
    """

    action: str
    category: Category
    label: str
    suggested_points: int
    icon: str
    fields: tuple[Field, ...] = ()
    parts: Parts | None = None
    how_often: str | None = None
    check: Callable[[Mapping[str, Any]], None] | None = None
    suggested_approval_days: int = 0
    approval_help: str = ""
    instead: Callable[[Mapping[str, Any]], str | None] | None = None
    approval_words: str = "Pending for {days}, then approved"
    is_single: bool = False
