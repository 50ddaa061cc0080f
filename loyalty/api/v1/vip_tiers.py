"""VIP tiers: list and get."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import rewards, shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.fields import number
from loyalty.errors import NotFound
from loyalty.instants import instant
from loyalty.rewards.models import Reward
from loyalty.rewards.queries import entry_rewards
from loyalty.rewards.queries import rewards as all_rewards
from loyalty.tiers.models import Tier
from loyalty.tiers.queries import ladder


class VipTiers(ApiView):
    """`/v1/vip-tiers`."""

    @extend_schema(**docs.reading("List VIP tiers", "vip_tier", shapes.VipTierAttributes, many=True))
    def get(self, request: Request) -> Response:
        """Lists every tier, lowest first, without pages."""
        return Response({"data": [resource("vip_tier", tier.public_id, self.attributes(tier)) for tier in ladder()]})

    def attributes(self, tier: Tier) -> dict[str, Any]:
        """Returns a tier with its rewards."""
        return {
            "name": tier.name,
            "description": tier.description,
            "points_required": tier.threshold,
            "points_multiplier": number(tier.multiplier),
            "badge_image_url": tier.badge_image_url,
            "badge_color": tier.badge_color,
            "entry_method": self.program.tier_entry,
            "rewards": [*self._given(tier), *(_item(reward) for reward in all_rewards().filter(tier=tier))],
            "created_at": instant(tier.created_at),
            "updated_at": instant(tier.updated_at),
        }

    def _given(self, tier: Tier) -> list[dict[str, Any]]:
        """What the tier gives on entry: it costs nothing there, whatever others pay for it."""
        given = entry_rewards().get(tier.pk)
        return [{**_item(given), "reward_type": "tier", "points_cost": 0, "vip_tier": tier.name}] if given else []


def _item(reward: Reward) -> dict[str, Any]:
    return {"id": reward.public_id, **rewards.attributes(reward)}


class VipTier(VipTiers):
    """`/v1/vip-tiers/{id}`."""

    @extend_schema(**docs.reading("Get a VIP tier", "vip_tier", shapes.VipTierAttributes))
    def get(self, request: Request, public_id: str) -> Response:  # type: ignore[override]  # a path of its own
        """Returns one tier."""
        tier = ladder().filter(public_id=public_id).first()
        if tier is None:
            raise NotFound(f"VIP tier '{public_id}' not found")
        return one("vip_tier", tier.public_id, self.attributes(tier))
