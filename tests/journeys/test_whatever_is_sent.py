"""schemathesis asks the REST API whatever its document allows, and what it forbids: never a fault of ours, and every answer
is one the document names.

All of schemathesis' checks run. Business says no to much that is well formed, so a refusal is allowed where data is right;
`LENIENT` lists by name where wrong input is taken all the same.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from tests.journeys.conftest import LiveShop

REFUSED = ["4xx", 503]
LENIENT = [
    # List parameters never fail a request: what is impossible falls back to the default, or finds nothing.
    {"include-method": "GET", "checks": {"negative_data_rejection": {"enabled": False}}},
    # In a batch an item that is wrong is refused alone, with a status of its own.
    {"include-path": "/v1/actions/batch", "checks": {"negative_data_rejection": {"enabled": False}}},
]
"""Where the contract takes what the document forbids."""
CONFIG = {
    "generation": {"max-examples": 40},
    "checks": {
        # Business says no to much that is well formed.
        "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
    "operations": LENIENT,
}
SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
)


pytestmark = [pytest.mark.live, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live: LiveShop) -> LiveShop:
    """A running shop with something of everything, whose key nobody slows down."""
    live.secret = live.key(requests_per_second=100_000)
    live.action()
    live.rule()
    live.reward()
    live.tier("Gold", 0, "1.5")
    live.give(live.member(7001), 500)
    return live


@pytest.fixture
def api(shop: LiveShop) -> Any:
    """The API as its own document describes it."""
    url = f"{shop.stack.base_url}/docs/openapi.json"
    return schemathesis.openapi.from_url(url, config=SchemathesisConfig.from_dict(CONFIG))


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@SETTINGS
def test_whatever_is_sent_is_answered_as_documented(case, shop):
    case.call_and_validate(headers={"Authorization": shop.secret}, timeout=30)
