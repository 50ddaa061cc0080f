"""Faults, request log and forgetting, the same at every vendor."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sandbox.vendors.table import VENDORS

from . import test_attentive, test_klaviyo, test_omnisend, test_postscript
from .client import Sandbox

SCRIPTED = ["drop_before", "drop_after", "server_error", "throttled", "cut_body"]
LOST = -1  # no answer came


@dataclass
class Shown:
    """One vendor as these tests speak to it: an event to send, and an address that says whose key it is."""

    sandbox: Sandbox
    handle: str
    key: str
    headers: dict[str, str]
    event_url: str
    event: dict[str, Any]
    me: str
    session: requests.Session
    accepted: int = 202  # the status of an event that was taken

    def send(self) -> int:
        """Send the event; gives the status, or LOST."""
        try:
            answer = self.session.post(self.event_url, json=self.event, headers=self.headers, timeout=10)
        except requests.ConnectionError:
            return LOST
        return answer.status_code

    def faults(self, **switches: Any) -> None:
        """Turn switches."""
        self.sandbox.control("PATCH", f"/vendors/{self.handle}/faults", switches)

    def arrived(self) -> Any:
        """Read what arrived."""
        return self.sandbox.control("GET", f"/vendors/{self.handle}?key={self.key}")


def _klaviyo(sandbox: Sandbox, base: str) -> Shown:
    key, headers, event = test_klaviyo.KEY, test_klaviyo.HEADERS, test_klaviyo.event()
    url, me = f"{base}/api/events", f"{base}/api/accounts"
    return Shown(sandbox, "klaviyo", key, headers, url, event, me, requests.Session())


def _omnisend(sandbox: Sandbox, base: str) -> Shown:
    key, headers, event = test_omnisend.KEY, test_omnisend.HEADERS, test_omnisend.event()
    url, me = f"{base}/api/events", f"{base}/api/brands/current"
    return Shown(sandbox, "omnisend", key, headers, url, event, me, requests.Session())


def _postscript(sandbox: Sandbox, base: str) -> Shown:
    """With a subscriber, for it takes events of nobody else."""
    key, headers, base = test_postscript.KEY, test_postscript.HEADERS, f"{base}/api/v2"
    person = {"shopify_customer_id": "6001", "email": "ana@example.com"}
    sandbox.control("PUT", "/vendors/postscript/subscribers", {"key": key, "subscribers": [person]})
    event = test_postscript.event(test_postscript.find(base, shopify_customer_id__eq="6001")[0]["id"])
    return Shown(sandbox, "postscript", key, headers, f"{base}/events", event, f"{base}/me", requests.Session())


def _attentive(sandbox: Sandbox, base: str) -> Shown:
    key, headers, event = test_attentive.KEY, test_attentive.HEADERS, test_attentive.event()
    url, me = f"{base}/v1/events/custom", f"{base}/v1/me"
    return Shown(sandbox, "attentive", key, headers, url, event, me, requests.Session(), accepted=200)


MADE: dict[str, Callable[[Sandbox, str], Shown]] = {
    "klaviyo": _klaviyo,
    "omnisend": _omnisend,
    "postscript": _postscript,
    "attentive": _attentive,
}


def test_every_vendor_of_the_table_is_asked_here() -> None:
    assert MADE.keys() == VENDORS.keys()


@pytest.fixture(params=MADE)
def vendor(request: pytest.FixtureRequest, sandbox: Sandbox) -> Shown:
    """Each vendor in turn, with nothing in it that its events don't need."""
    sandbox.control("DELETE", "/vendors", status=204)
    return MADE[request.param](sandbox, f"{sandbox.url}/vendors/{request.param}")


