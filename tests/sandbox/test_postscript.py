"""The stand-in for Postscript: who is a subscriber, copies kept, fifty properties, and calls nobody may make."""

from typing import Any

import pytest
import requests

from .client import Sandbox

KEY = "sk_0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
CONTROL = "/vendors/postscript"


@pytest.fixture
def postscript(sandbox: Sandbox) -> str:
    """The stand-in's address, with nothing in it."""
    sandbox.control("DELETE", CONTROL, status=204)
    return f"{sandbox.url}/vendors/postscript/api/v2"


@pytest.fixture
def ana(sandbox: Sandbox, postscript: str) -> str:
    """The id of the one subscriber."""
    people = [{"shopify_customer_id": "6001", "email": "ana@example.com", "phone_number": "+15550001111"}]
    sandbox.control("PUT", f"{CONTROL}/subscribers", {"key": KEY, "subscribers": people})
    found: str = find(postscript, shopify_customer_id__eq="6001")[0]["id"]
    return found


def event(subscriber: str, **changes: Any) -> dict[str, Any]:
    """A points event."""
    body = {
        "type": "Points_Awarded",
        "subscriber_id": subscriber,
        "occurred_at": "2026-11-20 10:00:00.000000",
        "properties": {"Points_Awarded": 20, "Status": "approved"},
        "external_id": "shop:event-1",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def send(method: str, url: str, body: Any = None, **headers: str) -> requests.Response:
    """Make a call."""
    return requests.request(method, url, json=body, headers={**HEADERS, **headers}, timeout=10)


def page(url: str, **query: str) -> Any:
    """Ask for one page of subscribers."""
    answer = requests.get(f"{url}/subscribers", params=query, headers=HEADERS, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


def find(url: str, **query: str) -> Any:
    """Ask for subscribers."""
    return page(url, **query)["subscribers"]


def arrived(sandbox: Sandbox) -> Any:
    """Read what arrived."""
    return sandbox.control("GET", f"{CONTROL}?key={KEY}")


class TestSubscribers:
    def test_there_are_only_those_control_made(self, postscript: str, ana: str) -> None:
        (found,) = find(postscript, shopify_customer_id__in="6002,6001")
        assert found.keys() == {
            "id",
            "email",
            "phone_number",
            "properties",
            "shopify_customer_id",
            "tags",
            "subscriptions",
        }
        assert (found["id"], found["shopify_customer_id"]) == (ana, "6001")
        assert [each["id"] for each in find(postscript, email__eq="ANA@example.com")] == [ana]
        assert find(postscript, shopify_customer_id__eq="6002") == []
        assert find(postscript, email__eq="bea@example.com") == []

    def test_they_come_in_pages(self, sandbox: Sandbox, postscript: str) -> None:
        people = [{"shopify_customer_id": str(number)} for number in range(1, 121)]
        sandbox.control("PUT", f"{CONTROL}/subscribers", {"key": KEY, "subscribers": people})
        asked = ",".join(str(number) for number in range(1, 121))
        pages = [page(postscript, shopify_customer_id__in=asked, page=str(number)) for number in (1, 2, 3, 4)]
        assert [each["page_info"] for each in pages] == [{"page": n, "total_pages": 3} for n in (1, 2, 3, 4)]
        found = [item["shopify_customer_id"] for each in pages for item in each["subscribers"]]
        assert found == asked.split(",")

    def test_everyone_who_is_looked_up_is_one_when_control_says_so(self, sandbox: Sandbox, postscript: str) -> None:
        sandbox.control("PUT", f"{CONTROL}/subscribers", {"key": KEY, "everyone": True})
        (made,) = find(postscript, shopify_customer_id__eq="7001")
        assert find(postscript, shopify_customer_id__in="7001,7002")[0] == made
        assert find(postscript, email__eq="nobody@example.com") == []
        assert send("POST", f"{postscript}/events", event(made["id"])).status_code == 202

    def test_one_who_is_gone_is_not_found_and_gets_no_event(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        sandbox.control("PUT", f"{CONTROL}/subscribers", {"key": KEY, "gone": ["6001"]})
        assert find(postscript, shopify_customer_id__eq="6001") == []
        answer = send("POST", f"{postscript}/events", event(ana))
        assert (answer.status_code, answer.json()["success"]) == (404, False)

    @pytest.mark.parametrize("query", [{"phone_number__eq": "1"}, {"shopify_customer_id__eq": "6001,6002"}])
    def test_a_filter_that_is_not_known_is_refused(self, postscript: str, query: dict[str, str]) -> None:
        answer = requests.get(f"{postscript}/subscribers", params=query, headers=HEADERS, timeout=10)
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "body", [{}, {"key": KEY, "subscribers": [{"email": "x@example.com"}]}, {"key": KEY, "nonsense": 1}]
    )
    def test_control_refuses_what_it_does_not_understand(
        self, sandbox: Sandbox, postscript: str, body: dict[str, Any]
    ) -> None:
        sandbox.control("PUT", f"{CONTROL}/subscribers", body, status=400)
        assert arrived(sandbox)["subscribers"] == {}


class TestEvents:
    def test_every_copy_is_kept(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        answers = [send("POST", f"{postscript}/events", event(ana)) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        found = arrived(sandbox)["events"]
        assert [[item["event_id"]] for item in found] == [answer.json()["event_ids"] for answer in answers]
        assert [item["external_id"] for item in found] == ["shop:event-1"] * 2
        assert (found[0]["shopify_customer_id"], found[0]["email"]) == ("6001", "ana@example.com")

    @pytest.mark.parametrize(
        "changes",
        [
            {"type": "Points Awarded"},
            {"type": None},
            {"subscriber_id": None, "email": "ana@example.com"},
            {"occurred_at": "2026-11-20T10:00:00Z"},
            {"occurred_at": "2026-13-20 10:00:00.000000"},
            {"properties": {"Points Awarded": 20}},
            {"properties": {"Points": None}},
            {"nonsense": 1},
        ],
    )
    def test_a_wrong_body_is_refused(
        self, sandbox: Sandbox, postscript: str, ana: str, changes: dict[str, Any]
    ) -> None:
        answer = send("POST", f"{postscript}/events", event(ana, **changes))
        assert (answer.status_code, answer.json()["success"]) == (400, False)
        assert arrived(sandbox)["events"] == []

    def test_an_unknown_subscriber_is_404(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        assert send("POST", f"{postscript}/events", event("s_nobody")).status_code == 404
        assert arrived(sandbox)["events"] == []


class TestProperties:
    def test_are_merged_given_as_an_object_or_as_text(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        for properties in ({"Encore_Points_Balance": 1, "Encore_VIP_Tier": "Gold"}, '{"Encore_Points_Balance": 2}'):
            answer = send("PATCH", f"{postscript}/subscribers/{ana}", {"properties": properties})
            assert answer.status_code == 200
        kept = {"Encore_Points_Balance": 2, "Encore_VIP_Tier": "Gold"}
        assert arrived(sandbox)["subscribers"]["ana@example.com"]["properties"] == kept
        assert answer.json()["properties"] == kept

    def test_are_at_most_fifty_of_a_subscriber(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        def given(start: int, count: int) -> dict[str, Any]:
            return {"properties": {f"Encore_{number}": number for number in range(start, start + count)}}

        url = f"{postscript}/subscribers/{ana}"
        statuses = [send("PATCH", url, body).status_code for body in (given(0, 51), given(0, 50), given(49, 2))]
        assert statuses == [400, 200, 400]
        assert len(arrived(sandbox)["subscribers"]["ana@example.com"]["properties"]) == 50

    @pytest.mark.parametrize(
        "body", [{"properties": {"Theirs": 1}}, {"properties": "no JSON"}, {"tags": ["x"]}, {"properties": None}]
    )
    def test_other_bodies_are_refused(self, postscript: str, ana: str, body: dict[str, Any]) -> None:
        assert send("PATCH", f"{postscript}/subscribers/{ana}", body).status_code == 400

    def test_of_nobody_are_404(self, postscript: str) -> None:
        body = {"properties": {"Encore_Points_Balance": 1}}
        assert send("PATCH", f"{postscript}/subscribers/s_nobody", body).status_code == 404


class TestForbiddenCalls:
    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "subscribers"), ("PATCH", "compliance/unsubscribe"), ("PATCH", "compliance/redact")],
    )
    def test_are_refused_and_remembered(self, sandbox: Sandbox, postscript: str, method: str, path: str) -> None:
        answer = send(method, f"{postscript}/{path}", {"phone_number": "+15550001111"})
        assert answer.status_code == 403
        found = arrived(sandbox)
        assert [(item["method"], item["body"]) for item in found["forbidden"]] == [
            (method, '{"phone_number": "+15550001111"}')
        ]
        assert found["subscribers"] == {}

    def test_are_remembered_without_a_key_too(self, sandbox: Sandbox, postscript: str) -> None:
        assert requests.post(f"{postscript}/subscribers", json={}, timeout=10).status_code == 403
        assert len(sandbox.control("GET", CONTROL)["forbidden"]) == 1

    def test_ordinary_calls_are_none(self, sandbox: Sandbox, postscript: str, ana: str) -> None:
        send("POST", f"{postscript}/events", event(ana))
        assert arrived(sandbox)["forbidden"] == []


class TestHeaders:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Authorization": f"Bearer pk_{KEY[3:]}"}, 401),
            ({"Authorization": KEY}, 401),
            ({"Authorization": f"bearer {KEY}"}, 401),
            ({"Authorization": "Bearer sk_partner_0123"}, 403),
            ({"X-Postscript-Shop-Token": KEY}, 403),
            ({"Content-Type": "text/plain"}, 415),
        ],
    )
    def test_are_checked_to_the_letter(
        self, sandbox: Sandbox, postscript: str, ana: str, headers: dict[str, str], status: int
    ) -> None:
        answer = send("POST", f"{postscript}/events", event(ana), **headers)
        assert (answer.status_code, answer.json()["success"]) == (status, False)
        assert arrived(sandbox)["events"] == []

    def test_a_partner_speaks_for_the_shop_whose_token_it_brings(self, postscript: str, ana: str) -> None:
        partner = {"Authorization": "Bearer sk_partner_0123", "X-Postscript-Shop-Token": KEY}
        assert send("POST", f"{postscript}/events", event(ana), **partner).status_code == 202

    def test_the_shop_shows_itself(self, postscript: str) -> None:
        shown = send("GET", f"{postscript}/me").json()
        assert shown == {"resource_id": "shop_cdef", "resource_name": "Sandbox shop …cdef", "resource_type": "shop"}


class TestTheWindow:
    def test_the_sixteenth_call_of_a_second_is_3002_without_a_header(self, sandbox: Sandbox, postscript: str) -> None:
        made: list[requests.Response] = []
        with requests.Session() as session:
            while len(made) < 200 and (
                not made or made[-1].status_code == 200
            ):  # a slow machine may need a few seconds
                made.append(session.get(f"{postscript}/me", headers=HEADERS, timeout=10))
        assert len(made) > 15
        assert made[-1].status_code == 429
        body = {"error_code": 3002, "error_message": "Rate limit exceeded", "success": False}
        assert made[-1].json() == body
        assert "Retry-After" not in made[-1].headers
        assert arrived(sandbox)["requests"][-1]["outcome"] == "window"
