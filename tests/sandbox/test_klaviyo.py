"""The stand-in for Klaviyo: literal headers, closed bodies, duplicates, windows and faults."""

from typing import Any

import pytest
import requests

from .client import Sandbox

KEY = "pk_0123456789abcdef0123456789"
HEADERS = {
    "Authorization": f"Klaviyo-API-Key {KEY}",
    "revision": "2026-10-15",
    "Content-Type": "application/vnd.api+json",
    "Accept": "application/vnd.api+json",
}


@pytest.fixture
def klaviyo(sandbox: Sandbox) -> str:
    """The stand-in's address, with nothing in it."""
    sandbox.control("DELETE", "/vendors/klaviyo", status=204)
    return f"{sandbox.url}/vendors/klaviyo/api"


def event(**changes: Any) -> dict[str, Any]:
    """A points event."""
    attributes = {
        "metric": {"data": {"type": "metric", "attributes": {"name": "Points Awarded"}}},
        "profile": {
            "data": {
                "type": "profile",
                "attributes": {"email": "ana@example.com", "properties": {"Encore Points Balance": 120}},
            }
        },
        "properties": {"Points Awarded": 20},
        "time": "2026-11-20T10:00:00+00:00",
        "unique_id": "shop:event-1",
        "backfill": False,
        **changes,
    }
    return {
        "data": {
            "type": "event",
            "attributes": {name: value for name, value in attributes.items() if value is not None},
        }
    }


def post(url: str, body: Any, **headers: str) -> requests.Response:
    """Send a body."""
    return requests.post(url, json=body, headers={**HEADERS, **headers}, timeout=10)


def arrived(sandbox: Sandbox) -> Any:
    """Read what arrived."""
    return sandbox.control("GET", f"/vendors/klaviyo?key={KEY}")


class TestEvents:
    def test_an_event_is_kept_once_and_updates_the_profile(self, sandbox: Sandbox, klaviyo: str) -> None:
        for _ in range(2):
            answer = post(f"{klaviyo}/events", event())
            assert (answer.status_code, answer.content) == (202, b"")
        found = arrived(sandbox)
        assert [item["metric"] for item in found["events"]] == ["Points Awarded"]
        assert found["profiles"]["ana@example.com"]["properties"] == {"Encore Points Balance": 120}
        assert [item["outcome"] for item in found["requests"]] == ["kept", "duplicate"]

    def test_without_a_unique_id_one_second_holds_one_event(self, sandbox: Sandbox, klaviyo: str) -> None:
        post(f"{klaviyo}/events", event(unique_id=None, time="2026-11-20T10:00:00.100+00:00"))
        post(f"{klaviyo}/events", event(unique_id=None, time="2026-11-20T10:00:00.900+00:00"))
        assert len(arrived(sandbox)["events"]) == 1

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"metric": None}, "/data/attributes"),
            ({"properties": None}, "/data/attributes"),
            ({"nonsense": 1}, "/data/attributes"),
            ({"time": "yesterday"}, "/data/attributes/time"),
            ({"time": "1989-01-01T00:00:00Z"}, "/data/attributes/time"),
            ({"properties": {str(number): 1 for number in range(401)}}, "/data/attributes/properties"),
            (
                {"profile": {"data": {"type": "profile", "attributes": {"email": "nobody"}}}},
                "/data/attributes/profile/data/attributes/email",
            ),
            ({"profile": {"data": {"type": "profile", "attributes": {}}}}, "/data/attributes/profile/data/attributes"),
        ],
    )
    def test_a_wrong_body_is_400_in_klaviyos_shape(
        self, sandbox: Sandbox, klaviyo: str, changes: dict[str, Any], pointer: str
    ) -> None:
        answer = post(f"{klaviyo}/events", event(**changes))
        assert answer.status_code == 400
        error = answer.json()["errors"][0]
        assert error["source"] == {"pointer": pointer}
        assert {"id", "status", "code", "title", "detail"} <= error.keys()
        assert arrived(sandbox)["events"] == []