class TestSwitches:
    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            ("unauthorized", 401),
            ("forbidden", 403),
            ("refused", 400),
            ("retired", 410),
            ("server_error", 500),
            ("throttled", 429),
            ("drop_before", LOST),
        ],
    )
    def test_before_the_work_nothing_is_done_and_the_switch_counts_down(
        self, vendor: Shown, fault: str, status: int
    ) -> None:
        vendor.faults(**{fault: 2})
        assert [vendor.send() for _ in range(2)] == [status] * 2
        found = vendor.arrived()
        assert (found["events"], found["faults"][fault]) == ([], 0)
        assert [item["outcome"] for item in found["requests"][-2:]] == [fault] * 2
        assert vendor.send() == vendor.accepted

    @pytest.mark.parametrize("fault", ["drop_after", "cut_body"])
    def test_after_the_work_it_is_done(self, vendor: Shown, fault: str) -> None:
        vendor.faults(**{fault: 1})
        assert vendor.send() == (LOST if fault == "drop_after" else vendor.accepted)
        found = vendor.arrived()
        assert (len(found["events"]), found["requests"][-1]["outcome"]) == (1, fault)

    def test_a_cut_body_is_no_json(self, vendor: Shown) -> None:
        vendor.faults(cut_body=1)
        answer = vendor.session.get(vendor.me, headers=vendor.headers, timeout=10)
        assert answer.status_code == 200
        with pytest.raises(requests.JSONDecodeError):
            answer.json()

    def test_true_stays_until_it_is_switched_off(self, vendor: Shown) -> None:
        vendor.faults(server_error=True)
        assert [vendor.send() for _ in range(3)] == [500] * 3
        vendor.faults(server_error=0)
        assert vendor.send() == vendor.accepted

    def test_only_spares_the_other_endpoints(self, vendor: Shown) -> None:
        vendor.faults(server_error=True, only="events")
        assert vendor.send() == 500
        assert vendor.session.get(vendor.me, headers=vendor.headers, timeout=10).status_code == 200

    def test_a_revoked_key_is_401_for_good(self, vendor: Shown) -> None:
        vendor.faults(revoked=[vendor.key])
        assert [vendor.send() for _ in range(2)] == [401, 401]
        assert vendor.arrived()["events"] == []

    def test_slow_is_slow(self, vendor: Shown) -> None:
        vendor.faults(slow_ms=300)
        answer = vendor.session.get(vendor.me, headers=vendor.headers, timeout=10)
        assert answer.elapsed.total_seconds() >= 0.3

    @pytest.mark.parametrize(
        "switches",
        [{"nonsense": 1}, {"fail_rate": 2}, {"fail_rate": "0.5"}, {"fail_with": ["retired"]}, ["drop_after"]],
    )
    def test_unknown_ones_are_refused_and_change_nothing(self, vendor: Shown, switches: Any) -> None:
        before = vendor.arrived()["faults"]
        vendor.sandbox.control("PATCH", f"/vendors/{vendor.handle}/faults", switches, status=400)
        assert vendor.arrived()["faults"] == before


def told(status: int, outcome: str) -> bool:
    """Whether a client that got this status may have met this outcome of the log."""
    wanted = {"drop_before": LOST, "drop_after": LOST, "server_error": 500, "throttled": 429, "window": 429}
    return status == wanted.get(outcome, 202)


class TestTheScript:
    @pytest.mark.parametrize("vendor", ["klaviyo", "omnisend"], indirect=True)  # Postscript's window would join in
    def test_strikes_the_same_calls_for_the_same_seed_and_the_log_tells_which(self, vendor: Shown) -> None:
        runs = []
        for _ in range(2):
            start = len(vendor.arrived()["requests"])
            vendor.faults(seed=7, fail_rate=0.5, fail_with=SCRIPTED)
            statuses = [vendor.send() for _ in range(40)]
            outcomes = [item["outcome"] for item in vendor.arrived()["requests"][start:]]
            assert all(map(told, statuses, outcomes))
            runs.append([word if word in SCRIPTED else "" for word in outcomes])
            vendor.faults(fail_rate=0)
        assert runs[0] == runs[1]
        counted = Counter(runs[0])
        assert set(counted) - {""} == set(SCRIPTED)
        assert 10 <= 40 - counted[""] <= 30

    def test_another_seed_strikes_others_and_no_rate_none(self, sandbox: Sandbox) -> None:
        sandbox.control("DELETE", "/vendors", status=204)
        url = f"{sandbox.url}/vendors/klaviyo/api/events"

        def statuses(**switches: Any) -> list[int]:
            sandbox.control("PATCH", "/vendors/klaviyo/faults", switches)
            return [test_klaviyo.post(url, test_klaviyo.event()).status_code for _ in range(20)]

        first = statuses(seed=1, fail_rate=0.5, fail_with=["server_error"])
        assert {*first} == {202, 500}
        assert statuses(seed=2) != first
        assert statuses(seed=1) == first
        assert statuses(fail_rate=0) == [202] * 20
        assert statuses(fail_rate=1) == [500] * 20


class TestForgetting:
    def test_all_at_once(self, vendor: Shown) -> None:
        vendor.faults(throttled=1)
        vendor.send()
        vendor.send()
        vendor.sandbox.control("DELETE", "/vendors", status=204)
        found = vendor.sandbox.control("GET", f"/vendors/{vendor.handle}")
        assert found["faults"]["throttled"] == 0
        assert all(not found[name] for name in found if name != "faults")
        assert vendor.arrived()["events"] == []

    def test_one_leaves_the_others(self, vendor: Shown) -> None:
        other = next(name for name in ("klaviyo", "omnisend") if name != vendor.handle)
        vendor.send()
        vendor.sandbox.control("DELETE", f"/vendors/{other}", status=204)
        assert len(vendor.arrived()["events"]) == 1

    def test_there_is_no_such_vendor(self, sandbox: Sandbox) -> None:
        sandbox.control("GET", "/vendors/sendlane", status=404)


class TestTheLog:
    def test_keeps_what_was_sent_and_what_was_answered(self, vendor: Shown) -> None:
        vendor.faults(refused=1)
        vendor.send()
        entry = vendor.arrived()["requests"][-1]
        assert (entry["endpoint"], entry["method"], entry["status"]) == ("events", "POST", 400)
        assert entry["body"]
        assert entry["answer"]
