"""Shopify's wording for documents and variables it does not accept."""

import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode
from graphql.language import print_ast

UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
UNKNOWN_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(?:\w+\.)?(\w+)'")
NO_SELECTION = re.compile(r"Field '(\w+)' of type '([^']+)' must have a selection of subfields")
UNKNOWN_INPUT = re.compile(r"Field '(\w+)' is not defined by type '(\w+)'")
INVALID_AT = re.compile(r"has invalid value(?: at ([^:]+))?: (.*)", re.DOTALL)
UNKNOWN_KEY = re.compile(r"Expected value of type '(\w+)' not to include unknown field '(\w+)'")
VARIABLE_MISMATCH = re.compile(r"Variable '\$(\w+)' of type '([^']+)' used in position expecting type '([^']+)'")


def _unknown_field(found: re.Match[str]) -> dict[str, Any]:
    field, kind = found[1], found[2]
    extensions = {"code": "undefinedField", "typeName": kind, "fieldName": field}
    return {"message": f"Field '{field}' doesn't exist on type '{kind}'", "extensions": extensions}


def _unknown_argument(found: re.Match[str]) -> dict[str, Any]:
    extensions = {"code": "argumentNotAccepted", "name": found[2], "typeName": "Field", "argumentName": found[1]}
    return {"message": f"Field '{found[2]}' doesn't accept argument '{found[1]}'", "extensions": extensions}


def _no_selection(found: re.Match[str]) -> dict[str, Any]:
    field, kind = found[1], found[2].strip("!")
    hint = f"field '{field}' returns {kind} but has no selections. Did you mean '{field} {{ ... }}'?"
    extensions = {"code": "selectionMismatch", "nodeName": f"field '{field}'", "typeName": kind}
    return {"message": f"Field must have selections ({hint})", "extensions": extensions}


def _unknown_input(found: re.Match[str]) -> dict[str, Any]:
    extensions = {"code": "argumentNotAccepted", "name": found[2], "typeName": "InputObject", "argumentName": found[1]}
    return {"message": f"InputObject '{found[2]}' doesn't accept argument '{found[1]}'", "extensions": extensions}


def _variable_mismatch(found: re.Match[str]) -> dict[str, Any]:
    message = f"Type mismatch on variable ${found[1]} ({found[2]} / {found[3]})"
    extensions = {"code": "variableMismatch", "variableName": found[1], "typeName": found[2]}
    return {"message": message, "extensions": extensions}


WORDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Any]]], ...] = (
    (UNKNOWN_FIELD, _unknown_field),
    (UNKNOWN_ARGUMENT, _unknown_argument),
    (NO_SELECTION, _no_selection),
    (UNKNOWN_INPUT, _unknown_input),
    (VARIABLE_MISMATCH, _variable_mismatch),
)


def document_error(error: GraphQLError) -> dict[str, Any]:
    """Say what is wrong with a document, in Shopify's words where they are recorded."""
    shown: dict[str, Any] = {"message": error.message, "extensions": {"code": "argumentLiteralsIncompatible"}}
    for pattern, wording in WORDINGS:
        found = pattern.search(error.message)
        if found:
            shown = wording(found)
            break
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return shown


def variable_error(operation: OperationDefinitionNode, error: GraphQLError, given: dict[str, Any]) -> dict[str, Any]:
    """Say what is wrong with a variable: INVALID_VARIABLE with the path and an explanation."""
    named = re.search(r"\$(\w+)", error.message)
    name = named[1] if named else ""
    spot = INVALID_AT.search(error.message)
    path = re.findall(r"\w+", spot[1] or "") if spot else []
    definition = next((node for node in operation.variable_definitions or () if node.variable.name.value == name), None)
    kind = print_ast(definition.type) if definition else ""
    unknown = UNKNOWN_KEY.search(error.message)
    if given.get(name) is None:
        explanation = "Expected value to not be null"
    elif unknown:
        explanation = f"Field is not defined on {unknown[1]}"
        path = [*path, unknown[2]]
    else:
        explanation = spot[2] if spot else error.message
    where = f" for {'.'.join(path)} ({explanation})" if path else ""
    shown: dict[str, Any] = {
        "message": f"Variable ${name} of type {kind} was provided invalid value{where}",
        "extensions": {
            "code": "INVALID_VARIABLE",
            "value": given.get(name),
            "problems": [{"path": path, "explanation": explanation}],
        },
    }
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return shown
