"""What is known of an order's products: asked for once, and what was said first stays."""

import pytest

from loyalty.orders.products import Needs, ProductFacts, facts_of, lacking, learned

TEA = ProductFacts(frozenset({"tea"}), frozenset({5}))
KNOWN = learned({}, {11: TEA}, collection_ids=(5, 6))


class TestWhatIsLacking:
    @pytest.mark.parametrize(
        ("needs", "unknown"),
        [
            (Needs(), set()),
            (Needs(tags=True), {22}),
            (Needs(frozenset({5, 6})), {22}),
            (Needs(frozenset({5, 7})), {11, 22}),
        ],
        ids=str,
    )
    def test_is_each_product_of_which_something_needed_is_not_known(self, needs, unknown):
        assert lacking({11, 22}, KNOWN, needs) == unknown

    def test_is_nothing_of_no_products(self):
        assert lacking(set(), {}, Needs(frozenset({5}), tags=True)) == set()


class TestWhatIsLearned:
    def test_reads_as_it_was_told(self):
        assert facts_of(11, KNOWN) == TEA
        assert facts_of(22, KNOWN) == facts_of(None, KNOWN) == ProductFacts()

    def test_stays_whatever_the_shop_says_later_and_new_collections_are_added(self):
        moved = ProductFacts(frozenset({"coffee"}), frozenset({6, 7}))
        again = learned(KNOWN, {11: moved, 22: moved}, collection_ids=(6, 7))
        assert facts_of(11, again) == ProductFacts(frozenset({"tea"}), frozenset({5, 7}))
        assert facts_of(22, again) == moved
        assert lacking({11, 22}, again, Needs(frozenset({6, 7}), tags=True)) == set()


def test_needs_add_up():
    assert Needs(frozenset({5})) | Needs(frozenset({6}), tags=True) == Needs(frozenset({5, 6}), tags=True)
    assert not Needs()
    assert Needs(tags=True)
