"""Customer Loyalty Details: the object every trigger carries (programme-rules facts, section 12.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from loyalty.earning.queries import rewarded_actions
from loyalty.ledger.queries import standings_of
from loyalty.members.models import Member
from loyalty.money import to_decimal
from loyalty.orders.queries import figures_of
from loyalty.referrals.queries import completed_of, link_of
from loyalty.rewards.models import Redemption
from loyalty.rewards.queries import redemptions_of
from loyalty.tiers.queries import tier_of

MAX_REWARDS = 50
MAX_BYTES = 50_000
"""What Flow takes in one trigger, in bytes of JSON."""
_ACTIONS = {
    "rewardedForFacebook": "like_on_facebook",
    "rewardedForTwitter": "follow_on_x",
    "rewardedForInstagram": "follow_on_instagram",
    "rewardedForYoutube": "subscribe_on_youtube",
    "rewardedForTiktok": "follow_on_tiktok",
    "rewardedForNewsLetter": "newsletter_signup",
    "rewardedForSms": "sms_signup",
    "rewardedForCreatingAccount": "signup",
}


def loyalty_details(*, member: Member, now: datetime) -> dict[str, Any]:
    """Returns where a member stands, with their latest rewards, newest first."""
    standing = standings_of(member_ids=[member.pk], now=now)[member.pk].balances
    tier = tier_of(member_id=member.pk)
    rewarded = rewarded_actions(member_id=member.pk)
    return {
        "availablePoints": float(standing.available),
        "pendingPoints": float(standing.pending),
        "creditedPoints": float(standing.lifetime),
        "spentAmount": float(to_decimal(figures_of(member_id=member.pk).spent_minor, member.program.currency)),
        "currentVipTier": tier.name if tier else "",
        "referredCompleted": completed_of(member_id=member.pk),
        "referralLink": link_of(member, member.program),
        "dob": member.date_of_birth.isoformat() if member.date_of_birth else "",
        **{name: action in rewarded for name, action in _ACTIONS.items()},
        "rewards": [_reward(row) for row in redemptions_of(member_id=member.pk)[:MAX_REWARDS]],
    }


def _reward(row: Redemption) -> dict[str, Any]:
    used = row.state == Redemption.State.USED
    return {
        "description": row.terms["reward_name"],
        "discountCode": row.code or "",
        "status": "REFUNDED" if row.is_refunded else "USED" if used else "UNUSED",
        "pointTransactionId": row.entry_id or 0,
        "pointRedeemRuleId": row.terms["reward_number"] or 0,  # store credit of a Flow step is of no reward
        "orderId": str(row.order_id) if row.order_id is not None else None,
        "orderName": row.order_number,
        "createAt": row.created_at.isoformat(),
        "usedAt": row.used_at.isoformat() if row.used_at else None,
        "expireDate": row.expires_at.isoformat() if row.expires_at else None,
        "variantId": None,
    }


def within_limit(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the payload with as many of the newest rewards as Flow's size limit lets through; the note says so."""
    trimmed = json.loads(json.dumps(payload))
    rewards = trimmed["Customer Loyalty Details"]["rewards"]
    total = len(rewards)
    while rewards and len(json.dumps(trimmed).encode()) > MAX_BYTES - 200:
        rewards.pop()
    if len(rewards) < total:
        trimmed["Note"] = f"{trimmed['Note']} (the newest {len(rewards)} of {total} rewards)"
    return dict(trimmed)
