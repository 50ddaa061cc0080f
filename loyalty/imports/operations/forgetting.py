"""What is forgotten of imports: whole files and their rows after a while, and at once what they hold of a customer who asks.

A file that names somebody who asked is dropped whole: its lines cannot be opened one by one, and its rows say all that is
still needed of it. What rows did stays, so that the import can still be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from loyalty.imports.models import KEPT, WORKING, Import, ImportChunk, ImportRow
from loyalty.members.operations import normal_email

_NOTHING = {
    "shopify_customer_id": None, "customer_id": None, "customer": None, "email": "", "note": "",
    "tier_name": "", "date_of_birth": None, "fault_value": "",
}  # fmt: skip


def drop_old(*, now: datetime) -> int:
    """Drops files and rows that are kept long enough, of every shop, and returns of how many imports; counts stay."""
    count = 0
    with scopes_disabled():
        old = Import.objects.filter(created_at__lt=now - KEPT, dropped_at=None).exclude(state__in=WORKING, error="")
        for imported in old.order_by("pk"):
            with transaction.atomic():
                ImportChunk.objects.filter(imported=imported).delete()
                ImportRow.objects.filter(imported=imported).delete()
                Import.objects.filter(pk=imported.pk).update(dropped_at=now)
            count += 1
    return count


@transaction.atomic
def forget_customer(*, shopify_customer_id: int, member_ids: Sequence[int], email: str | None) -> None:
    """Forgets somebody in every row, and drops the files that name them; what was not run of such a file is not run any more.

    Args:
        member_ids: Our numbers of them, and of whom was merged into them.
        email: Their address in the shop, if it is known.
    """
    about = Q(customer_id=shopify_customer_id) | Q(shopify_customer_id=shopify_customer_id)
    about |= Q(member_id__in=list(member_ids))
    if address := normal_email(email):
        about |= Q(email=address)
    rows = ImportRow.objects.filter(about)
    named = set(rows.order_by().values_list("imported_id", flat=True).distinct())
    rows.filter(is_applied=False).update(**_NOTHING, member=None, verdict=ImportRow.Verdict.ERROR, fault="gone")
    rows.filter(is_applied=True).update(**_NOTHING)
    unread = Import.objects.filter(state__in=[Import.State.UPLOADED, Import.State.READING])
    named |= set(unread.values_list("pk", flat=True))  # what no row tells of yet may be about anybody
    _drop_files(named)


def forget_everyone(*, now: datetime) -> None:
    """Forgets all rows and files of the programme in scope, and what files were called."""
    ImportChunk.objects.all().delete()
    ImportRow.objects.all().delete()
    Import.objects.filter(dropped_at=None).update(dropped_at=now)
    Import.objects.update(file_name="", headers=[], cursor="", error="")


def _drop_files(import_ids: set[int]) -> None:
    ImportChunk.objects.filter(imported__in=import_ids).delete()
    # A file that was not read to its end cannot be read any more.
    stopped = Import.objects.filter(pk__in=import_ids, state__in=[Import.State.UPLOADED, Import.State.READING])
    stopped.delete()
