"""Metafields as we want them and as they are: what differs between the two, and writing just that.

Reading first costs six points of the shop's bucket and a write ten, and after a lost answer it is how we find out. The
same values again are harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from shopify_app.admin_api.client import result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.shops.connection import call
from shopify_app.shops.models import Shop

APP, MAGE = "$app", "mage"
"""Our own namespace, and the one that themes made for Mage Loyalty read."""


@dataclass(frozen=True, slots=True)
class Field:
    """One metafield as it shall be. `name` is its alias where it is read; a `value` of None: it shall not be there."""

    name: str
    namespace: str
    key: str
    type: str
    value: str | None

    def is_like(self, present: str | None) -> bool:
        """Whether the value that is there says the same; JSON may be spelled in another way."""
        if self.value is None or present is None or self.type != "json":
            return self.value == present
        try:
            return bool(json.loads(self.value) == json.loads(present))
        except ValueError:
            return False


def json_text(content: Mapping[str, Any]) -> str:
    """Returns JSON as we write it: the same content is the same text."""
    return json.dumps(content, sort_keys=True)


def settings_of(owner: str, fields: Iterable[Field]) -> list[dict[str, Any]]:
    """Returns the input of `metafieldsSet` for the fields that have a value."""
    return [
        {"ownerId": owner, "namespace": field.namespace, "key": field.key, "type": field.type, "value": field.value}
        for field in fields
        if field.value is not None
    ]


def write(shop: Shop, owner: str, fields: Iterable[Field], *, found: Mapping[str, Any], deadline: Deadline) -> None:
    """Sets what differs from what was found, in one request, and deletes what shall not be there, in another.

    Args:
        owner: Global id of the customer or the shop.
        found: What the owner showed, by the fields' names: each is null or an object with a `value`.

    Raises:
        AdminApiError: See `admin_api.errors`; a part may have been written, and a repeat writes the rest.
    """
    changed = [field for field in fields if not field.is_like((found.get(field.name) or {}).get("value"))]
    if wanted := settings_of(owner, changed):
        result_of(call(shop, "SetMetafields", {"metafields": wanted}, deadline=deadline), "metafieldsSet")
    if gone := [field for field in changed if field.value is None]:
        named = [{"ownerId": owner, "namespace": field.namespace, "key": field.key} for field in gone]
        result_of(call(shop, "DeleteMetafields", {"metafields": named}, deadline=deadline), "metafieldsDelete")


@contextmanager
def alone_with(owner: str, *, program_id: int) -> Iterator[bool]:
    """Says whether nobody else is writing to this owner, and keeps them out meanwhile; it ends with the database session.

    Whoever reads our state within it and writes it can't be overtaken by somebody who read it earlier.
    """
    with connection.cursor() as cursor:
        name = f"metafields:{program_id}:{owner}"
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
