"""Whether a JSON value is one that a GraphQL output type can hold: what Flow does with return values and payloads."""

from typing import Any

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


_SCALARS = {
    "String": lambda value: isinstance(value, str),
    "Int": _is_whole,
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "ID": lambda value: isinstance(value, str),
}


def faults(kind: Any, value: Any, where: str = "value") -> list[str]:
    """Return what is wrong with a value: wrong types, missing or unknown fields; an empty list when nothing is."""
    if isinstance(kind, GraphQLNonNull):
        return [f"{where} is null"] if value is None else faults(kind.of_type, value, where)
    if value is None:
        return [f"{where} is null"] if where == "value" else []
    if isinstance(kind, GraphQLList):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [
            fault for number, item in enumerate(value) for fault in faults(kind.of_type, item, f"{where}[{number}]")
        ]
    if isinstance(kind, GraphQLScalarType):
        return [] if _SCALARS[kind.name](value) else [f"{where} is no {kind.name}: {value!r}"]
    if isinstance(kind, GraphQLEnumType):
        return [] if value in kind.values else [f"{where} is none of {list(kind.values)}: {value!r}"]
    assert isinstance(kind, GraphQLObjectType), kind
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    found = [f"{where}.{name} is not in the schema" for name in value.keys() - kind.fields.keys()]
    for name, field in kind.fields.items():
        if name not in value and isinstance(field.type, GraphQLNonNull):
            found.append(f"{where}.{name} is missing")
        elif name in value:
            found += faults(field.type, value[name], f"{where}.{name}")
    return found