class TestProfiles:
    def test_an_upsert_creates_updates_clears_and_unsets(self, sandbox: Sandbox, klaviyo: str) -> None:
        def send(properties: dict[str, Any], meta: dict[str, Any] | None = None) -> requests.Response:
            data = {"type": "profile", "attributes": {"email": "ana@example.com", "properties": properties}}
            return post(f"{klaviyo}/profile-import", {"data": {**data, **({"meta": meta} if meta else {})}})

        first = send({"Encore Points Balance": 1, "Encore VIP Tier": "Gold", "Encore Next VIP Tier": "Top"})
        assert first.status_code == 201
        second = send(
            {"Encore Points Balance": 2, "Encore VIP Tier": None},
            {"patch_properties": {"unset": ["Encore Next VIP Tier"]}},
        )
        assert (second.status_code, second.json()["data"]["id"]) == (200, first.json()["data"]["id"])
        assert arrived(sandbox)["profiles"]["ana@example.com"]["properties"] == {"Encore Points Balance": 2}

    def test_a_bulk_import_is_a_job(self, sandbox: Sandbox, klaviyo: str) -> None:
        people = [{"type": "profile", "attributes": {"email": f"m{number}@example.com"}} for number in range(3)]
        data = {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}}}
        answer = post(f"{klaviyo}/profile-bulk-import-jobs", {"data": data})
        assert answer.status_code == 202
        job = requests.get(
            f"{klaviyo}/profile-bulk-import-jobs/{answer.json()['data']['id']}", headers=HEADERS, timeout=10
        )
        assert job.json()["data"]["attributes"]["status"] == "complete"
        assert len(arrived(sandbox)["profiles"]) == 3

    def test_a_profile_that_cannot_be_imported_is_told_and_the_others_go_in(
        self, sandbox: Sandbox, klaviyo: str
    ) -> None:
        people = [{"type": "profile", "attributes": {"email": email}} for email in ("ana@example.com", "nobody")]
        data = {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}}}
        made = post(f"{klaviyo}/profile-bulk-import-jobs", {"data": data}).json()["data"]
        assert made["attributes"]["status"] == "queued"
        url = f"{klaviyo}/profile-bulk-import-jobs/{made['id']}"
        job = requests.get(url, headers=HEADERS, timeout=10).json()["data"]["attributes"]
        assert [job[name] for name in ("total_count", "completed_count", "failed_count")] == [2, 1, 1]
        (error,) = requests.get(f"{url}/import-errors", headers=HEADERS, timeout=10).json()["data"]
        assert error["attributes"]["source"]["pointer"] == "/data/attributes/profiles/data/1/attributes/email"
        assert error["attributes"]["original_payload"] == people[1]
        assert list(arrived(sandbox)["profiles"]) == ["ana@example.com"]

    def test_a_job_of_another_account_or_of_none_is_404(self, klaviyo: str) -> None:
        for path in ("profile-bulk-import-jobs/1", "profile-bulk-import-jobs/1/import-errors"):
            assert requests.get(f"{klaviyo}/{path}", headers=HEADERS, timeout=10).status_code == 404

    def test_10001_profiles_are_refused(self, sandbox: Sandbox, klaviyo: str) -> None:
        people = [{"type": "profile", "attributes": {"email": f"m{number}@example.com"}} for number in range(10_001)]
        data = {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": people}}}
        answer = post(f"{klaviyo}/profile-bulk-import-jobs", {"data": data})
        assert answer.status_code == 400
        assert arrived(sandbox)["profiles"] == {}


def bulk(*events: dict[str, Any]) -> dict[str, Any]:
    """A bulk request of these events, each with its profile."""
    items = []
    for each in events:
        attributes = {name: value for name, value in each["data"]["attributes"].items() if name != "backfill"}
        profile = attributes.pop("profile")
        inner = {"profile": profile, "events": {"data": [{"type": "event", "attributes": attributes}]}}
        items.append({"type": "event-bulk-create", "attributes": {"backfill": True, **inner}})
    attributes = {"events-bulk-create": {"data": items}}
    return {"data": {"type": "event-bulk-create-job", "attributes": attributes}}


class TestBulkEvents:
    def test_are_kept_as_history(self, sandbox: Sandbox, klaviyo: str) -> None:
        answer = post(f"{klaviyo}/event-bulk-create-jobs", bulk(event(unique_id="a"), event(unique_id="b")))
        assert (answer.status_code, answer.content) == (202, b"")
        kept = [(item["unique_id"], item["backfill"]) for item in arrived(sandbox)["events"]]
        assert kept == [("a", True), ("b", True)]

    def test_one_repeated_unique_id_fails_the_whole_request(self, sandbox: Sandbox, klaviyo: str) -> None:
        url = f"{klaviyo}/event-bulk-create-jobs"
        answer = post(url, bulk(event(unique_id="a"), event(unique_id="b"), event(unique_id="a")))
        assert answer.status_code == 400
        path = "/data/attributes/events-bulk-create/data/2/attributes/events/data/0/attributes/unique_id"
        assert answer.json()["errors"][0]["source"] == {"pointer": path}
        found = arrived(sandbox)
        assert (found["events"], found["profiles"]) == ([], {})

    def test_a_unique_id_sent_before_fails_it_too(self, sandbox: Sandbox, klaviyo: str) -> None:
        post(f"{klaviyo}/events", event(unique_id="a"))
        answer = post(f"{klaviyo}/event-bulk-create-jobs", bulk(event(unique_id="b"), event(unique_id="a")))
        assert answer.status_code == 400
        assert [item["unique_id"] for item in arrived(sandbox)["events"]] == ["a"]

    def test_another_metric_or_profile_may_have_it(self, sandbox: Sandbox, klaviyo: str) -> None:
        metric = {"data": {"type": "metric", "attributes": {"name": "Points Expired"}}}
        profile = {"data": {"type": "profile", "attributes": {"email": "bea@example.com"}}}
        body = bulk(event(), event(metric=metric), event(profile=profile))
        assert post(f"{klaviyo}/event-bulk-create-jobs", body).status_code == 202
        assert len(arrived(sandbox)["events"]) == 3

    def test_1001_are_refused(self, sandbox: Sandbox, klaviyo: str) -> None:
        body = bulk(*(event(unique_id=str(number)) for number in range(1001)))
        assert post(f"{klaviyo}/event-bulk-create-jobs", body).status_code == 400
        assert arrived(sandbox)["events"] == []


class TestHeaders:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Authorization": "Bearer pk_0123456789abcdef0123456789"}, 401),
            ({"Authorization": "Klaviyo-API-Key sk_0123456789abcdef0123456789"}, 401),
            ({"Authorization": "Klaviyo-API-Key pk_short"}, 401),
            ({"revision": "2024-10-15"}, 400),
            ({"Content-Type": "application/json"}, 415),
        ],
    )
    def test_are_checked_to_the_letter(
        self, sandbox: Sandbox, klaviyo: str, headers: dict[str, str], status: int
    ) -> None:
        assert post(f"{klaviyo}/events", event(), **headers).status_code == status
        assert arrived(sandbox)["events"] == []

    def test_the_account_shows_itself(self, klaviyo: str) -> None:
        answer = requests.get(f"{klaviyo}/accounts", headers=HEADERS, timeout=10)
        shown = answer.json()["data"][0]["attributes"]
        assert shown["contact_information"]["organization_name"] == "Sandbox account …6789"
        assert answer.headers["RateLimit-Remaining"] == "9"


