"""Klaviyo's HTTP API, revision 2026-10-15: three calls and what their answers mean.

Source: marketing-platforms facts, sections 2 and 5. Events are deduplicated by `unique_id`, so an event whose answer was
lost is simply sent again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings

from loyalty.integrations.http import Answer, NoAnswer, NothingSent, VendorRefusesKey, send
from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry

REVISION = "2026-10-15"
MEDIA_TYPE = "application/vnd.api+json"


def call(method: str, path: str, *, key: str, body: Any = None) -> Answer:
    """Makes one call.

    Args:
        path: Below `/api/`.

    Raises:
        NothingSent, NoAnswer: See `loyalty.integrations.http`.
    """
    headers = {
        "Authorization": f"Klaviyo-API-Key {key}",
        "revision": REVISION,
        "Accept": MEDIA_TYPE,
        "Content-Type": MEDIA_TYPE,
    }
    return send(method, f"{settings.KLAVIYO_URL}/api/{path}", headers=headers, json=body)


def account_name(*, key: str) -> str:
    """Tests a key and returns the account's name.

    Raises:
        VendorRefusesKey: Klaviyo does not know the key, or it lacks rights.
        NothingSent, NoAnswer: Klaviyo can't be reached, or is in trouble.
    """
    answer = call("GET", "accounts", key=key)
    if answer.status in (401, 403):
        raise VendorRefusesKey
    if answer.status != 200:
        raise NoAnswer(f"Klaviyo answered {answer.status}")
    try:
        return str(json.loads(answer.text)["data"][0]["attributes"]["contact_information"]["organization_name"])
    except (ValueError, LookupError, TypeError):
        return "Klaviyo account"


def deliver(path: str, *, key: str, body: Mapping[str, Any], now: datetime) -> Outcome:
    """Sends an event or a profile and returns what came of it; never raises for what Klaviyo does.

    The outcome shows the request without the key.
    """
    shown = {"method": "POST", "url": f"{settings.KLAVIYO_URL}/api/{path}", "body": dict(body)}
    try:
        answer = call("POST", path, key=key, body=body)
    except (NothingSent, NoAnswer) as error:
        return Retry(error=f"No answer: {error}"[:500], request=shown)
    said: dict[str, Any] = {"status": answer.status, "request": shown, "response": answer.text}
    if 200 <= answer.status < 300:
        return Done(**said)
    if answer.status == 429:
        return Retry(error="Klaviyo asks for patience", after=_retry_after(answer, now), **said)
    if answer.status in (401, 403):
        return Paused(error="Klaviyo does not accept the key", **said)
    if answer.status == 410:
        return Paused(error=f"Klaviyo has retired revision {REVISION}", **said)
    if answer.status >= 500:
        return Retry(error=f"Klaviyo answered {answer.status}", **said)
    return Dead(error=_problem(answer), **said)


def _retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Reads `Retry-After` as seconds or as a date, clamped to 1–3,600 s; None when it says nothing usable."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    if math.isnan(seconds):
        return None
    return timedelta(seconds=min(max(seconds, 1.0), 3600.0))


def _problem(answer: Answer) -> str:
    """Returns the first error of an answer in one sentence, with the field it points at."""
    try:
        problem = json.loads(answer.text)["errors"][0]
        source = problem.get("source") or {}
        where = source.get("pointer") or source.get("parameter") or ""
        return f"Klaviyo refused: {problem.get('detail') or problem.get('title')} {where}".strip()
    except (ValueError, LookupError, TypeError, AttributeError):
        return f"Klaviyo refused with {answer.status}"
