"""What a language has to say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One kind of email: what a merchant may change (subject and body, with placeholders), and the words on its button."""

    subject: str
    body: str
    button: str


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around every text; `%(shop)s` is the programme's name.

    Attributes:
        credit: Why, where points have no rule.
        points, point: `%(number)s` of them.
        shop: The button where there is no code or link to go to.
    """

    credit: str
    point: str
    points: str
    code: str
    valid_through: str
    shop: str
    why: str
    unsubscribe: str
