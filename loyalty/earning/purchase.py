"""What an order earns by a rule of kind `place_order`: which of its money counts, in exact parts. Pure.

By default line totals after discounts count, without tax, shipping, tips and gift cards. A rule for certain products,
collections or tags counts their lines alone: one that any of the three names, and none that is left out by any of them.
Source: programme-rules facts, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from loyalty.earning.evaluation import Part, shares_a_tag
from loyalty.money import to_decimal
from loyalty.orders.products import Known, Needs, ProductFacts, facts_of

NOTHING = (Part(Decimal(0)),)
ONLY, WITHOUT = "", "excluded_"
"""What the names of the options begin with that name products, collections and tags: to count them alone, or never."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order as earning sees it. Money is in the smallest unit of `currency`.

    Attributes:
        lines: As orders keep them: product_id, amount_minor, tax_minor, discount_minor, is_gift_card.
        facts: As orders keep them: shipping_minor, tax_minor, tips_minor, source_name.
        products: What the shop said of the lines' products, as far as a rule or campaign needs it.
        is_first: Whether the member has no earlier order that counts.
    """

    currency: str
    lines: Sequence[Mapping[str, Any]]
    facts: Mapping[str, Any] = field(default_factory=dict)
    products: Known = field(default_factory=dict)
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Money that counts, in currency units, and the product it was paid for (None: shipping, tax on it, tips)."""

    amount: Decimal
    product_id: int | None = None


def counted(order: Purchase, options: Mapping[str, Any]) -> tuple[Counted, ...]:
    """Returns the money of an order that counts by a rule's options, line by line; empty when the order is not eligible."""
    channels = {each.casefold() for each in options.get("channels", ())}
    if channels and str(order.facts.get("source_name") or "").casefold() not in channels:
        return ()
    if options.get("first_order_only") and not order.is_first:
        return ()
    lines = [line for line in order.lines if _is_for(line, options, facts_of(line.get("product_id"), order.products))]
    found = [(_line_minor(line, options), line.get("product_id")) for line in lines]
    if not _is_for_certain(options):
        found.append((_rest_minor(order, options), None))
    total_minor = sum(minor for minor, _ in found)
    least = Decimal(options.get("minimum_amount") or 0)
    if not lines or total_minor <= 0 or to_decimal(total_minor, order.currency) < least:
        return ()
    return tuple(Counted(to_decimal(minor, order.currency), product) for minor, product in found if minor)


def parts(points: int, options: Mapping[str, Any], order: Purchase) -> tuple[Part, ...]:
    """Returns the base of an order: its money × points per currency unit, or the rule's points; zero when not eligible."""
    money = counted(order, options)
    if not money:
        return NOTHING
    if options.get("per") == "fixed":
        return (Part(Decimal(points)),)
    abouts = (facts_of(each.product_id, order.products) for each in money)
    return tuple(
        Part(each.amount * points, each.product_id, about.collection_ids, about.tags)
        for each, about in zip(money, abouts, strict=True)
    )


def needs_of(options: Mapping[str, Any]) -> Needs:
    """Returns what of an order's products a rule has to know."""
    collections = [number for kind in (ONLY, WITHOUT) for number in options.get(f"{kind}collection_ids", ())]
    return Needs(frozenset(collections), any(options.get(f"{kind}product_tags") for kind in (ONLY, WITHOUT)))


def _is_for_certain(options: Mapping[str, Any]) -> bool:
    """Whether a rule is for certain products, collections or tags only."""
    return any(options.get(f"{ONLY}{what}") for what in ("product_ids", "collection_ids", "product_tags"))


def _is_for(line: Mapping[str, Any], options: Mapping[str, Any], about: ProductFacts) -> bool:
    if line.get("is_gift_card") and not options.get("includes_gift_cards"):
        return False
    is_wanted = not _is_for_certain(options) or _is_named(line, options, about, ONLY)
    return is_wanted and not _is_named(line, options, about, WITHOUT)


def _is_named(line: Mapping[str, Any], options: Mapping[str, Any], about: ProductFacts, kind: str) -> bool:
    return (
        line.get("product_id") in options.get(f"{kind}product_ids", ())
        or not about.collection_ids.isdisjoint(options.get(f"{kind}collection_ids", ()))
        or shares_a_tag(options.get(f"{kind}product_tags", ()), about.tags)
    )


def _line_minor(line: Mapping[str, Any], options: Mapping[str, Any]) -> int:
    before = int(line.get("discount_minor") or 0) if options.get("before_discounts") else 0
    tax = int(line.get("tax_minor") or 0) if options.get("includes_tax") else 0
    return int(line["amount_minor"]) + before + tax


def _rest_minor(order: Purchase, options: Mapping[str, Any]) -> int:
    """What counts besides the lines: shipping, the tax on it, tips."""
    rest = 0
    if options.get("includes_shipping"):
        rest += int(order.facts.get("shipping_minor") or 0)
        if options.get("includes_tax"):
            on_lines = sum(int(line.get("tax_minor") or 0) for line in order.lines)
            rest += max(0, int(order.facts.get("tax_minor") or 0) - on_lines)
    if options.get("includes_tips"):
        rest += int(order.facts.get("tips_minor") or 0)
    return rest
