"""Bulk queries: beginning one without ever beginning it twice, and asking what has become of it.

An answer may be lost and a worker may die between the beginning and the row that remembers it. So whoever begins looks
first whether his very text is there already (`find`), and makes texts of different runs differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from shopify_app.admin_api.client import Answer, result_of
from shopify_app.admin_api.documents import load
from shopify_app.admin_api.errors import NothingSent, UnknownOutcome, UserErrors
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop

UNDER_WAY = frozenset({"CREATED", "RUNNING", "CANCELING"})
COMPLETED = "COMPLETED"
_USABLE = frozenset({"CREATED", "RUNNING", COMPLETED})
_GID = "gid://shopify/BulkOperation/"


class TooManyAtOnce(NothingSent):
    """As many of our operations are under way in the shop as may be; none was begun."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is known of a bulk operation.

    Attributes:
        number: Of its global id.
        url: Where its results are; None while there are none, and when nothing was found.
        size: Of the results, in bytes.
    """

    number: str
    status: str
    error_code: str | None
    url: str | None
    size: int

    @classmethod
    def of(cls, node: dict[str, Any]) -> Self:
        """Reads one as the API shows it."""
        number, size = str(node["id"]).removeprefix(_GID), int(node["fileSize"] or 0)
        return cls(number, str(node["status"]), node["errorCode"], node["url"], size)


def text_of(document: str, **values: str) -> str:
    """Returns the query of a document as it is sent: without a name, its capital words replaced by values.

    Bulk queries take no variables; a value must be of our own making.
    """
    text = load(document)
    text = text[text.index("{") :]
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def find(shop: Shop, text: str) -> Operation | None:
    """Returns the newest operation of this very text that is under way or done; None when there is none.

    Raises:
        AdminApiError: The shop can't be asked now.
    """
    nodes = _data(call(shop, "RecentBulkOperations", {}))["bulkOperations"]["nodes"]
    same = (node for node in nodes if node["status"] in _USABLE and node["query"].split() == text.split())
    return next((Operation.of(node) for node in same), None)


def start(shop: Shop, text: str) -> Operation:
    """Begins an operation whose objects are each followed by what belongs to them.

    Raises:
        TooManyAtOnce: Others of ours are under way.
        UserErrors: Shopify does not take the query.
        AdminApiError: The shop can't be asked now; after `UnknownOutcome` it may have begun, and `find` tells.
    """
    try:
        result = result_of(call(shop, "RunBulkQuery", {"text": text}), "bulkOperationRunQuery")
    except UserErrors as refusal:
        if refusal.codes & {"OPERATION_IN_PROGRESS", "LIMIT_REACHED"}:
            raise TooManyAtOnce(str(refusal)) from refusal
        raise
    if not result["bulkOperation"]:
        raise UnknownOutcome("Shopify's answer names no bulk operation")
    return Operation.of(result["bulkOperation"])


def look(shop: Shop, number: str) -> Operation | None:
    """Returns an operation as it stands; None when the shop knows none of this number.

    Raises:
        AdminApiError: The shop can't be asked now.
    """
    node = _data(call(shop, "BulkOperation", {"id": f"{_GID}{number}"}))["bulkOperation"]
    return Operation.of(node) if node else None


def _data(answer: Answer) -> dict[str, Any]:
    """What was asked for, whole: something missing beside an error is not something that is not there."""
    if answer.errors:
        raise UnknownOutcome(str(answer.errors[0].get("message", "Shopify failed inside")))
    return answer.data
