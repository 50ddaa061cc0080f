"""What may happen to the on-site display."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from loyalty.errors import InvalidField
from loyalty.programs.languages import LANGUAGES
from loyalty.programs.models import Program
from shopify_app.display.models import Display

NOTED_EVERY = timedelta(hours=1)
"""How often at most it is written down that the panel was opened."""
MAX_WELCOME = 160


@dataclass(frozen=True, slots=True)
class Shown:
    """What a merchant decides: which parts the panel has, and their own welcome by language, 160 characters at most each."""

    shows_earning: bool = True
    shows_tiers: bool = True
    shows_history: bool = True
    welcome: Mapping[str, str] = field(default_factory=dict)


def change_display(*, program: Program, shown: Shown, now: datetime) -> Display:
    """Changes what the panel shows. The same again changes nothing.

    Raises:
        InvalidField: A welcome is too long, or in a language there is not.
    """
    for language, sentence in shown.welcome.items():
        if language not in LANGUAGES:
            raise InvalidField("welcome", _("There is no language '%(min)s'") % {"min": language})
        if len(sentence) > MAX_WELCOME:
            raise InvalidField(f"welcome_{language}", _("Use at most %(most)s characters") % {"most": MAX_WELCOME})
    kept = {language: sentence.strip() for language, sentence in shown.welcome.items() if sentence.strip()}
    decided = {
        "shows_earning": shown.shows_earning, "shows_tiers": shown.shows_tiers, "shows_history": shown.shows_history,
        "welcome": kept, "updated_at": now,
    }  # fmt: skip
    made, _is_new = Display.objects.update_or_create(program=program, defaults=decided)
    return made


def note_opened(*, display: Display, now: datetime) -> None:
    """Writes down that the panel was opened in the shop, at most once an hour; the first time stays."""
    if display.opened_last_at is not None and display.opened_last_at > now - NOTED_EVERY:
        return
    Display.objects.get_or_create(program_id=display.program_id, defaults={"updated_at": now})
    Display.objects.exclude(opened_last_at__gte=now).update(
        opened_first_at=Coalesce(F("opened_first_at"), now), opened_last_at=now
    )


def forget_display() -> None:
    """Forgets what the merchant of the programme in scope has decided and written, for `shop/redact`. A repeat finds nothing."""
    Display.objects.all().delete()
