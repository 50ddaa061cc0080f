"""What a customer shows of their membership: metafields that a theme reads without a request, and the tier tag.

In our own namespace `$app` (shopify.md 11.2) `balance`, `tier` and `birthday` are plain values for Liquid, and `loyalty` is
everything at once, as JSON; the same JSON goes to `mage.loyalty` where the merchant wants it. shopify.app.toml defines ours.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from shopify_app.admin_api.client import result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import Refused
from shopify_app.metafields.fields import APP, MAGE, Field, json_text, settings_of, write
from shopify_app.metafields.tags import changes, tag_for
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Standing:
    """A member as a theme reads them, under the documented names (rest-api facts, section 13); points are whole."""

    points_balance: int
    lifetime_points: int
    redeemed_points: int
    vip_tier: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Marks:
    """All that we want written onto a customer.

    Attributes:
        standing: None takes back everything that is ours.
        birthday: As the member gave it to Encore.
        has_mage: `mage.loyalty` is ours to write; else it is left alone, since it may be another app's.
        has_tag: The tier tag is ours to write; else tags are left alone.
        is_untagged: The tier tag is taken back.
    """

    standing: Standing | None
    birthday: date | None = None
    has_mage: bool = False
    has_tag: bool = False
    is_untagged: bool = False

    @property
    def tag(self) -> str | None:
        """The one tier tag to carry; None is none."""
        return tag_for(self.standing.vip_tier) if self.standing and not self.is_untagged else None

    def fields(self) -> list[Field]:
        """Returns the metafields. A text cannot be blank: no tier is no metafield."""
        standing = self.standing
        everything = json_text(asdict(standing)) if standing else None
        found = [
            Field("loyalty", APP, "loyalty", "json", everything),
            Field("balance", APP, "balance", "number_integer", str(standing.points_balance) if standing else None),
            Field("tier", APP, "tier", "single_line_text_field", (standing.vip_tier or None) if standing else None),
            Field("birthday", APP, "birthday", "date", self.birthday.isoformat() if self.birthday else None),
        ]
        return [*found, Field("mage", MAGE, "loyalty", "json", everything)] if self.has_mage else found

    def shown(self, shopify_customer_id: int) -> dict[str, Any]:
        """Returns what a merchant reads of it under Deliveries."""
        metafields = settings_of(gid_of(shopify_customer_id), self.fields())
        return {"mutation": "metafieldsSet", "metafields": metafields, **({"tag": self.tag} if self.has_tag else {})}


def gid_of(shopify_customer_id: int) -> str:
    """Returns a customer's global id."""
    return f"gid://shopify/Customer/{shopify_customer_id}"


def publish(*, shop: Shop, shopify_customer_id: int, marks: Marks, deadline: Deadline) -> None:
    """Make a customer show just these marks: reads what is there and writes what differs. A repeat writes nothing.

    Args:
        deadline: when all of it must have ended; past it nothing is sent.

    Raises:
        NothingSent, Throttled, UnknownOutcome: try again; what is done already is found so.
        Refused, UserErrors: Shopify will not take it; a customer that no longer exists, for one.
    """
    owner = gid_of(shopify_customer_id)
    found = call(shop, "CustomerMarks", {"id": owner}, deadline=deadline).data.get("customer")
    if not isinstance(found, dict):
        raise Refused("CUSTOMER_GONE", "the shop has no such customer")
    write(shop, owner, marks.fields(), found=found, deadline=deadline)
    if marks.has_tag:
        tags = changes(found.get("tags") or [], marks.tag)
        if tags.removed:
            result_of(call(shop, "RemoveTags", {"id": owner, "tags": tags.removed}, deadline=deadline), "tagsRemove")
        if tags.added:
            result_of(call(shop, "AddTags", {"id": owner, "tags": tags.added}, deadline=deadline), "tagsAdd")
