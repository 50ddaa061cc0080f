"""A template as a person writes it: its words and its steps, in names that say what they do. Pure.

A step names its task as `task_ids.toml` calls it, and by `after` the step it follows: `"review"`, or for a condition
`"is it gold:true"`. Values take what the trigger tells by its name: `"{{reviewer email}}"`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

LONGEST_DESCRIPTION = 1024
"""Characters of a template's description that Shopify takes."""


class BadDefinition(Exception):
    """A template, or the file of task ids, says something that cannot be built; the sentence says what and where."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether what the trigger tells under a name is this text; capitals do not matter to Flow."""

    variable: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `after` and `port` are empty for the trigger, with which a workflow begins."""

    key: str
    task: str
    after: str = ""
    port: str = ""
    description: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One template; `note` stands in the workflow for the merchant to read."""

    handle: str
    name: str
    description: str
    note: str
    steps: tuple[Step, ...]


def read(*, handle: str, given: Mapping[str, Any]) -> Definition:
    """Returns the template of a parsed `definition.toml`.

    Raises:
        BadDefinition: A key is missing, unknown or of the wrong type, or two steps have one key.
    """
    check_texts(where=handle, given=given, required={"name", "description", "note"}, tables={"steps"})
    if len(given["description"]) > LONGEST_DESCRIPTION:
        raise BadDefinition(f"{handle}: description has more than {LONGEST_DESCRIPTION} characters.")
    listed = given.get("steps")
    if not isinstance(listed, list) or not listed:
        raise BadDefinition(f"{handle}: there are no [[steps]].")
    steps = tuple(_step(handle, each) for each in listed)
    keys = [step.key for step in steps]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise BadDefinition(f"{handle}: two steps have the key '{twice[0]}'.")
    return Definition(handle, given["name"], given["description"], given["note"], steps)


def check_texts(
    *,
    where: str,
    given: Any,
    required: Set[str] = frozenset(),
    optional: Set[str] | None = frozenset(),
    tables: Set[str] = frozenset(),
) -> None:
    """Asserts that what was parsed is a table of these texts, beside tables of their own; `optional` None: of any.

    Raises:
        BadDefinition: It is not.
    """
    if not isinstance(given, Mapping):
        raise BadDefinition(f"{where}: it must be a table.")
    if missing := sorted(required - given.keys()):
        raise BadDefinition(f"{where}: '{missing[0]}' is missing.")
    if optional is not None and (unknown := sorted(given.keys() - required - optional - tables)):
        raise BadDefinition(f"{where}: '{unknown[0]}' means nothing here.")
    if wrong := sorted(key for key in given.keys() - tables if not isinstance(given[key], str)):
        raise BadDefinition(f"{where}: '{wrong[0]}' must be a text in quotes.")


def _step(handle: str, given: Mapping[str, Any]) -> Step:
    where = f"{handle}, step '{given.get('key', '?')}'"
    tables = {"fields", "condition"}
    check_texts(where=where, given=given, required={"key", "task"}, optional={"after", "description"}, tables=tables)
    after, _, port = given.get("after", "").partition(":")
    fields: Mapping[str, Any] = given.get("fields", {})
    check_texts(where=f"{where}, fields", given=fields, optional=None)
    condition = None
    if "condition" in given:
        check_texts(where=f"{where}, condition", given=given["condition"], required={"variable", "is"})
        condition = Condition(given["condition"]["variable"], given["condition"]["is"])
    return Step(
        key=given["key"],
        task=given["task"],
        after=after,
        port=port or ("output" if after else ""),
        description=given.get("description", ""),
        fields=fields,
        condition=condition,
    )
