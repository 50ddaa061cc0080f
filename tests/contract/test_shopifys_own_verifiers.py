"""Our verifiers and those of Shopify's `shopifyapp` agree on the same requests, except where its package is known wrong."""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from pathlib import Path

import jwt
from django.conf import settings

from shopify_app.auth.session_token import InvalidSessionToken, merchant_of
from shopify_app.auth.signatures import body_is_signed

SCRIPT = Path(__file__).with_name("shopifys_verdicts.py")
SHOP = "tea-house.myshopify.com"  # ShopifyAPI refuses names of one character


def verdicts(cases: list[dict]) -> list[bool]:
    current, retired = settings.SHOPIFY_CLIENT_SECRETS
    given = {"client_id": settings.SHOPIFY_CLIENT_ID, "secret": current, "old_secret": retired, "cases": cases}
    command = [sys.executable, "-I", "-W", "ignore", str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def signature(body: str, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest()).decode()


class TestSignaturesOfBodies:
    def test_both_take_the_same_and_refuse_the_same(self):
        current, retired = settings.SHOPIFY_CLIENT_SECRETS
        body = '{"shopify_domain": "a.myshopify.com", "naïve": "café"}'
        headers = [
            signature(body, current), signature(body, retired), signature(body, "other"), signature("{}", current),
            signature(body, current)[:-1], signature(body, current).lower(), "x", "",
        ]  # fmt: skip
        cases = [
            {
                "kind": kind,
                "request": {
                    "method": "POST",
                    "url": "https://app.example.com/x",
                    "body": body,
                    "headers": {"X-Shopify-Hmac-Sha256": header, "X-Shopify-Shop-Domain": SHOP},
                },
            }
            for kind in ("webhook", "flow")
            for header in headers
        ]
        ours = [body_is_signed(body.encode(), header) for header in headers]
        assert verdicts(cases) == ours + ours
        assert ours == [True, True] + [False] * 6

    def test_a_header_that_is_no_ascii_is_only_wrong_where_shopifys_package_breaks(self):
        assert not body_is_signed(b"{}", "ä\udcff")


class TestSessionTokens:
    def claims(self, **changes) -> dict:
        now = int(time.time())
        given = {
            "iss": f"https://{SHOP}/admin", "dest": f"https://{SHOP}", "aud": settings.SHOPIFY_CLIENT_ID, "sub": "42",
            "exp": now + 60, "nbf": now - 1, "iat": now - 1, "jti": "j", "sid": "s", **changes,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def ours(self, raw: str) -> bool:
        try:
            return merchant_of(raw).shop_domain == SHOP
        except InvalidSessionToken:
            return False

    def test_both_take_the_same_and_refuse_the_same(self):
        current, retired = settings.SHOPIFY_CLIENT_SECRETS
        tokens = [
            jwt.encode(self.claims(), current, "HS256"),
            jwt.encode(self.claims(), retired, "HS256"),
            jwt.encode(self.claims(), "another secret that is long enough", "HS256"),
            jwt.encode(self.claims(aud="another"), current, "HS256"),
            jwt.encode(self.claims(exp=int(time.time()) - 60), current, "HS256"),
            jwt.encode(self.claims(nbf=int(time.time()) + 600), current, "HS256"),
            "no.token.atall",
        ]
        cases = [
            {
                "kind": "session",
                "request": {
                    "method": "GET", "body": "", "url": "https://app.example.com/app/",
                    "headers": {"Authorization": f"Bearer {token}"},
                },
            }
            for token in tokens
        ]  # fmt: skip
        ours = [self.ours(token) for token in tokens]
        assert verdicts(cases) == ours
        assert ours == [True, True, False, False, False, False, False]

    def test_an_issuer_of_another_shop_is_refused_where_shopifys_package_does_not_compare(self):
        raw = jwt.encode(self.claims(iss="https://b.myshopify.com/admin"), settings.SHOPIFY_CLIENT_SECRETS[0], "HS256")
        assert not self.ours(raw)
