"""The stand-in for Attentive: closed bodies, copies kept, attributes merged, calls nobody may make, and a window per endpoint."""

from typing import Any

import pytest
import requests

from sandbox.vendors.attentive import checks

from .client import Sandbox

KEY = "c2FuZGJveA.app-key_0123"
HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
CONTROL = "/vendors/attentive"
EMAIL = "ana@example.com"
BALANCE = {"Encore Points Balance": 120}


@pytest.fixture
def attentive(sandbox: Sandbox) -> str:
    """The stand-in's address, with nothing in it."""
    sandbox.control("DELETE", CONTROL, status=204)
    return f"{sandbox.url}/vendors/attentive/v1"


def event(**changes: Any) -> dict[str, Any]:
    """A points event."""
    body = {
        "type": "Points Awarded",
        "user": {"email": EMAIL},
        "properties": {"Points Awarded": 20, "Status": "approved"},
        "externalEventId": "0f6c1b2e-6f3f-5d51-9c6f-0d6d4c7a9f11",
        "occurredAt": "2026-11-20T10:00:00.000+00:00",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def attributes(properties: dict[str, Any], email: str = EMAIL) -> dict[str, Any]:
    """Attributes of somebody."""
    return {"user": {"email": email}, "properties": properties}


def send(method: str, url: str, body: Any = None, **headers: str) -> requests.Response:
    """Make a call."""
    return requests.request(method, url, json=body, headers={**HEADERS, **headers}, timeout=10)


def arrived(sandbox: Sandbox) -> Any:
    """Read what arrived."""
    return sandbox.control("GET", f"{CONTROL}?key={KEY}")


class TestEvents:
    def test_every_copy_is_kept_and_nobody_is_made_of_them(self, sandbox: Sandbox, attentive: str) -> None:
        for _ in range(2):
            answer = send("POST", f"{attentive}/events/custom", event())
            assert (answer.status_code, answer.content) == (200, b"")
        found = arrived(sandbox)
        assert [item["externalEventId"] for item in found["events"]] == [event()["externalEventId"]] * 2
        assert (found["events"][0]["email"], found["users"]) == (EMAIL, {})

    @pytest.mark.parametrize("sign", list("\"'(){}[]\\|,"))
    def test_a_type_has_none_of_the_signs_that_are_refused(self, sandbox: Sandbox, attentive: str, sign: str) -> None:
        assert send("POST", f"{attentive}/events/custom", event(type=f"Points{sign}Awarded")).status_code == 400
        assert arrived(sandbox)["events"] == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": None},
            {"user": None},
            {"user": {}},
            {"user": {"email": EMAIL, "phone": "+15550001111"}},
            {"user": {"email": EMAIL, "externalIdentifiers": {"clientUserId": "7001"}}},
            {"occurredAt": "2026-11-20T10:00:00"},
            {"occurredAt": "2026-13-20T10:00:00Z"},
            {"externalEventId": "shop:event"},
            {"properties": {"Points|Awarded": 20}},
            {"properties": {"Points": None}},
            {"properties": {f"Property {number}": number for number in range(201)}},
            {"nonsense": 1},
        ],
    )
    def test_a_wrong_body_is_refused_in_words(self, sandbox: Sandbox, attentive: str, changes: dict[str, Any]) -> None:
        answer = send("POST", f"{attentive}/events/custom", event(**changes))
        assert (answer.status_code, answer.json().keys()) == (400, {"error"})
        assert arrived(sandbox)["events"] == []


