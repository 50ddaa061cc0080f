"""What happened: the names of events, as they are written to the outbox and never renamed.

A door or a vendor maps these to its own spelling (`points.earned` → "Points Awarded"); who hears what is the table in
`config/subscriptions.py`.
"""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """Every event Encore can tell of."""

    MEMBER_ENROLLED = "member.enrolled"
    MEMBER_CHANGED = "member.changed"
    MEMBER_BIRTHDAY = "member.birthday"
    POINTS_PENDING = "points.pending"
    POINTS_EARNED = "points.earned"
    POINTS_APPROVED = "points.approved"
    POINTS_REJECTED = "points.rejected"
    POINTS_REVERSED = "points.reversed"
    POINTS_DEDUCTED = "points.deducted"
    POINTS_EXPIRED = "points.expired"
    POINTS_EXPIRING = "points.expiring"
    POINTS_REDEEMED = "points.redeemed"
    POINTS_RETURNED = "points.returned"
    REWARD_ISSUED = "reward.issued"
    REWARD_USED = "reward.used"
    REDEMPTION_FAILED = "redemption.failed"
    TIER_CHANGED = "tier.changed"
    ACCOUNTS_MERGED = "accounts.merged"
    REFERRAL_CLAIMED = "referral.claimed"
    REFERRAL_CONVERTED = "referral.converted"
    REFERRAL_COMPLETED = "referral.completed"
    FRIEND_REWARDED = "referral.friend_rewarded"
    TIER_RENAMED = "tier.renamed"
    PROGRAMME_CHANGED = "programme.changed"
