"""Who a member is at a vendor that has numbers of its own for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from loyalty.integrations.models import VendorPerson
from loyalty.tenancy import program_in_scope

ABSENT_FOR = timedelta(hours=24)
"""How long somebody the vendor did not know is not asked for again."""


def remembered(*, vendor: str, member_ids: list[int], now: datetime) -> dict[int, str]:
    """Returns the vendor's number of each member who was looked up; empty for who was not there within the last day."""
    rows = VendorPerson.objects.filter(vendor=vendor, member_id__in=member_ids)
    found = rows.values_list("member_id", "external_id", "looked_up_at")
    return {member: number for member, number, at in found if number or now - at < ABSENT_FOR}


def remember(*, vendor: str, numbers: Mapping[int, str], now: datetime) -> None:
    """Writes down who members are at a vendor; empty for those it does not know."""
    VendorPerson.objects.bulk_create(
        [
            VendorPerson(
                program_id=program_in_scope(), vendor=vendor, member_id=member, external_id=number, looked_up_at=now
            )
            for member, number in numbers.items()
        ],
        update_conflicts=True,
        unique_fields=["program", "vendor", "member_id"],
        update_fields=["external_id", "looked_up_at"],
    )


def forget(*, vendor: str | None = None, member_id: int | None = None) -> None:
    """Forgets who a member is anywhere, or everybody at a vendor; None of both is everybody everywhere."""
    rows = VendorPerson.objects.all()
    if vendor is not None:
        rows = rows.filter(vendor=vendor)
    (rows.filter(member_id=member_id) if member_id is not None else rows).delete()
