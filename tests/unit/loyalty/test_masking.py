"""Secrets are masked wherever they stand in what was sent and answered; what the merchant looks for stays."""

import json

import pytest

from loyalty.outbox.masking import MASK, masked, masked_text

KLAVIYO, POSTSCRIPT = "pk_00aa11bb22cc33dd44ee55ff66", "sk_live0123456789abcdef"
SHOPIFY, OURS = "shpat_" + "0a" * 16, "enc_AbCdEf0123456789"
OMNISEND = "65a1b2c3d4e5f60718293a4b-0123456789abcdefABCDEF0123"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"  # a JSON web token of nobody
SIGNATURE = "sha256=" + "ab" * 32
STANDARD = "v1," + "A" * 43 + "="


@pytest.mark.parametrize(
    "secret",
    [
        KLAVIYO,
        POSTSCRIPT,
        SHOPIFY,
        "shpua_" + "0a" * 8,
        OURS,
        OMNISEND,
        TOKEN,
        SIGNATURE,
        STANDARD,
        "whsec_0123456789ab",
    ],
)
class TestAKey:
    def test_is_masked_in_a_sentence(self, secret):
        assert masked_text(f"The key {secret} is not valid") == f"The key {MASK} is not valid"

    def test_is_masked_under_a_harmless_name_and_in_a_list(self, secret):
        assert masked({"note": secret, "more": [secret, {"deep": f"see {secret}"}]}) == {
            "note": MASK, "more": [MASK, {"deep": f"see {MASK}"}],
        }  # fmt: skip

    def test_is_masked_in_json_as_text(self, secret):
        assert secret not in masked_text(json.dumps({"errors": [{"detail": f"no such key: {secret}"}]}))


NAMES = (
    "Authorization", "authorization", "X-Shopify-Access-Token", "X-Webhook-Signature", "webhook-signature", "api_key", "Api-Key",
    "client_secret", "password", "passwd", "Set-Cookie", "access_token", "hmac", "private_key", "id_token",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
class TestAName:
    def test_hides_its_value(self, name):
        assert masked({name: "hunter2"}) == {name: MASK}
        assert masked({"headers": {name: ["a", "b"]}}) == {"headers": {name: [MASK, MASK]}}

    def test_hides_it_in_a_text_of_json_a_header_and_a_query(self, name):
        for text in (
            json.dumps({name: "hunter2", "a": 1}), json.dumps(json.dumps({name: "hunter2"})), f"{name}: hunter2\nHost: x",
            f"https://x.example/?a=1&{name}=hunter2&b=2",
        ):  # fmt: skip
            assert "hunter2" not in masked_text(text)
            assert MASK in masked_text(text)


class TestTheRest:
    def test_stays_as_it_is(self):
        kept = {
            "email": "ada@example.com", "Discount Code": "ENCORE-7K2M", "points": 100, "is_test": False, "nothing": None,
            "unique_id": "1:018f6b1e-7c2a-7d3e-9f40-000000000001", "body": '{"event":"points.earned","shop":"tea"}',
        }  # fmt: skip
        assert masked(kept) == kept

    def test_says_what_was_taken_out_before(self):
        assert masked({"X-Webhook-Signature": "[signature]"}) == {"X-Webhook-Signature": "[signature]"}

    def test_masking_twice_is_masking_once(self):
        once = masked({"Authorization": f"Bearer {SHOPIFY}", "body": f'{{"token":"{OURS}","x":"{KLAVIYO}"}}'})
        assert masked(once) == once
        assert masked(None) is None

    def test_a_long_text_takes_no_time(self):
        assert masked_text("a-" * 32_000).startswith("a-")
