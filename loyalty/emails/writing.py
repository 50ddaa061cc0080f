"""An email as it is sent: the text of its kind in a language, filled, as plain text and as HTML. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format, number_format

from loyalty.emails.filling import fill, one_line
from loyalty.emails.kinds import Amount, Goes, Kind, Special, Value
from loyalty.emails.texts import TEXTS, WORDS
from loyalty.programs.models import Program

_LONGEST_SUBJECT = 200  # characters, filled


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject and body of a kind in a language, with placeholders: the merchant's, or ours."""

    language: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Written:
    """An email that is ready: one line of subject, the body alone, and both whole texts."""

    subject: str
    body: str
    text: str
    html: str


def write(
    *, program: Program, kind: Kind, wording: Wording, values: Mapping[str, Value], payload: Mapping[str, Any], link: str,
    unsubscribe_url: str,
) -> Written:  # fmt: skip
    """Returns one member's email.

    Args:
        values: By placeholder; each is written the language's way, days in the shop's time zone.
        payload: What happened: a discount code and its end are told beneath the text.
        link: The member's own link for friends.
    """
    words, filled = WORDS[wording.language], said(values, wording.language, program.zone)
    code = payload.get("discount_code") if kind.goes is Goes.CODE else None
    end = datetime.fromisoformat(payload["expires_at"]) if code and payload.get("expires_at") else None
    subject = one_line(fill(wording.subject, filled))[:_LONGEST_SUBJECT]
    body = fill(wording.body, filled).strip()
    context = {
        "language": wording.language,
        "subject": subject,
        "paragraphs": [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()],
        "shop": program.name,
        "code": code,
        "code_label": words.code,
        "code_end": words.valid_through % {"day": _day(end, program.zone, wording.language)} if end else "",
        "button": TEXTS[wording.language][kind.slug].button if code or kind.goes is not Goes.CODE else words.shop,
        "url": _url(kind, program, code, link),
        "why": words.why % {"shop": program.name},
        "unsubscribe": words.unsubscribe,
        "unsubscribe_url": unsubscribe_url,
    }
    return Written(subject, body, _plain(body, context), render_to_string("emails/mail.html", context))


def _url(kind: Kind, program: Program, code: str | None, link: str) -> str:
    if code:
        return f"{program.storefront}/discount/{quote(code, safe='')}?redirect=/"
    return link if kind.goes is Goes.LINK else program.storefront


def _plain(body: str, context: Mapping[str, Any]) -> str:
    code = f"{context['code_label']}: {context['code']}\n{context['code_end']}".strip() if context["code"] else ""
    button = f"{context['button']}: {context['url']}"
    foot = f"-- \n{context['why']}\n{context['unsubscribe']}: {context['unsubscribe_url']}"
    return "\n\n".join(part for part in (body, code, button, foot) if part) + "\n"


def said(values: Mapping[str, Value], language: str, zone: ZoneInfo) -> dict[str, str]:
    """Returns what placeholders stand for, written in a language."""
    return {name: _in_words(value, language, zone) for name, value in values.items()}


def _in_words(value: Value, language: str, zone: ZoneInfo) -> str:
    words = WORDS[language]
    match value:
        case None:
            return ""
        case Special.CREDIT:
            return words.credit
        case Amount(points):
            return (words.point if points == 1 else words.points) % {"number": _number(points, language)}
        case int():
            return _number(value, language)
        case datetime():
            return _day(value, zone, language)
        case _:
            return str(value)


def _number(value: int, language: str) -> str:
    with translation.override(language):
        return str(number_format(value, force_grouping=True))


def _day(end: datetime, zone: ZoneInfo, language: str) -> str:
    """The last whole day before an end, in the shop's time zone."""
    with translation.override(language):
        return str(date_format((end - timedelta(microseconds=1)).astimezone(zone), "DATE_FORMAT"))
