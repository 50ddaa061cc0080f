"""A shop in scope for each test; at the end of each, its ledger must be proved sound."""

from collections.abc import Iterator

import pytest

from tests.a_shop import AShop


@pytest.fixture
def shop(db: None) -> Iterator[AShop]:
    """A programme of its own, in scope; audited when the test is over."""
    made = AShop.new()
    with made.scope():
        yield made
        made.assert_sound()
