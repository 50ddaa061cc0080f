"""The stand-in for Omnisend: literal headers, closed bodies, copies kept, contacts, batches and the window of a minute."""

from typing import Any

import pytest
import requests

from .client import Sandbox

KEY = "64f0c0ffee0123456789abcd-Rk9vQmFy"
HEADERS = {
    "Authorization": f"Omnisend-API-Key {KEY}",
    "Omnisend-Version": "2026-03-15",
    "Content-Type": "application/json",
}
EMAIL = "ana@example.com"
PROBLEM = {"type", "title", "status", "detail", "instance"}


@pytest.fixture
def omnisend(sandbox: Sandbox) -> str:
    """The stand-in's address, with nothing in it."""
    sandbox.control("DELETE", "/vendors/omnisend", status=204)
    return f"{sandbox.url}/vendors/omnisend/api"


def event(**changes: Any) -> dict[str, Any]:
    """A points event."""
    body = {
        "eventName": "Points Awarded",
        "origin": "Encore",
        "eventID": "0f6c1b2e-6f3f-5d51-9c6f-0d6d4c7a9f11",
        "eventTime": "2026-11-20T10:00:00Z",
        "contact": {"email": EMAIL, "customProperties": {"encore_points_balance": 120}},
        "properties": {"Points Awarded": 20, "Status": "approved"},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def contact(email: str = EMAIL, **changes: Any) -> dict[str, Any]:
    """A contact to create, who gave no consent."""
    channels = {"email": {"status": "nonSubscribed"}}
    identifier = {"type": "email", "id": email, "channels": channels, "sendWelcomeMessage": False}
    return {"identifiers": [identifier], **changes}


def send(method: str, url: str, body: Any = None, **headers: str) -> requests.Response:
    """Make a call."""
    return requests.request(method, url, json=body, headers={**HEADERS, **headers}, timeout=10)


def arrived(sandbox: Sandbox) -> Any:
    """Read what arrived."""
    return sandbox.control("GET", f"/vendors/omnisend?key={KEY}")


class TestEvents:
    def test_every_copy_is_kept_and_the_contact_is_made(self, sandbox: Sandbox, omnisend: str) -> None:
        for _ in range(2):
            answer = send("POST", f"{omnisend}/events", event())
            assert (answer.status_code, answer.content) == (202, b"")
        found = arrived(sandbox)
        assert [item["eventID"] for item in found["events"]] == [event()["eventID"]] * 2
        assert found["events"][0]["properties"] == event()["properties"]
        made = found["contacts"][EMAIL]
        assert (made["properties"], made["status"]) == ({"encore_points_balance": 120}, "nonSubscribed")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"eventName": None}, ""),
            ({"eventVersion": "v1"}, ""),
            ({"eventID": "shop:event"}, "eventID"),
            ({"eventID": "0f6c1b2e-6f3f-1d51-9c6f-0d6d4c7a9f11"}, "eventID"),
            ({"eventTime": "2026-11-20T10:00:00+00:00"}, "eventTime"),
            ({"contact": {"email": "nobody"}}, "contact.email"),
            ({"contact": {"email": EMAIL, "phone": "+15550001111"}}, "contact"),
            ({"properties": {"Points": None}}, "properties.Points"),
        ],
    )
    def test_a_wrong_body_is_a_problem_that_names_the_field(
        self, sandbox: Sandbox, omnisend: str, changes: dict[str, Any], field: str
    ) -> None:
        answer = send("POST", f"{omnisend}/events", event(**changes))
        assert answer.status_code == 400
        problem = answer.json()
        assert problem.keys() >= PROBLEM
        assert problem["instance"].startswith("urn:omnisend:request:")
        assert [(each["field"], each.keys()) for each in problem["errors"]] == [(field, {"field", "code", "message"})]
        found = arrived(sandbox)
        assert (found["events"], found["contacts"]) == ([], {})


class TestContacts:
    def test_only_a_known_contact_can_be_changed_and_its_properties_are_merged(
        self, sandbox: Sandbox, omnisend: str
    ) -> None:
        change = {"customProperties": {"encore_points_balance": 5}}
        assert send("PATCH", f"{omnisend}/contacts?email={EMAIL}", change).status_code == 404
        first = {"encore_vip_tier": "Gold", "encore_points_balance": 1}
        assert send("POST", f"{omnisend}/contacts", contact(customProperties=first)).status_code == 201
        assert send("PATCH", f"{omnisend}/contacts?email={EMAIL.upper()}", change).status_code == 200
        again = send("POST", f"{omnisend}/contacts", contact(tags=["source: encore"], firstName="Ana"))
        assert again.status_code == 200
        made = arrived(sandbox)["contacts"][EMAIL]
        assert made["properties"] == {"encore_vip_tier": "Gold", "encore_points_balance": 5}
        assert (made["tags"], made["firstName"], made["id"]) == (["source: encore"], "Ana", again.json()["contactID"])

    @pytest.mark.parametrize(
        "changes",
        [
            {"identifiers": []},
            {"identifiers": [{**contact()["identifiers"][0], "channels": {"email": {"status": "subscribed"}}}]},
            {"identifiers": [{**contact()["identifiers"][0], "sendWelcomeMessage": True}]},
            {"customProperties": {"their_own": 1}},
        ],
    )
    def test_consent_and_other_peoples_properties_are_refused(
        self, sandbox: Sandbox, omnisend: str, changes: dict[str, Any]
    ) -> None:
        assert send("POST", f"{omnisend}/contacts", contact(**changes)).status_code == 400
        assert arrived(sandbox)["contacts"] == {}

    def test_a_change_without_an_address_is_refused(self, omnisend: str) -> None:
        answer = send("PATCH", f"{omnisend}/contacts", {"customProperties": {"encore_points_balance": 5}})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "email")


