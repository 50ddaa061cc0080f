"""What a kind of rule asks a merchant for, as data: the admin builds its form from it, and a stored value is checked by it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from loyalty.errors import InvalidField


@dataclass(frozen=True, slots=True)
class Field(ABC):
    """One field. `default` is what a rule that says nothing means; it is never stored.

    `group` is the heading it stands under in a form (none is the kind's own name). `shown_when` is the only case in which
    it matters: another field's name and its values, `friend_gets=points|nothing`.
    """

    name: str
    label: str
    help_text: str = ""
    default: Any = None
    group: str = ""
    shown_when: str = ""

    @abstractmethod
    def clean(self, value: Any) -> Any:
        """Returns the value as it is stored.

        Raises:
            InvalidField: It is not one; the sentence says what is.
        """


@dataclass(frozen=True, slots=True)
class WholeNumber(Field):
    """A whole number, `lowest` to `highest`; `unit` is read after it."""

    lowest: int = 0
    highest: int = 1_000_000_000
    unit: str = ""

    def clean(self, value: Any) -> int | None:
        """Returns the number, or None for nothing."""
        if value in (None, ""):
            return None
        try:
            number = int(str(value))
        except ValueError:
            raise InvalidField(self.name, _("%(field)s must be a whole number") % {"field": _(self.label)}) from None
        if not self.lowest <= number <= self.highest:
            raise InvalidField(
                self.name,
                _("%(field)s must be between %(least)s and %(most)s")
                % {"field": _(self.label), "least": f"{self.lowest:,}", "most": f"{self.highest:,}"},
            )
        return number


@dataclass(frozen=True, slots=True)
class Amount(Field):
    """A positive amount with at most three decimal places, as text without trailing zeros; nothing is none."""

    highest: Decimal = Decimal(1_000_000)

    def clean(self, value: Any) -> str | None:
        """Returns the amount as plain text, or None for nothing."""
        if value in (None, ""):
            return None
        try:
            amount = Decimal(str(value).strip())
        except InvalidOperation:
            raise InvalidField(self.name, _("%(field)s must be an amount") % {"field": _(self.label)}) from None
        if not amount.is_finite() or not 0 < amount <= self.highest or amount != round(amount, 3):
            raise InvalidField(
                self.name,
                _("%(field)s must be more than 0 and at most %(most)s, with up to 3 decimal places")
                % {"field": _(self.label), "most": f"{self.highest:,}"},
            )
        return format(amount.normalize(), "f")


@dataclass(frozen=True, slots=True)
class RewardOfShop(Field):
    """One of the shop's rewards, by its public id; nothing is none. That it exists is judged when it is to be given."""

    def clean(self, value: Any) -> str | None:
        """Returns the public id, or None for nothing."""
        if value in (None, ""):
            return None
        if not re.fullmatch(r"reward_[0-9a-z]{1,33}", str(value)):
            raise InvalidField(self.name, _("%(field)s: choose one of your rewards") % {"field": _(self.label)})
        return str(value)


@dataclass(frozen=True, slots=True)
class Switch(Field):
    """Yes or no."""

    def clean(self, value: Any) -> bool:
        """Returns whether it is on."""
        if not isinstance(value, bool):
            raise InvalidField(self.name, _("%(field)s must be true or false") % {"field": _(self.label)})
        return value


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of a few, by value and label."""

    choices: tuple[tuple[str, str], ...] = ()

    def clean(self, value: Any) -> str:
        """Returns the chosen value."""
        if value not in {name for name, _ in self.choices}:
            raise InvalidField(
                self.name,
                _("Choose one of these for %(field)s: %(words)s")
                % {"field": _(self.label).lower(), "words": ", ".join(_(word) for word in self.words())},
            )
        return str(value)

    def words(self) -> list[str]:
        """Returns the labels."""
        return [label for _, label in self.choices]


@dataclass(frozen=True, slots=True)
class Ids(Field):
    """Shopify ids, as numbers; none is all of them. `noun` is what they are ids of."""

    noun: str = "product"
    most: int = 250

    def clean(self, value: Any) -> list[int]:
        """Returns the ids, each once, in order."""
        given = value.replace(",", " ").split() if isinstance(value, str) else list(value or ())
        bare = [str(each).rsplit("/", 1)[-1] for each in given]
        if any(not each.isdecimal() or len(each) > 18 for each in bare):
            raise InvalidField(
                self.name,
                _("%(field)s: give the numeric ids of each %(noun)s, separated by commas")
                % {"field": _(self.label), "noun": _(self.noun)},
            )
        if len(bare) > self.most:
            raise InvalidField(
                self.name, _("%(field)s takes at most %(most)s ids") % {"field": _(self.label), "most": self.most}
            )
        return sorted({int(each) for each in bare})


@dataclass(frozen=True, slots=True)
class Words(Field):
    """Short texts, compared without regard to case; none is all."""

    most: int = 50

    def clean(self, value: Any) -> list[str]:
        """Returns the texts, trimmed, each once."""
        given = value.split(",") if isinstance(value, str) else list(value or ())
        words = [str(each).strip() for each in given]
        if any(len(word) > 255 for word in words) or len(words) > self.most:
            raise InvalidField(
                self.name,
                _("%(field)s takes at most %(most)s words of up to 255 characters")
                % {"field": _(self.label), "most": self.most},
            )
        return list(dict.fromkeys(word for word in words if word))


def clean_options(fields: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a rule's options as they are stored: checked, and without what is the default anyway.

    Raises:
        InvalidField: An option is wrong, or the kind has none of that name.
    """
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            raise InvalidField(name, _("This kind of rule has no option '%(name)s'") % {"name": name})
    cleaned = {name: known[name].clean(value) for name, value in given.items()}
    return {name: value for name, value in cleaned.items() if value != known[name].default and value not in (None, [])}


def value_of(fields: tuple[Field, ...], options: Mapping[str, Any], name: str) -> Any:
    """Returns an option of a rule, or what it means to say nothing."""
    return options.get(name, next(field.default for field in fields if field.name == name))
