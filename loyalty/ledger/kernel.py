"""Calls the ledger's SQL functions: one round trip each, committed at once unless a transaction is open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

_COLUMNS: dict[str, tuple[str, ...]] = {}
_encode = json.JSONEncoder(separators=(",", ":")).encode


def as_json(value: Mapping[str, Any] | None) -> str | None:
    """Returns JSON text for a jsonb argument; None stays SQL null."""
    return None if value is None else _encode(value)


def call(function: str, arguments: Sequence[Any]) -> dict[str, Any]:
    """Runs one kernel function and returns its single row by column name.

    Args:
        function: Name of an installed SQL function; a constant of the code, never input.
        arguments: Values in the function's order.
    """
    places = ",".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)  # noqa: S608  # a constant of the code and placeholders
        row = cursor.fetchone()
        assert row is not None, function
        return dict(zip(_columns(function, cursor), row, strict=True))


def call_each(
    function: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_json: frozenset[str]
) -> list[dict[str, Any]]:
    """Runs one kernel function for each row of arguments, one after the other, in one statement; returns their rows in order.

    Args:
        function: Name of an installed SQL function; a constant of the code, never input.
        columns: `name type` of each argument, in the function's order.
        as_json: Arguments that travel as text and are given as jsonb.
    """
    names = [column.split()[0] for column in columns]
    given = ",".join(f"x.{name}::jsonb" if name in as_json else f"x.{name}" for name in names)
    sent = [{"n": n, **dict(zip(names, row, strict=True))} for n, row in enumerate(rows)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.* FROM jsonb_to_recordset(%s::jsonb) AS x(n int, {', '.join(columns)})"  # noqa: S608  # constants of the code
            f" CROSS JOIN LATERAL {function}({given}) r ORDER BY x.n",
            [json.dumps(sent, default=str)],
        )
        found = [column.name for column in cursor.description]
        return [dict(zip(found, row, strict=True)) for row in cursor.fetchall()]


def _columns(function: str, cursor: CursorWrapper) -> tuple[str, ...]:
    """A function's columns are the same in every answer, and reading them off the cursor is dear."""
    if function not in _COLUMNS:
        _COLUMNS[function] = tuple(column.name for column in cursor.description)
    return _COLUMNS[function]
