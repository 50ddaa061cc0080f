"""The app proxy's signature, and the hole in it: what is signed has no separators."""

import time

import pytest
from django.conf import settings

from sandbox.signing import proxy_signature
from shopify_app.auth.app_proxy import NotSigned, Visit, signature_of, visit_of

NOW = 1_790_000_000.0
SHOP = "tea-house.myshopify.com"
PAIRS = {
    "shop": SHOP,
    "path_prefix": "/apps/loyalty",
    "timestamp": "1790000000",
    "logged_in_customer_id": "7001",
    "referral_code": "ABC 123",
}


def query(secret: str | None = None, signed: dict | None = None, **changes) -> str:
    """A signed query; what is in `changes` is sent in place of what was signed."""
    from urllib.parse import urlencode

    pairs = list({**PAIRS, **(signed or {})}.items())
    signature = signature_of(pairs, secret or settings.SHOPIFY_CLIENT_SECRETS[0])
    sent = {**dict(pairs), "signature": signature, **changes}
    return urlencode([(name, value) for name, value in sent.items() if value is not None])


def read(text: str) -> Visit:
    return visit_of(text, now_seconds=NOW, allowed=("referral_code",))


class TestAForwardedRequest:
    def test_tells_the_shop_the_customer_and_the_visitors_own_words(self):
        assert read(query()) == Visit(SHOP, 7001, "/apps/loyalty", {"referral_code": "ABC 123"})

    def test_of_nobody_has_no_customer(self):
        assert read(query(signed={"logged_in_customer_id": ""})).shopify_customer_id is None

    def test_may_be_signed_with_the_secret_being_retired(self):
        assert read(query(settings.SHOPIFY_CLIENT_SECRETS[1])).shop_domain == SHOP

    def test_is_signed_as_shopify_signs(self):
        pairs = [("b", "2"), ("a", "1"), ("b", "3")]
        assert signature_of(pairs, "secret") == proxy_signature(pairs, "secret")


class TestARequestThatIsNot:
    @pytest.mark.parametrize(
        "text",
        [
            query("another secret"),
            query(signature=None),
            query(signature="ä"),
            query(shop="other.myshopify.com"),
            query(logged_in_customer_id="7002"),
            query(signed={"timestamp": str(int(NOW) - 91)}),
            query(signed={"timestamp": str(int(NOW) + 91)}),
            query(signed={"timestamp": "now"}),
            query(signed={"shop": "tea-house.example.com"}),
            query(signed={"path_prefix": "//evil.example"}),
            query(signed={"logged_in_customer_id": "7001a"}),
            query(signed={"more": "1"}),
            query() + "&shop=" + SHOP,
            query() + "&timestamp=1790000000",
            "",
            "signature",
        ],
    )
    def test_is_turned_away(self, text):
        with pytest.raises(NotSigned):
            read(text)

    def test_text_that_moved_between_parameters_is_turned_away(self):
        """`…referral_code=ABC 123shop=…` signs the same as `referral_code` and `shop` apart."""
        pairs = list(PAIRS.items())
        joined = dict(PAIRS)
        joined["referral_code"] = f"ABC 123shop={SHOP}"
        del joined["shop"]
        assert signature_of(pairs, "s") == signature_of(list(joined.items()), "s")
        with pytest.raises(NotSigned):
            read(query(signed={}, referral_code=f"ABC 123shop={SHOP}", shop=None))

    def test_is_known_by_the_time_it_came(self):
        with pytest.raises(NotSigned):
            visit_of(query(), now_seconds=time.time() + 10_000, allowed=("referral_code",))