class TestAttributes:
    def test_are_merged_and_subscribe_nobody(self, sandbox: Sandbox, attentive: str) -> None:
        first = attributes({"Encore Points Balance": 1, "Encore VIP Tier": "Gold"})
        for body in (first, attributes({"Encore Points Balance": 5}, EMAIL.upper())):
            answer = send("POST", f"{attentive}/attributes/custom", body)
            assert (answer.status_code, answer.content) == (200, b"")
        user = arrived(sandbox)["users"][EMAIL]
        assert user["properties"] == {"Encore Points Balance": 5, "Encore VIP Tier": "Gold"}
        assert user["subscriptions"] == []

    @pytest.mark.parametrize(
        "body",
        [
            attributes({"Theirs": 1}),
            attributes({"Encore Tiers": ["Gold", "Silver"]}),
            attributes({"Encore VIP Tier": None}),
            attributes({f"Encore {'x' * 200}": 1}),
            attributes({}),
            {**attributes(BALANCE), "subscriptions": [{"channel": "TEXT"}]},
            {"properties": {"Encore Points Balance": 1}},
        ],
    )
    def test_other_bodies_are_refused(self, sandbox: Sandbox, attentive: str, body: dict[str, Any]) -> None:
        assert send("POST", f"{attentive}/attributes/custom", body).status_code == 400
        assert arrived(sandbox)["users"] == {}


class TestForbiddenCalls:
    @pytest.mark.parametrize("path", ["subscriptions", "subscriptions/unsubscribe", "privacy/delete-request"])
    def test_are_refused_and_remembered(self, sandbox: Sandbox, attentive: str, path: str) -> None:
        body = {"user": {"email": EMAIL}}
        assert send("POST", f"{attentive}/{path}", body).status_code == 403
        assert requests.post(f"{attentive}/{path}", json=body, timeout=10).status_code == 403
        assert [item["outcome"] for item in arrived(sandbox)["forbidden"]] == ["tripwire"]
        assert len(sandbox.control("GET", CONTROL)["forbidden"]) == 2, "without a key too"

    def test_ordinary_calls_are_none(self, sandbox: Sandbox, attentive: str) -> None:
        send("POST", f"{attentive}/events/custom", event())
        send("POST", f"{attentive}/attributes/custom", attributes(BALANCE))
        assert arrived(sandbox)["forbidden"] == []


class TestHeaders:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Authorization": KEY}, 401),
            ({"Authorization": f"bearer {KEY}"}, 401),
            ({"Authorization": f"Basic {KEY}"}, 401),
            ({"Content-Type": "text/plain"}, 415),
        ],
    )
    def test_are_checked_to_the_letter(
        self, sandbox: Sandbox, attentive: str, headers: dict[str, str], status: int
    ) -> None:
        assert send("POST", f"{attentive}/events/custom", event(), **headers).status_code == status
        assert arrived(sandbox)["events"] == []

    def test_the_company_shows_itself(self, attentive: str) -> None:
        shown = send("GET", f"{attentive}/me").json()
        assert shown.keys() == {"applicationName", "attentiveDomainName", "companyName", "contactEmail", "companyId"}
        assert shown["companyName"] == f"Sandbox company …{KEY[-4:]}"

    def test_a_path_or_method_it_does_not_have_is_refused_too(self, attentive: str) -> None:
        assert send("POST", f"{attentive}/identity-resolution/user-identifiers", {}).status_code == 404
        assert send("PUT", f"{attentive}/events/custom", event()).status_code == 405


class TestTheWindow:
    def test_the_151st_call_of_a_second_waits_but_not_of_another_endpoint_or_key(self) -> None:
        checks.WINDOWS.forget()
        assert [checks.take("key", "events")[0] for _ in range(151)] == [0] * 150 + [1]
        assert checks.take("key", "attributes") == (0, {"x-ratelimit-limit": "150", "x-ratelimit-remaining": "149"})
        assert checks.take("other", "events")[0] == 0

    def test_is_of_one_endpoint_and_says_what_is_left_but_not_how_long_to_wait(
        self, sandbox: Sandbox, attentive: str
    ) -> None:
        sandbox.control("PATCH", f"{CONTROL}/faults", {"throttled": 1, "retry_after": 30, "only": "events"})
        first, refused = send("GET", f"{attentive}/me"), send("POST", f"{attentive}/events/custom", event())
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("150", "149")
        assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (429, "0")
        assert "Retry-After" not in refused.headers