class TestFaults:
    def test_a_429_carries_retry_after_in_place_of_the_rate_headers(self, sandbox: Sandbox, klaviyo: str) -> None:
        sandbox.control("PATCH", "/vendors/klaviyo/faults", {"throttled": 2, "retry_after": 7})
        answer = post(f"{klaviyo}/events", event())
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert "RateLimit-Limit" not in answer.headers
        sandbox.control("PATCH", "/vendors/klaviyo/faults", {"retry_after_as_date": True})
        assert post(f"{klaviyo}/events", event()).headers["Retry-After"].endswith("GMT")
        assert post(f"{klaviyo}/events", event()).status_code == 202

    def test_the_window_of_one_second_closes(self, klaviyo: str) -> None:
        headers = {**HEADERS, "Authorization": "Klaviyo-API-Key pk_windowwindowwindowwindow"}
        answers = [requests.get(f"{klaviyo}/accounts", headers=headers, timeout=10).status_code for _ in range(11)]
        assert answers == [200] * 10 + [429]

    @pytest.mark.parametrize(("fault", "kept"), [("drop_before", 0), ("drop_after", 1)])
    def test_a_dropped_connection_before_or_after_the_work(
        self, sandbox: Sandbox, klaviyo: str, fault: str, kept: int
    ) -> None:
        sandbox.control("PATCH", "/vendors/klaviyo/faults", {fault: 1})
        with pytest.raises(requests.ConnectionError):
            post(f"{klaviyo}/events", event())
        assert len(arrived(sandbox)["events"]) == kept
        assert post(f"{klaviyo}/events", event()).status_code == 202
        assert len(arrived(sandbox)["events"]) == 1

    def test_500_and_401_and_a_revoked_key_do_no_work(self, sandbox: Sandbox, klaviyo: str) -> None:
        sandbox.control("PATCH", "/vendors/klaviyo/faults", {"server_error": 1, "unauthorized": 1})
        assert [post(f"{klaviyo}/events", event()).status_code for _ in range(2)] == [401, 500]
        sandbox.control("PATCH", "/vendors/klaviyo/faults", {"revoked": [KEY]})
        assert post(f"{klaviyo}/events", event()).status_code == 401
        assert arrived(sandbox)["events"] == []
