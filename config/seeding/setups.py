"""Reading setups: which keys there are, and a clear error for one that is unknown. Pure.

The shapes are those of docs/seed_shop.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

KEYS: dict[str, frozenset[str]] = {
    "setup": frozenset(
        {
            "program", "tiers", "rules", "campaigns", "rewards", "customers", "subscriptions", "test_mode", "shopify",
            "keys", "shopify_events", "receiver",
        }
    ),
    "program": frozenset(
        {
            "is_enabled", "points_expiry_enabled", "points_expiry_days", "currency", "time_zone", "plan", "tier_entry",
            "tier_multiplier_scope", "refund_policy", "code_prefix", "requests_per_second",
        }
    ),
    "tiers": frozenset({"id", "name", "points_required", "points_multiplier", "badge_color", "description"}),
    "rules": frozenset(
        {
            "id", "name", "action", "category", "is_active", "points_to_give", "approval_time", "action_key", "frequency",
        }
    ),
    "campaigns": frozenset({"id", "name", "multipliers", "active"}),
    "rewards": frozenset(
        {
            "id", "name", "discount_type", "reward_type", "points_cost", "discount_amount", "minimum_spend", "is_active",
            "max_redemptions", "expiry_days", "vip_tier", "description",
        }
    ),
    "customers": frozenset(
        {
            "shopify_customer_id", "email", "first_name", "last_name", "current_points", "lifetime_points",
            "redeemed_points", "tier", "date_of_birth", "loyalty_status", "lots", "order", "earning_history",
            "reward_history",
        }
    ),
    "lots": frozenset({"points", "earned_at", "expires_at"}),
    "order": frozenset({"id", "number", "total", "points"}),
    "earning_history": frozenset(
        {
            "id", "earning_rule_id", "action", "points", "base_points", "points_multiplier", "status", "order_id",
            "order_number", "points_due_at", "points_given_at", "created_at",
        }
    ),
    "reward_history": frozenset({"id", "reward_id", "points_spent", "status", "discount_code", "created_at"}),
    "subscriptions": frozenset({"url", "events", "is_active", "description"}),
    "test_mode": frozenset({"enabled", "emails"}),
    "shopify": frozenset({"customers", "down"}),
}  # fmt: skip
"""Every key a setup may hold, by where it stands."""
EXTRA_KEYS = frozenset({"revoked", "other_shop"})


class BadSetup(Exception):
    """A setup that can't be read; the text names the place and the key."""


def check(setups: Any) -> list[dict[str, Any]]:
    """Returns the setups if every key is known.

    Raises:
        BadSetup: Not a list of objects, or a key is unknown.
    """
    if not isinstance(setups, list):
        raise BadSetup("A JSON list of setups is expected.")
    for number, setup in enumerate(setups):
        _check_object(setup, "setup", f"setup {number}")
    return setups


def _check_object(value: Any, kind: str, where: str) -> None:
    if not isinstance(value, dict):
        raise BadSetup(f"{where} must be an object.")
    for key, item in value.items():
        if key not in KEYS[kind]:
            raise BadSetup(f"{where} has an unknown key: {key}")
        if kind == "shopify" or key not in KEYS:
            continue
        if isinstance(item, list):
            for number, one in enumerate(item):
                _check_object(one, key, f"{where}.{key}[{number}]")
        else:
            _check_object(item, key, f"{where}.{key}")
    if kind == "setup" and not set(value.get("keys", ())) <= EXTRA_KEYS:
        raise BadSetup(f"{where}.keys may hold {', '.join(sorted(EXTRA_KEYS))} only.")


def moment(text: str | None) -> datetime | None:
    """Returns an ISO 8601 instant; without offset it is UTC; None stays None."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
