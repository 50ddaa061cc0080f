"""What a call to a shop came to, in the outbox's words: the same for every destination that is Shopify."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import AdminApiError, Refused, ShopUnavailable, Throttled
from shopify_app.shops.operations import NeedsReauth

CALL_SECONDS = 25.0
"""For a delivery to a shop in all, waits and second requests included; the outbox takes a claim back after 60.

A token renewal that began within it may outlast it by `tokens.LONGEST_SECONDS`, and then nothing more is sent.
"""


def outcome_of(call: Callable[[Deadline], object], *, request: Mapping[str, Any]) -> Outcome:
    """Makes a call whose repeat is harmless, and returns how it ended.

    Args:
        call: A mutation, to end by the deadline it is given; it raises an `AdminApiError` unless Shopify said that it is done.
        request: What the merchant is shown of it.
    """
    try:
        call(Deadline.after(CALL_SECONDS))
    except (NeedsReauth, ShopUnavailable) as error:
        return Paused(error=str(error), request=request)
    except Throttled as error:
        return Retry(error=str(error), request=request, after=timedelta(seconds=error.retry_after_seconds))
    except Refused as error:
        return Dead(error=f"Shopify refused: {error}", request=request)
    except AdminApiError as error:
        return Retry(error=str(error), request=request)
    return Done(status=200, request=request, response='{"userErrors": []}')
