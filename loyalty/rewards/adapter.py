"""Entry rewards as a destination of the outbox: `tiers` tells who rose, and knows nothing of rewards."""

from __future__ import annotations

from loyalty.errors import ProgramDisabled
from loyalty.events import EventKind
from loyalty.members.errors import CustomerExcluded, NoTestCustomer
from loyalty.members.models import Member
from loyalty.outbox.ports import Dead, Done, Outcome, Skipped, Telling
from loyalty.rewards.errors import RewardNotFound, TestTakenBack
from loyalty.rewards.models import EntryReward
from loyalty.rewards.operations.entry import give_on_entry, keep_skipped


class EntryRewards:
    """Gives what a tier gives to who rises to it for the first time."""

    deduplicates = True  # given once per member and tier, however often it is told

    def wants(self, *, program_id: int, kind: EventKind) -> bool:
        """Whether any tier of the programme gives a reward."""
        return EntryReward.objects.exists()

    def deliver(self, telling: Telling) -> Outcome:
        """Gives the reward; its code follows. Sent again, it gives what a reward that was off could not."""
        if telling.payload.get("direction") != "up":
            return Skipped(error="The member did not rise")
        if telling.payload.get("source") == "import":
            return Skipped(error="An import gives nothing on entry")
        member = Member.objects.filter(pk=telling.member_id or 0, redacted_at=None).first()
        if member is None:
            return Skipped(error="The member is gone")
        tier_id = str(telling.payload.get("new_tier_id"))
        try:
            given = give_on_entry(member=member, tier_id=tier_id, is_test=telling.is_test, now=telling.now)
        except NoTestCustomer as refusal:
            keep_skipped(member=member, tier_id=tier_id, now=telling.now)
            return Skipped(error=refusal.sentence)
        except (CustomerExcluded, ProgramDisabled, TestTakenBack) as refusal:
            return Skipped(error=refusal.sentence)
        except RewardNotFound:
            return Dead(error="The reward is switched off or its dates are over. Switch it on, then send this again.")
        return Done(response=f"Given: {given.public_id}") if given else Skipped(error="The tier gives no reward")
