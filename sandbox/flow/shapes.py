"""Whether values fit a manifest's field types and its schema.graphql."""

from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
)

from sandbox.project import REFERENCES, Field

SCALARS: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Int": (int,),
    "Float": (int, float),
    "ID": (str, int),
    "Boolean": (bool,),
}


def payload_problems(fields: tuple[Field, ...], schema: GraphQLSchema | None, payload: dict[str, Any]) -> list[str]:
    """Say what is wrong with a trigger's payload: every declared key present, each of its type, nothing undeclared."""
    found = []
    for declared in fields:
        value = payload.get(declared.key)
        if value is None:
            found.append(f"Required field '{declared.key}' is missing.")
        elif declared.type.startswith("schema."):
            name = declared.type.removeprefix("schema.")
            kind = schema.get_type(name) if schema else None
            if not isinstance(kind, GraphQLObjectType):
                found.append(f"Type '{name}' of field '{declared.key}' is not in the trigger's schema.")
            else:
                found += value_problems(kind, value, declared.key)
        elif not field_holds(declared.type, value):
            found.append(f"Field '{declared.key}' is not a valid {declared.type}.")
    unknown = payload.keys() - {declared.key for declared in fields}
    return found + [f"Field '{key}' is not declared by the trigger." for key in sorted(unknown)]


def field_holds(kind: str, value: Any) -> bool:
    """Judge one value against a trigger field's type."""
    if kind in REFERENCES:
        return not isinstance(value, bool) and str(value).isdigit()
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number_decimal":
        return _is_decimal(value)
    if kind == "email":
        return isinstance(value, str) and value.count("@") == 1
    if kind == "url":
        return isinstance(value, str) and urlsplit(value).scheme in ("http", "https")
    return kind == "single_line_text_field" and isinstance(value, str) and "\n" not in value


def value_problems(kind: GraphQLOutputType, value: Any, path: str) -> list[str]:
    """Say what is wrong with a value against a type of the extension's schema.graphql."""
    if isinstance(kind, GraphQLNonNull):
        return [f"'{path}' must not be null."] if value is None else value_problems(kind.of_type, value, path)
    if value is None:
        return []
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            return [f"'{path}' must be a list."]
        return [
            text for index, item in enumerate(value) for text in value_problems(kind.of_type, item, f"{path}[{index}]")
        ]
    if isinstance(kind, GraphQLObjectType):
        if not isinstance(value, dict):
            return [f"'{path}' must be an object."]
        unknown = [
            f"'{path}.{key}' is not a field of {kind.name}." for key in sorted(value.keys() - kind.fields.keys())
        ]
        known = [
            text
            for name, field in kind.fields.items()
            for text in value_problems(field.type, value.get(name), f"{path}.{name}")
        ]
        return known + unknown
    if isinstance(kind, GraphQLEnumType):
        return [] if value in kind.values else [f"'{path}' must be one of {', '.join(kind.values)}."]
    name = getattr(kind, "name", "")
    fits = isinstance(value, SCALARS.get(name, ())) and (name == "Boolean" or not isinstance(value, bool))
    return [] if fits else [f"'{path}' must be {name}."]


def _is_decimal(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False
