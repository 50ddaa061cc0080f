"""A running sandbox for these tests: a real process, a real port, manifests made here. Nothing of Encore runs."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from . import fake_app
from .client import CLIENT_ID, CUSTOMER, ROOT, SECRET, SHOP, Receiver, Sandbox, free_port
from .manifests import write_project


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


@pytest.fixture(scope="session")
def start_sandbox(tmp_path_factory: pytest.TempPathFactory, _receiver: Receiver) -> Iterator[Callable[..., Sandbox]]:
    """Start sandboxes as processes; all are stopped at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(home: Path | None = None) -> Sandbox:
        port, mail_port = free_port(), free_port()
        environment = {
            **os.environ,
            "SANDBOX_PORT": str(port),
            "SANDBOX_MAIL_PORT": str(mail_port),
            "SANDBOX_HOME": str(home or tmp_path_factory.mktemp("sandbox-home")),
            "APP_URL": _receiver.url,
            "SHOPIFY_CLIENT_ID": CLIENT_ID,
            "SHOPIFY_CLIENT_SECRETS": f"{SECRET},shpss_older_0123456789abcdef012345",
            "SANDBOX_PROJECT": str(write_project(tmp_path_factory.mktemp("project"))),
            "SANDBOX_RETRY_SCALE": "0.0005",
        }
        process = subprocess.Popen([sys.executable, "-m", "sandbox"], cwd=ROOT, env=environment)
        started.append(process)
        found = Sandbox(f"http://127.0.0.1:{port}", process=process, mail_port=mail_port)
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
        "bulk_waits": False,
        "bulk_cut": 0,
        "only": "",
    }
    store = {"domain": SHOP, "name": "First", "customers": [customer], "faults": quiet, "optional_scopes": []}
    store["products"] = [{"id": 1, "variants": [{"id": 11}]}]
    _running.control("PUT", "/stores", [store])
    _running.control("PATCH", f"/stores/{SHOP}", {"installed": True})
    return _running
