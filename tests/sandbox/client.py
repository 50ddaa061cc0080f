"""A running sandbox and the app's stand-in, as these tests speak to them."""

import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).parents[2]
CLIENT_ID, SECRET = "c" * 32, "shpss_sandbox_test_0123456789abcdef"
SHOP = "first.myshopify.com"
CUSTOMER = "6001"


@dataclass
class Receiver:
    """A stand-in for the app: keeps every request, answers as told."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    delay_seconds: float = 0

    def forget(self) -> None:
        """Start afresh."""
        self.requests.clear()
        self.answers.clear()
        self.delay_seconds = 0


@dataclass
class Sandbox:
    """Calls to a running sandbox."""

    url: str
    client_id: str = CLIENT_ID
    secret: str = SECRET
    process: "subprocess.Popen[bytes] | None" = None
    mail_port: int = 0

    def control(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Call the control API and expect a status."""
        response = requests.request(method, f"{self.url}/_sandbox{path}", json=body, timeout=30)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    def store(self, shop: str = SHOP) -> Any:
        """Read everything of a store."""
        return self.control("GET", f"/stores/{shop}")

    def faults(self, **faults: Any) -> None:
        """Turn fault switches of the first shop."""
        self.control("PATCH", f"/stores/{SHOP}/faults", faults)

    def post(self, path: str, body: Any, *, shop: str = SHOP, token: str = "") -> requests.Response:
        """Call a store's own API."""
        headers = {"Host": shop, **({"X-Shopify-Access-Token": token} if token else {})}
        return requests.post(self.url + path, json=body, headers=headers, timeout=30)

    def exchange(self, *, shop: str = SHOP, **changes: Any) -> requests.Response:
        """Exchange a session token for an offline token."""
        id_token = self.control("POST", f"/stores/{shop}/id-token", {})["id_token"]
        body = {
            "client_id": self.client_id,
            "client_secret": self.secret,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": id_token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": 1,
            **changes,
        }
        return self.post("/admin/oauth/access_token", body, shop=shop)

    def refresh(self, refresh_token: str, *, shop: str = SHOP) -> requests.Response:
        """Spend a refresh token."""
        body = {
            "client_id": self.client_id,
            "client_secret": self.secret,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        return self.post("/admin/oauth/access_token", body, shop=shop)

    def graphql(self, query: str, *, shop: str = SHOP, token: str | None = None, **variables: Any) -> Any:
        """Run a GraphQL call and expect HTTP 200."""
        response = self.call(query, variables, shop=shop, token=token)
        assert response.status_code == 200, response.text
        return response.json()

    def call(
        self, query: str, variables: dict[str, Any], *, shop: str = SHOP, token: str | None = None
    ) -> requests.Response:
        """Run a GraphQL call, whatever comes."""
        if token is None:
            token = self.exchange(shop=shop).json()["access_token"]
        return self.post(
            "/admin/api/2026-10/graphql.json", {"query": query, "variables": variables}, shop=shop, token=token
        )


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
