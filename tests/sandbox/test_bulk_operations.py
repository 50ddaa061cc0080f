"""Bulk operations as Shopify runs them: begun, asked after, their results fetched as lines of JSON."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from .client import CUSTOMER, SHOP, Sandbox

RUN = """mutation Run($text: String!, $grouped: Boolean!) {
  bulkOperationRunQuery(query: $text, groupObjects: $grouped) {
    bulkOperation { id status type query objectCount url fileSize } userErrors { field message code } } }"""
READ = """query Read($id: ID!) { bulkOperation(id: $id) {
  status errorCode objectCount rootObjectCount fileSize url completedAt partialDataUrl } }"""
ORDERS = """{ orders { edges { node { id name customer { id } refunds { id totalRefundedSet { shopMoney { amount } } }
  lineItems { edges { node { id quantity } } } shippingLines { edges { node { id } } } } } } }"""

FIVE_LISTS = " ".join(f"a{number}: variants {{ edges {{ node {{ id }} }} }}" for number in range(5))
BROKEN = {
    "nodes": ("{ orders { nodes { id } } }", "All connection fields in a bulk query must select their contents"),
    "node": ('{ node(id: "gid://shopify/Order/1") { id } }', "Bulk queries cannot contain a top level `node` field."),
    "no connection": ("{ shop { name } }", "Bulk queries must contain at least one connection."),
    "broken off": ("{ orders { edges { node { id }", "Invalid bulk query: syntax error"),
    "unknown field": (
        "{ orders { edges { node { nonsense } } } }",
        "Invalid bulk query: Field 'nonsense' doesn't exist on type 'Order'",
    ),
    "mutation": ("mutation { tagsAdd(id: 1, tags: []) { node { id } } }", "Invalid operation type. Only `query`"),
    "parent without id": (
        "{ orders { edges { node { name lineItems { edges { node { id } } } } } } }",
        "The parent 'node' field for a nested connection must select the 'id' field without an alias",
    ),
    "in a list": (
        "{ orders { edges { node { id refunds { transactions { edges { node { id } } } } } } } }",
        "Queries that contain a connection field within a list field are not currently supported.",
    ),
    "too deep": (
        """{ customers { edges { node { id orders { edges { node { id lineItems { edges { node { id
          product { id variants { edges { node { id } } } } } } } } } } } } } }""",
        "Bulk queries cannot contain connections with a nesting depth greater than 2.",
    ),
    "too many": (
        f"{{ products {{ edges {{ node {{ id {FIVE_LISTS} }} }} }} }}",
        "Bulk queries cannot contain more than 5 connections.",
    ),
    "too long": (ORDERS + " " * 65_536, "Query is too large ("),
}


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Sandbox]:
    """A shop whose operations wait for word, with none under way."""
    sandbox.faults(bulk_waits=True)
    yield sandbox
    for each in sandbox.store()["bulk_operations"]:
        become(sandbox, each["id"], status="CANCELED")


def run(sandbox: Sandbox, query: str = ORDERS, *, grouped: bool = True) -> Any:
    return sandbox.graphql(RUN, text=query, grouped=grouped)["data"]["bulkOperationRunQuery"]


def begun(sandbox: Sandbox, query: str = ORDERS, *, grouped: bool = True) -> str:
    """The number of an operation under way."""
    return str(run(sandbox, query, grouped=grouped)["bulkOperation"]["id"].rpartition("/")[2])


def become(sandbox: Sandbox, number: str, **what: Any) -> None:
    sandbox.control("PATCH", f"/stores/{SHOP}/bulk-operations/{number}", what)


def read(sandbox: Sandbox, number: str) -> Any:
    return sandbox.graphql(READ, id=f"gid://shopify/BulkOperation/{number}")["data"]["bulkOperation"]


def ended(sandbox: Sandbox, number: str) -> Any:
    """An operation that runs by itself, once it has."""
    for _ in range(100):
        found = read(sandbox, number)
        if found["status"] not in ("CREATED", "RUNNING"):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def lines(address: str) -> list[dict[str, Any]]:
    answer = requests.get(address, timeout=30)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def order(sandbox: Sandbox, count: int = 2) -> str:
    given = {"customer_id": CUSTOMER, "lines": [{"price": "5.00"}] * count, "shipping": "3.00", "paid": True}
    return str(sandbox.control("POST", f"/stores/{SHOP}/orders", given, status=201)["id"])


class TestAnOperation:
    def test_is_begun_with_its_query_as_given_and_no_results(self, shop: Sandbox) -> None:
        answer = run(shop)
        operation = answer["bulkOperation"]
        assert answer["userErrors"] == []
        assert operation.pop("id").startswith("gid://shopify/BulkOperation/")
        assert operation == {
            "status": "CREATED", "type": "QUERY", "query": ORDERS, "objectCount": "0", "url": None, "fileSize": None,
        }  # fmt: skip

    def test_that_is_done_has_its_results_line_by_line(self, shop: Sandbox) -> None:
        numbers = [order(shop), order(shop, count=60)]
        shop.control("POST", f"/stores/{SHOP}/orders/{numbers[0]}/refund", {"amount": "2.00"})
        number = begun(shop)
        become(shop, number, status="COMPLETED")
        operation = read(shop, number)
        found = lines(operation["url"])
        assert (operation["status"], operation["errorCode"]) == ("COMPLETED", None)
        assert int(operation["objectCount"]) == len(found)
        assert int(operation["rootObjectCount"]) == sum("__parentId" not in each for each in found)
        assert int(operation["fileSize"]) == len(requests.get(operation["url"], timeout=30).content)
        first = f"gid://shopify/Order/{numbers[0]}"
        place = next(place for place, each in enumerate(found) if each["id"] == first)
        assert found[place]["refunds"][0]["totalRefundedSet"] == {"shopMoney": {"amount": "2.0"}}
        assert "lineItems" not in found[place]
        assert [each.get("__parentId") for each in found[place + 1 : place + 4]] == [first] * 3
        second = f"gid://shopify/Order/{numbers[1]}"
        assert sum(each.get("__parentId") == second for each in found) == 61

    def test_that_is_not_grouped_keeps_nobodys_children_behind_them(self, shop: Sandbox) -> None:
        order(shop), order(shop)
        number = begun(shop, grouped=False)
        become(shop, number, status="COMPLETED")
        deep = ["__parentId" in each for each in lines(read(shop, number)["url"])]
        assert deep == sorted(deep)

    def test_without_any_result_has_no_address(self, shop: Sandbox) -> None:
        number = begun(shop, """{ orders(query: "updated_at:>='2099-01-01T00:00:00Z'") { edges { node { id } } } }""")
        become(shop, number, status="COMPLETED")
        operation = read(shop, number)
        assert (operation["status"], operation["url"], operation["objectCount"]) == ("COMPLETED", None, "0")

    def test_runs_by_itself(self, shop: Sandbox) -> None:
        order(shop)
        shop.faults(bulk_waits=False)
        assert lines(ended(shop, begun(shop))["url"])

    def test_that_asks_for_what_the_app_may_not_see_fails(self, shop: Sandbox) -> None:
        query = "{ customers { edges { node { id storeCreditAccounts { edges { node { id } } } } } } }"
        shop.faults(bulk_waits=False)
        operation = ended(shop, begun(shop, query))
        assert (operation["status"], operation["errorCode"], operation["url"]) == ("FAILED", "ACCESS_DENIED", None)

    @pytest.mark.parametrize("status", ["RUNNING", "FAILED", "CANCELED", "EXPIRED"])
    def test_becomes_what_it_is_told_to(self, shop: Sandbox, status: str) -> None:
        number = begun(shop)
        become(shop, number, status=status)
        operation = read(shop, number)
        assert (operation["status"], operation["url"]) == (status, None)
        assert operation["errorCode"] == ("INTERNAL_SERVER_ERROR" if status == "FAILED" else None)

    def test_is_listed_the_newest_first(self, shop: Sandbox) -> None:
        numbers = [begun(shop), begun(shop)]
        found = shop.graphql("{ bulkOperations(first: 2) { nodes { id } } }")["data"]["bulkOperations"]["nodes"]
        assert [each["id"].rpartition("/")[2] for each in found] == numbers[::-1]

    def test_that_nobody_began_is_null(self, shop: Sandbox) -> None:
        assert read(shop, "1") is None


class TestItsResults:
    def test_are_given_from_a_place_on(self, shop: Sandbox) -> None:
        order(shop)
        number = begun(shop)
        become(shop, number, status="COMPLETED")
        address = read(shop, number)["url"]
        whole = requests.get(address, timeout=30).content
        part = requests.get(address, headers={"Range": "bytes=10-"}, timeout=30)
        assert (part.status_code, part.content) == (206, whole[10:])
        beyond = requests.get(address, headers={"Range": f"bytes={len(whole)}-"}, timeout=30)
        assert beyond.status_code == 416

    def test_are_cut_half_way_when_the_switch_says_so(self, shop: Sandbox) -> None:
        order(shop)
        number = begun(shop)
        become(shop, number, status="COMPLETED")
        address = read(shop, number)["url"]
        shop.faults(bulk_cut=1)
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.get(address, timeout=30)
        assert lines(address)

    def test_are_not_given_once_they_are_gone(self, shop: Sandbox) -> None:
        order(shop)
        number = begun(shop)
        become(shop, number, status="COMPLETED")
        address = read(shop, number)["url"]
        become(shop, number, results="gone")
        assert requests.get(address, timeout=30).status_code == 404


class TestWhatIsRefused:
    @pytest.mark.parametrize("rule", BROKEN)
    def test_is_a_query_that_breaks_a_rule(self, shop: Sandbox, rule: str) -> None:
        query, message = BROKEN[rule]
        answer = run(shop, query)
        (error,) = answer["userErrors"]
        assert answer["bulkOperation"] is None
        assert (error["field"], error["code"]) == (["query"], "INVALID")
        assert error["message"].startswith(message)

    def test_is_a_sixth_at_once(self, shop: Sandbox) -> None:
        numbers = [begun(shop) for _ in range(5)]
        answer = run(shop)
        (error,) = answer["userErrors"]
        assert (answer["bulkOperation"], error["field"], error["code"]) == (None, None, "OPERATION_IN_PROGRESS")
        assert numbers[0] in error["message"]
        become(shop, numbers[0], status="COMPLETED")
        assert run(shop)["userErrors"] == []
