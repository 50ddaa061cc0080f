"""Traces of members: on which device and in which network they were seen, as digests nobody can read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django_scopes import scopes_disabled

from loyalty.members.models import Member
from loyalty.referrals.identity import digest, network_of
from loyalty.referrals.models import Trace

KEPT = timedelta(days=90)


def key_of(text: str) -> str:
    """Returns the digest under which this installation keeps a text that must not be read."""
    secret: str = settings.ENCORE_SECRET_KEYS[-1]  # the oldest: a rotation must not forget who is who
    return digest(text, key=secret.encode())


def see_member(*, member: Member, device: str, address: str | None, now: datetime) -> None:
    """Notes that a member was seen, on a device (as it calls itself) and in a network. A repeat renews the note."""
    network = network_of(address)
    seen = [(Trace.Kind.DEVICE, device), (Trace.Kind.NETWORK, network or "")]
    for kind, text in seen:
        if text:
            Trace.objects.update_or_create(
                member=member, kind=kind, digest=key_of(text),
                defaults={"program_id": member.program_id, "seen_at": now},
            )  # fmt: skip


def was_seen(*, member: Member, kind: Trace.Kind, text: str | None) -> bool:
    """Whether a member was seen on this device or in this network within the last 90 days."""
    return bool(text) and Trace.objects.filter(member=member, kind=kind, digest=key_of(text or "")).exists()


def forget_traces(*, now: datetime) -> int:
    """Drops traces older than 90 days, of every programme, and returns how many."""
    with scopes_disabled():
        count, _ = Trace.objects.filter(seen_at__lt=now - KEPT).delete()
    return int(count)
