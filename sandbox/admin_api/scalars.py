"""Shopify's custom scalars: what they accept."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, ValueNode, value_from_ast_untyped

from sandbox.store.values import parsed_instant


def _instant(value: Any) -> Any:
    try:
        return parsed_instant(value) if isinstance(value, str) and len(value) >= 10 else _refuse(value, "DateTime")
    except ValueError:
        return _refuse(value, "DateTime")


def _decimal(value: Any) -> Any:
    try:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return _refuse(value, "Decimal")
        number = Decimal(str(value))
        return number if number.is_finite() else _refuse(value, "Decimal")
    except InvalidOperation:
        return _refuse(value, "Decimal")


def _unsigned(value: Any) -> Any:
    if isinstance(value, bool) or not str(value).isdigit():
        return _refuse(value, "UnsignedInt64")
    return int(value)


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return _refuse(value, "JSON")


def _refuse(value: Any, name: str) -> Any:
    raise GraphQLError(f"{json.dumps(value, default=str)} is not a valid {name}.")


READERS = {"DateTime": _instant, "Decimal": _decimal, "UnsignedInt64": _unsigned, "JSON": _json}


def install(schema: GraphQLSchema) -> None:
    """Give the schema's scalars their readers; the SDL alone would let anything through."""
    for name, reader in READERS.items():
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)

        def literal(node: ValueNode, read: Any = reader) -> Any:
            return read(value_from_ast_untyped(node))

        scalar.coerce_input_value = reader
        scalar.coerce_input_literal = literal
