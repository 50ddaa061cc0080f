"""The tier tag: exactly one of ours, whatever a tier is called, and nobody else's is touched."""

import pytest

from shopify_app.metafields.tags import changes, is_ours, tag_for

GOLD, SILVER = "Encore VIP: Gold", "Encore VIP: Silver"


def after(carried, tier):
    """The tags a customer carries then, as Shopify keeps them: a set without regard to case, the first spelling stays."""
    told = changes(carried, tag_for(tier))
    kept = {tag.casefold(): tag for tag in carried}
    for tag in told.removed:
        kept.pop(tag.casefold())
    for tag in told.added:
        kept.setdefault(tag.casefold(), tag)
    return sorted(kept.values())


@pytest.mark.parametrize(
    ("carried", "tier", "expected"),
    [
        ([], "Gold", [GOLD]),
        ([SILVER], "Gold", [GOLD]),
        ([GOLD, SILVER, "vip"], "Gold", [GOLD, "vip"]),
        ([GOLD, "wholesale"], None, ["wholesale"]),
        (["encore vip: gold"], "Gold", [GOLD]),
        ([GOLD], "gold", ["Encore VIP: gold"]),
        (["Encore VIP", "My Encore VIP: Gold"], None, ["Encore VIP", "My Encore VIP: Gold"]),
    ],
)
def test_ends_as_it_should_and_a_repeat_does_nothing(carried, tier, expected):
    assert after(carried, tier) == sorted(expected)
    again = changes(after(carried, tier), tag_for(tier))
    assert (again.removed, again.added) == ([], [])


@pytest.mark.parametrize("tier", ["Gold, Platinum", ",Gold", "Gold\tStar", "x" * 100])
def test_is_one_tag_whatever_the_tier_is_called(tier):
    tag = tag_for(tier)
    assert tag is not None
    assert "," not in tag
    assert len(tag) <= 255
    assert is_ours(tag)
