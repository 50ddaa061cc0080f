"""A running sandbox for these tests: a real process, a real port, manifests made here. Nothing of Encore runs."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from . import fake_app

ROOT = Path(__file__).parents[2]
CLIENT_ID, SECRET = "c" * 32, "shpss_sandbox_test_0123456789abcdef"
SHOP = "first.myshopify.com"
CUSTOMER = "6001"

APP_TOML = """
client_id = "x"
name = "Encore"
handle = "encore"
application_url = "https://app.example.com"
embedded = true
[access_scopes]
scopes = "read_customers,write_customers,read_discounts,write_discounts,read_orders"
optional_scopes = ["read_store_credit_accounts", "write_store_credit_account_transactions"]
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = ["app/uninstalled"]
  uri = "/webhooks/app"
  [[webhooks.subscriptions]]
  topics = ["orders/create", "orders/paid", "refunds/create", "orders/cancelled"]
  uri = "https://app.example.com/webhooks/orders"
  [[webhooks.subscriptions]]
  topics = ["customers/update"]
  uri = "/webhooks/customers"
  [[webhooks.subscriptions]]
  compliance_topics = ["customers/data_request", "customers/redact", "shop/redact"]
  uri = "/webhooks/compliance"
[customer.metafields.app.balance]
type = "number_integer"
name = "Points balance"
"""
ACTION_TOML = """
[[extensions]]
name = "Award custom action"
type = "flow_action"
handle = "award-custom-action"
description = "Awards points."
runtime_url = "https://app.example.com/flow/actions/award-custom-action"
schema = "./schema.graphql"
return_type_ref = "Awarded"
[settings]
  [[settings.fields]]
  type = "single_line_text_field"
  key = "action_key"
  name = "Action key"
  required = true
  [[settings.fields]]
  type = "customer_reference"
  required = true
"""
TRIGGER_TOML = """
[[extensions]]
name = "Loyalty points earned"
type = "flow_trigger"
handle = "loyalty-points-earned"
description = "Starts when a customer earns points."
schema = "./schema.graphql"
[settings]
  [[settings.fields]]
  type = "customer_reference"
  [[settings.fields]]
  type = "number_decimal"
  key = "Points"
  [[settings.fields]]
  type = "single_line_text_field"
  key = "Event id"
  [[settings.fields]]
  type = "schema.Details"
  key = "Customer Loyalty Details"
"""
SCHEMA = {
    "actions/award": "type Awarded {\n  status: String!\n  points: Int!\n}\n",
    "triggers/earned": "enum Status { USED UNUSED }\ntype Reward { description: String, status: Status! }\n"
    "type Details { availablePoints: Float!, dob: String, rewards: [Reward!]! }\n",
}


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


@pytest.fixture(scope="session")
def _receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = fake_app.answer(self.path, self.headers, secret=SECRET, audience=CLIENT_ID)
            found.requests.append({"path": self.path, "headers": dict(self.headers), "status": answer.status})
            self.send_response(answer.status)
            for name, value in {"Content-Type": "text/html", **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body.encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.requests.append({"path": self.path, "headers": dict(self.headers), "body": body})
            time.sleep(found.delay_seconds)
            status, text = found.answers.pop(0) if found.answers else (200, "{}")
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()


@pytest.fixture
def receiver(_receiver: Receiver) -> Receiver:
    """The app's stand-in, empty."""
    _receiver.forget()
    return _receiver


def write_project(folder: Path) -> Path:
    """Write the manifests of a small app."""
    (folder / "shopify.app.toml").write_text(APP_TOML, "utf-8")
    for name, toml in (("actions/award", ACTION_TOML), ("triggers/earned", TRIGGER_TOML)):
        place = folder / "flow_extensions" / name
        place.mkdir(parents=True)
        (place / "shopify.extension.toml").write_text(toml, "utf-8")
        (place / "schema.graphql").write_text(SCHEMA[name], "utf-8")
    return folder


@pytest.fixture(scope="session")
def start_sandbox(tmp_path_factory: pytest.TempPathFactory, _receiver: Receiver) -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes as processes; all are stopped at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(home: Path | None = None) -> Sandbox:
        port = free_port()
        environment = {
            **os.environ,
            "SANDBOX_PORT": str(port),
            "SANDBOX_HOME": str(home or tmp_path_factory.mktemp("sandbox-home")),
            "APP_URL": _receiver.url,
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRETS": f"{SECRET},shpss_older_0123456789abcdef012345",
            "SANDBOX_PROJECT": str(write_project(tmp_path_factory.mktemp("project"))),
            "SANDBOX_RETRY_SCALE": "0.0005",
        }
        process = subprocess.Popen([sys.executable, "-m", "sandbox"], cwd=ROOT, env=environment)
        started.append(process)
        found = Sandbox(f"http://127.0.0.1:{port}", process=process)
        fake_app.SANDBOX[0] = f"http://localhost:{port}"
        for _ in range(100):
            try:
                requests.get(f"{found.url}/_sandbox/stores", timeout=5)
                return found
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError("the sandbox did not start")

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def _running(start_sandbox: Callable[..., Sandbox]) -> Sandbox:
    return start_sandbox()


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    """The running sandbox with one installed shop, no faults, and one customer."""
    customer = {
        "id": CUSTOMER,
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "Silva",
        "created_at": "2026-01-01T00:00:00Z",
    }
    quiet = {
        "down": False,
        "slow_ms": 0,
        "throttled": 0,
        "lose_answers": 0,
        "server_error": 0,
        "revoked": False,
        "only": "",
    }
    store = {"domain": SHOP, "name": "First", "customers": [customer], "faults": quiet, "optional_scopes": []}
    _running.control("PUT", "/stores", [store])
    _running.control("PATCH", f"/stores/{SHOP}", {"installed": True})
    return _running


def loads(body: bytes) -> Any:
    """Read a JSON body."""
    return json.loads(body)
