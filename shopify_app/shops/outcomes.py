"""What a call to a shop came to, in the outbox's words: the same for every destination that is Shopify."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from loyalty.outbox.ports import Dead, Done, Outcome, Paused, Retry
from shopify_app.admin_api.errors import AdminApiError, Refused, ShopUnavailable, Throttled
from shopify_app.shops.operations import NeedsReauth


def outcome_of(call: Callable[[], object], *, request: Mapping[str, Any]) -> Outcome:
    """Makes a call whose repeat is harmless, and returns how it ended.

    Args:
        call: A mutation; it raises an `AdminApiError` unless Shopify said that it is done.
        request: What the merchant is shown of it.
    """
    try:
        call()
    except (NeedsReauth, ShopUnavailable) as error:
        return Paused(error=str(error), request=request)
    except Throttled as error:
        return Retry(error=str(error), request=request, after=timedelta(seconds=error.retry_after_seconds))
    except Refused as error:
        return Dead(error=f"Shopify refused: {error}", request=request)
    except AdminApiError as error:
        return Retry(error=str(error), request=request)
    return Done(status=200, request=request, response='{"userErrors": []}')
