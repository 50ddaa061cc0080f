"""Members of a tier whose name has changed: their profiles are told, though nothing happened to them."""

from __future__ import annotations

from datetime import timedelta

from loyalty.events import EventKind
from loyalty.integrations.queries import known
from loyalty.members.models import Member
from loyalty.outbox.operations import queue_syncs
from loyalty.outbox.ports import Done, Outcome, Telling


class RenamedTiers:
    """Has everybody on a renamed tier synchronised at every platform that is connected, at its pace."""

    deduplicates = True

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether any platform is connected, or waits for a new key."""
        return bool(known().exists())

    def deliver(self, telling: Telling) -> Outcome:
        """Queues them; what is sent is read then."""
        theirs = Member.objects.living().filter(tier_membership__tier_id=telling.payload["tier_id"])
        number = sum(
            queue_syncs(
                program_id=telling.program_id, destination=f"{connection.vendor}:profiles",
                member_ids=theirs.values_list("pk", flat=True), now=telling.now, every=timedelta(0),
            )
            for connection in known()
        )  # fmt: skip
        return Done(response=f"{number:,} profiles are being synced")
