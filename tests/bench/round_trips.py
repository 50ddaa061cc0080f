"""Counting round trips to the database from outside: a proxy in front of PostgreSQL counts its "ready for query"."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from django.db import connection

from tests.bench import load
from tests.bench.shop import ACTION_KEY, FIRST_CUSTOMER, Shop

WARM_UP, COUNTED = 10, 20
_CLIENT = """
import json, os, sys, django
django.setup()
from django.test import Client
client = Client()
for line in sys.stdin:
    order = json.loads(line)
    answer = client.post("/flow/actions/award-custom-action", data=order["body"], content_type="application/json",
                         headers={"X-Shopify-Hmac-Sha256": order["signature"]})
    print(answer.status_code, flush=True)
"""


class CountingProxy:
    """Listens on a socket of its own and passes everything on; `count` is the ready-for-query messages seen."""

    def __init__(self, folder: Path) -> None:
        values = connection.settings_dict
        host, port = str(values["HOST"]), int(values["PORT"] or 5432)
        self.target = (
            (socket.AF_UNIX, f"{host}/.s.PGSQL.{port}") if host.startswith("/") else (socket.AF_INET, (host, port))
        )
        self.path = folder / ".s.PGSQL.5432"
        self.count = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(self.target[0])
            server.connect(self.target[1])
            threading.Thread(target=self._up, args=(client, server), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        while data := client.recv(65536):
            server.sendall(data)
        server.close()

    def _down(self, server: socket.socket, client: socket.socket) -> None:
        """Walks the server's messages: a type byte, a length, a body. The refusal of encryption is a bare byte."""
        waiting, first = b"", True
        while data := server.recv(65536):
            waiting += data
            if first and waiting[:1] in (b"N", b"G"):
                waiting = waiting[1:]
            first = False
            while len(waiting) >= 5:
                length = int.from_bytes(waiting[1:5], "big") + 1
                if len(waiting) < length:
                    break
                self.count += waiting[:1] == b"Z"
                waiting = waiting[length:]
            client.sendall(data)
        client.close()


def measure(shop: Shop, secret: str, environment: dict[str, str]) -> float:
    """Returns round trips per award, everything included: authentication, award, commit."""
    with tempfile.TemporaryDirectory(prefix="encore-bench-") as folder:
        proxy = CountingProxy(Path(folder))
        values = connection.settings_dict
        url = f"postgres://{values['USER']}@{folder.replace('/', '%2F')}:5432/{values['NAME']}"
        environ = {**os.environ, **environment, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
        child = subprocess.Popen(
            [sys.executable, "-c", _CLIENT], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdin and child.stdout
        before = 0
        for number in range(WARM_UP + COUNTED):
            if number == WARM_UP:
                before = proxy.count
            child.stdin.write(_order(shop, secret, number) + "\n")
            child.stdin.flush()
            status = child.stdout.readline().strip()
            assert status == "200", status
        child.stdin.close()
        child.wait(20)
        return (proxy.count - before) / COUNTED


def _order(shop: Shop, secret: str, number: int) -> str:
    raw = load.request_bytes(
        url="http://localhost:1", secret=secret, domain=shop.domain, action_key=ACTION_KEY,
        customer=FIRST_CUSTOMER + number, run_id=f"round-trips-{number}",
    )  # fmt: skip
    head, body = raw.split(b"\r\n\r\n", 1)
    signature = head.split(b"Sha256: ")[1].split(b"\r\n")[0].decode()
    return json.dumps({"body": body.decode(), "signature": signature})
