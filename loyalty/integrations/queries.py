"""What may be asked of connections from outside."""

from __future__ import annotations

from django.db.models import QuerySet

from loyalty.integrations.models import GONE, Connection


def connection(*, vendor: str) -> Connection | None:
    """Returns the programme's connection to a vendor, if there ever was one."""
    found: Connection | None = Connection.objects.filter(vendor=vendor).first()
    return found


def connections() -> QuerySet[Connection]:
    """Returns the programme's connections, whatever their state."""
    found: QuerySet[Connection] = Connection.objects.order_by("vendor")
    return found


def is_known(*, vendor: str) -> bool:
    """Whether news for a vendor should be queued: connected, or waiting for a new key."""
    return bool(known().filter(vendor=vendor).exists())


def known() -> QuerySet[Connection]:
    """Returns the programme's connections that are told of news, or will be when there is a new key."""
    found: QuerySet[Connection] = Connection.objects.exclude(state__in=GONE)
    return found
