"""Callers who do not give up: Flow, and a merchant's backend with idempotency keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from dataclasses import dataclass

import requests

from tests.servers import KEYS

PATIENCE_SECONDS = 120
SECRET = KEYS["SHOPIFY_CLIENT_SECRETS"].split(",")[0]


@dataclass
class Job:
    """One thing that happened once, called in as often as it takes. `made` is the id of what it made."""

    kind: str
    number: int
    customer_id: int
    made: str = ""
    tries: int = 0
    problem: str = ""

    @property
    def key(self) -> str:
        return f"storm-{self.kind}-{self.number}"


@dataclass(frozen=True)
class Caller:
    """Knows the shop's doors."""

    web_url: str
    domain: str
    secret: str
    reward_id: str

    def run(self, job: Job) -> Job:
        """Call until there is an answer that is final; a 4xx is a problem."""
        pause, until = random.Random(job.key), time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            job.tries += 1
            try:
                answer = self.call(job)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in (200, 201):
                job.made = made_by(answer.json())
                return job
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                job.problem = f"{answer.status_code} {answer.text[:300]}"
                return job
            time.sleep(pause.uniform(0.05, 0.3))
        job.problem = "no final answer in time"
        return job

    def call(self, job: Job) -> requests.Response:
        """One attempt."""
        if job.kind == "flow":
            return self._flow(job)
        path, body, headers = f"rewards/{self.reward_id}/purchase", {"customer_identifier": job.customer_id}, {}
        if job.kind == "rest":
            path = "actions"
            body = {"action_key": "storm", "customer_id": job.customer_id, "idempotency_key": job.key}  # type: ignore[dict-item]  # JSON of any kind
        else:
            headers = {"Idempotency-Key": job.key}
        url = f"{self.web_url}/v1/{path}"
        return requests.post(url, json=body, headers={"Authorization": self.secret, **headers}, timeout=20)

    def _flow(self, job: Job) -> requests.Response:
        body = {
            "shopify_domain": self.domain, "action_run_id": job.key, "handle": "award-custom-action",
            "properties": {"action_key": "storm", "customer_id": str(job.customer_id)},
        }  # fmt: skip
        raw = json.dumps(body).encode()
        proof = base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()
        url = f"{self.web_url}/flow/actions/award-custom-action"
        return requests.post(url, data=raw, headers={"X-Shopify-Hmac-Sha256": proof}, timeout=20)


def made_by(answer: dict) -> str:
    """The id of the award or redemption an answer tells of."""
    value = answer.get("return_value")
    return str(value["awardId"] if value else answer["data"]["id"])
