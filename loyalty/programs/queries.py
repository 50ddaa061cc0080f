"""What may be asked of programmes from outside."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.errors import NotFound
from loyalty.programs.models import ApiKey, Program

KEY_MARK = "enc_"
"""How every key begins, so that a leaked one can be recognised."""
PREFIX_LENGTH = len(KEY_MARK) + 8


def program_id_of(*, shopify_domain: str) -> int | None:
    """Returns the number of the programme of a shop, or None."""
    return Program.objects.filter(shopify_domain=shopify_domain).values_list("pk", flat=True).first()


def program(*, shopify_domain: str) -> Program:
    """Returns the programme of a shop.

    Raises:
        NotFound: No such shop.
    """
    found = Program.objects.filter(shopify_domain=shopify_domain).first()
    if found is None:
        raise NotFound(_("Shop '%(shopify_domain)s' not found") % {"shopify_domain": shopify_domain})
    return found


def api_keys() -> QuerySet[ApiKey]:
    """Returns every key of the programme in scope, revoked ones too, newest first."""
    keys: QuerySet[ApiKey] = ApiKey.objects.order_by("-created_at", "-pk")
    return keys


def usable_keys(*, now: datetime) -> QuerySet[ApiKey]:
    """Returns the keys of the programme in scope that work now, newest first."""
    found: QuerySet[ApiKey] = api_keys().filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)
    return found


def key_for(*, secret: bytes, now: datetime) -> ApiKey | None:
    """Returns the usable key that `secret` (the whole key as the caller sent it) opens, with its programme; or None.

    The row is found by the key's public beginning, of any programme; the rest is compared in constant time.
    """
    try:
        prefix = secret[:PREFIX_LENGTH].decode("ascii")
    except UnicodeDecodeError:
        return None
    if not prefix.startswith(KEY_MARK) or "\x00" in prefix:
        return None
    # The one read that precedes knowing the programme, hence the manager that asks for no scope.
    key: ApiKey | None = ApiKey._base_manager.select_related("program").filter(prefix=prefix).first()
    return key if key is not None and key.opens_with(secret) and key.is_usable(now=now) else None
