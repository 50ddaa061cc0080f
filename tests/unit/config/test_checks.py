"""Development's conveniences keep a production from starting."""

import pytest

from config.checks import production_is_closed


@pytest.fixture
def production(settings):
    settings.ENCORE_ENVIRONMENT = "production"
    settings.SHOPIFY_GATEWAY = ""
    settings.LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS = False
    settings.FRAME_ANCESTORS = ["https://admin.shopify.com"]
    settings.APP_BRIDGE_URL = settings.SHOPIFY_APP_BRIDGE_URL
    settings.POLARIS_URL = settings.SHOPIFY_POLARIS_URL
    settings.APP_URL = "https://encore.example.com"
    settings.ENCORE_VENDORS_URL = ""
    settings.ENCORE_DELIVERY_PACE = 1.0
    for name in ("SHOPIFY_PARTNER_ORGANIZATION_ID", "SHOPIFY_PARTNER_TOKEN", "SHOPIFY_APP_ID", "SHOPIFY_APP_HANDLE"):
        setattr(settings, name, "")
    return settings


class TestProduction:
    def test_as_it_should_be_starts(self, production):
        assert production_is_closed(None) == []

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("SHOPIFY_GATEWAY", "http://127.0.0.1:8001", "E001"),
            ("LOYALTY_ALLOW_LOCAL_WEBHOOK_TARGETS", True, "E002"),
            ("FRAME_ANCESTORS", ["https://admin.shopify.com", "http://localhost:8001"], "E003"),
            ("FRAME_ANCESTORS", ["https://admin.shopify.com", "https://example.com"], "E003"),
            ("FRAME_ANCESTORS", ["https://admin.shopify.com.example.com"], "E003"),
            ("FRAME_ANCESTORS", ["*"], "E003"),
            ("POLARIS_URL", "/static/encore/polaris-standin.js", "E006"),
            ("APP_BRIDGE_URL", "http://localhost:8001/app-bridge.js", "E004"),
            ("APP_URL", "http://127.0.0.1:8000", "E005"),
            ("ENCORE_VENDORS_URL", "http://127.0.0.1:8001/vendors", "E007"),
            ("ENCORE_DELIVERY_PACE", 2.0, "E008"),
            ("SHOPIFY_PARTNER_TOKEN", "prtapi_half", "E009"),
            ("SHOPIFY_PLAN_HANDLES", {"gold": "golden"}, "E010"),
        ],
    )
    def test_with_a_convenience_refuses(self, production, name, value, code):
        setattr(production, name, value)
        assert [found.id for found in production_is_closed(None)] == [f"encore.{code}"]

    def test_the_same_is_fine_in_the_demo(self, settings):
        settings.ENCORE_ENVIRONMENT = "demo"
        settings.SHOPIFY_GATEWAY = "http://127.0.0.1:8001"
        assert production_is_closed(None) == []