class TestBatches:
    def test_a_batch_is_followed_to_its_items(self, sandbox: Sandbox, omnisend: str) -> None:
        items = [contact(f"m{number}@example.com") for number in range(100)]
        body = {"method": "POST", "endpoint": "contacts", "origin": "Encore", "items": items}
        answer = send("POST", f"{omnisend}/batches", body)
        assert (answer.status_code, answer.json()["totalCount"]) == (201, 100)
        batch = send("GET", f"{omnisend}/batches/{answer.json()['batchID']}").json()
        assert (batch["finishedCount"], batch["errorsCount"]) == (100, 0)
        listed = send("GET", f"{omnisend}/batches/{answer.json()['batchID']}/items").json()["items"]
        assert [item["statusCode"] for item in listed] == [201] * 100
        found = arrived(sandbox)
        assert (len(found["contacts"]), len(found["batches"])) == (100, 1)

    def test_101_items_and_batches_of_events_are_refused(self, sandbox: Sandbox, omnisend: str) -> None:
        body = {"method": "POST", "endpoint": "contacts", "origin": "Encore"}
        many = [contact(f"m{number}@example.com") for number in range(101)]
        assert send("POST", f"{omnisend}/batches", {**body, "items": many}).status_code == 400
        events = {**body, "endpoint": "events", "items": [contact()]}
        assert send("POST", f"{omnisend}/batches", events).status_code == 400
        assert send("GET", f"{omnisend}/batches/nothing").status_code == 404
        assert arrived(sandbox)["contacts"] == {}


class TestHeaders:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Authorization": f"Bearer {KEY}"}, 401),
            ({"Authorization": "", "X-API-KEY": KEY}, 401),
            ({"Authorization": f"omnisend-api-key {KEY}"}, 401),
            ({"Omnisend-Version": "2025-03-15"}, 400),
            ({"Content-Type": "application/vnd.api+json"}, 415),
        ],
    )
    def test_are_checked_to_the_letter(
        self, sandbox: Sandbox, omnisend: str, headers: dict[str, str], status: int
    ) -> None:
        answer = send("POST", f"{omnisend}/events", event(), **headers)
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert arrived(sandbox)["events"] == []

    def test_the_brand_shows_itself(self, omnisend: str) -> None:
        shown = send("GET", f"{omnisend}/brands/current").json()
        assert shown.keys() == {"brandID", "name", "website", "currency", "timezone"}
        assert shown["name"] == f"Sandbox brand …{KEY[-4:]}"

    def test_a_path_or_method_it_does_not_have_is_a_problem_too(self, omnisend: str) -> None:
        assert send("GET", f"{omnisend}/v5/contacts").json()["status"] == 404
        assert send("PUT", f"{omnisend}/contacts", contact()).json()["status"] == 405


class TestTheWindow:
    def test_the_401st_call_of_a_minute_waits_and_other_brands_do_not(self, sandbox: Sandbox, omnisend: str) -> None:
        with requests.Session() as session:
            paths = ["brands/current", "batches/none"]  # every endpoint counts
            made = [session.get(f"{omnisend}/{paths[n % 2]}", headers=HEADERS, timeout=10) for n in range(401)]
        assert {answer.status_code for answer in made[:400]} == {200, 404}
        refused = made[400]
        assert (refused.status_code, refused.json()["type"]) == (
            429,
            "https://problems.omnisend.com/rate-limit-exceeded",
        )
        assert 1 <= refused.json()["retryAfter"] <= 60
        assert "Retry-After" not in refused.headers
        assert arrived(sandbox)["requests"][-1]["outcome"] == "window"
        other = {"Authorization": "Omnisend-API-Key another-brand"}
        assert send("GET", f"{omnisend}/brands/current", **other).status_code == 200

    def test_a_429_may_leave_the_wait_out(self, sandbox: Sandbox, omnisend: str) -> None:
        sandbox.control("PATCH", "/vendors/omnisend/faults", {"throttled": 2, "retry_after": 7})
        assert send("POST", f"{omnisend}/events", event()).json()["retryAfter"] == 7
        sandbox.control("PATCH", "/vendors/omnisend/faults", {"without_retry_after": True})
        answer = send("POST", f"{omnisend}/events", event())
        assert (answer.status_code, "retryAfter" in answer.json()) == (429, False)
        assert send("POST", f"{omnisend}/events", event()).status_code == 202
