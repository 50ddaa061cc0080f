"""The launcher and the panel as customers see them: the storefront's own templates and styles, as a page for a frame."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from loyalty.programs.models import Program
from shopify_app.display.closing import closed
from shopify_app.display.example import example_of
from shopify_app.display.models import Display
from shopify_app.display.offer import offer_to_guest

GUEST, MEMBER = "visitor", "member"
_SCHEMA = re.compile(r"\{% schema %\}(.*?)\{% endschema %\}", re.S)


@dataclass(frozen=True, slots=True)
class Preview:
    """A page for a frame, and whether it has anything to earn and to spend points on."""

    html: str
    has_ways: bool
    has_rewards: bool


def preview(*, program: Program, display: Display, who: str, now: datetime) -> Preview:
    """Returns the preview for a visitor or a member, in the programme's main language and the theme editor's own colours."""
    language = program.languages[0]
    with translation.override(language):
        own = None
        if who == MEMBER:
            offer, own = example_of(program=program, display=display, language=language, now=now)
        else:
            offer = offer_to_guest(program=program, display=display, language=language, now=now)
        context = {
            "program": program, "language": language, "panel": "#", "root": "", "offer": offer, "own": own,
            "closed": closed(program), "styles": _styles(), "launcher": _defaults(),
        }  # fmt: skip
        html = render_to_string("storefront/preview.html", context)
    return Preview(html, bool(offer.ways) or not display.shows_earning, bool(offer.rewards))


@cache
def _styles() -> str:
    return (settings.BASE_DIR / "theme_extension/assets/encore-loyalty.css").read_text("utf-8")


@cache
def _defaults() -> dict[str, Any]:
    """What the launcher's settings are before a merchant changes them in the theme editor."""
    block = (settings.BASE_DIR / "theme_extension/blocks/loyalty.liquid").read_text("utf-8")
    found = _SCHEMA.search(block)
    assert found is not None, "the block has a schema"
    return {each["id"]: each.get("default") for each in json.loads(found[1])["settings"]}
