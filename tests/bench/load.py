"""Driving the Flow door: signed runs prepared beforehand, sent over kept-alive connections by a process of its own."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
import subprocess
import sys
import time
from urllib.parse import urlsplit


def request_bytes(*, url: str, secret: str, domain: str, action_key: str, customer: int, run_id: str) -> bytes:
    """Returns one HTTP request as Flow sends it."""
    parts = urlsplit(url)
    body = json.dumps(
        {
            "shop_id": "1", "shopify_domain": domain, "action_run_id": run_id, "action_definition_id": "Award custom action",
            "handle": "award-custom-action", "step_reference": "320d4f8a-aaab-40ff-9ed2-2bc079633705",
            "properties": {"action_key": action_key, "customer_id": str(customer), "idempotency_key": ""},
        }
    ).encode()  # fmt: skip
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    head = (
        f"POST /flow/actions/award-custom-action HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"X-Shopify-Hmac-Sha256: {signature}\r\nX-Shopify-Shop-Domain: {domain}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _connection(host: str, port: int, requests: list[bytes], until: float, done: list[int]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while requests and time.perf_counter() < until:
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"an award failed: {head[:40]!r} {body[:200]!r}")
        done.append(1)
    writer.close()


def drive(order: dict) -> float:
    """Runs in the process of its own; returns awards per second."""
    rng = random.Random(order["run"])
    parts = urlsplit(order["url"])
    requests = [
        request_bytes(
            url=order["url"], secret=order["secret"], domain=order["domain"], action_key=order["action_key"],
            customer=order["first"] + rng.randrange(order["members"]), run_id=f"{order['run']}-{n}",
        )
        for n in range(order["requests"])
    ]  # fmt: skip
    done: list[int] = []

    async def all_connections() -> float:
        started = time.perf_counter()
        until = started + order["seconds"]
        each = [_connection(parts.hostname, parts.port, requests, until, done) for _ in range(order["connections"])]
        await asyncio.gather(*each)
        return time.perf_counter() - started

    elapsed = asyncio.run(all_connections())
    return len(done) / elapsed


def measure(order: dict) -> float:
    """Returns awards per second over the door, driven by another process."""
    command = [sys.executable, "-m", "tests.bench.load"]
    done = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return float(done.stdout)


if __name__ == "__main__":
    print(drive(json.load(sys.stdin)))
