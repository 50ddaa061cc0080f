"""A shop in which everything can happen, with Shopify's stand-in behind it."""

from collections.abc import Iterator

import pytest

from shopify_app.shops.models import Shop
from tests.journeys.referring import ReferringShop
from tests.sandbox_client import Sandbox


@pytest.fixture
def shop(installed_shop: Shop, sandbox: Sandbox) -> Iterator[ReferringShop]:
    """An installed shop in scope; audited at the end."""
    made = ReferringShop(installed_shop.program)
    made.sandbox = sandbox
    with made.scope():
        yield made
        made.assert_sound()
