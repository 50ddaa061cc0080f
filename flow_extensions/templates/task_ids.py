"""The tasks that templates use, from the one file of their ids: what is known of each, and where from. Pure.

A task id, the id of a field and the name of a variable are Shopify's or another app's to give. Who has not read them
off a workflow that Flow exported does not know them, whatever is written about them elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flow_extensions.templates.definitions import BadDefinition, check_texts

SEEN = "seen in an export"
DOCUMENTED = "documented, never seen"
UNKNOWN = "unknown until exported from a development store"
PORTS = MappingProxyType({"TRIGGER": ("output",), "ACTION": ("output",), "CONDITION": ("true", "false")})
"""Where a step of each type may lead to; every step but a trigger has one way in, `input`."""
PLACEHOLDER = "unverified::"
"""Stands before a name in a built file where what Flow calls it is unknown."""


@dataclass(frozen=True, slots=True)
class OwnStep:
    """An action or trigger of ours as its manifest declares it: the keys of its fields, and which must be filled in."""

    fields: frozenset[str]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """One task.

    Attributes:
        id: What Flow calls it; empty if unknown.
        fields: Its fields: the name a definition uses, and the id in Flow; empty if unknown.
        required: Those that must not be blank.
        variables: What a trigger tells: the name a definition uses, and the path in Flow; empty if unknown.
        known_from: `SEEN`, `DOCUMENTED` or `UNKNOWN`, for everything said here.
        export: The file in `exports/` that shows it, if it was seen.
        handle: Of our own action or trigger; empty for others'.
    """

    name: str
    type: str
    id: str
    fields: Mapping[str, str]
    required: frozenset[str]
    variables: Mapping[str, str]
    known_from: str
    export: str = ""
    handle: str = ""


def read(*, given: Mapping[str, Any], own: Mapping[str, OwnStep]) -> dict[str, Task]:
    """Returns the tasks of a parsed `task_ids.toml` by name; the fields of our own come from their manifests.

    Raises:
        BadDefinition: An entry says less or more than what it is known from allows.
    """
    return {name: _task(name, entry, own) for name, entry in given.items()}


def placeholder(name: str) -> str:
    """Returns what a built file says where the real word is unknown: nobody can take it for one."""
    return PLACEHOLDER + name


def _task(name: str, given: Mapping[str, Any], own: Mapping[str, OwnStep]) -> Task:
    where = f"task_ids.toml, '{name}'"
    required, optional = {"type", "id", "known_from"}, {"handle", "source", "export"}
    check_texts(where=where, given=given, required=required, optional=optional, tables={"fields", "variables"})
    listed: Mapping[str, Any] = given.get("fields", {})
    variables: Mapping[str, Any] = given.get("variables", {})
    check_texts(where=f"{where}, fields", given=listed, optional=None)
    check_texts(where=f"{where}, variables", given=variables, optional=None)
    handle = given.get("handle", "")
    if handle and handle not in own:
        raise BadDefinition(f"{where}: no action or trigger of ours has the handle '{handle}'.")
    step = own[handle] if handle else OwnStep(frozenset(listed), frozenset())
    if stray := sorted(listed.keys() - step.fields):
        raise BadDefinition(f"{where}: the manifest has no field '{stray[0]}'.")
    if given["type"] not in PORTS:
        raise BadDefinition(f"{where}: type must be one of {', '.join(PORTS)}, not '{given['type']}'.")
    task = Task(
        name=name,
        type=given["type"],
        id=given["id"],
        # a trigger's own properties are variables, not something to fill in; our actions' ids are their manifest's keys
        fields={} if given["type"] == "TRIGGER" else {**{key: key for key in sorted(step.fields)}, **listed},
        required=step.required,
        variables=variables,
        known_from=given["known_from"],
        export=given.get("export", ""),
        handle=handle,
    )
    _check_what_it_claims(where, task, said=[*listed.values(), *variables.values()], source=given.get("source", ""))
    return task


def _check_what_it_claims(where: str, task: Task, *, said: list[str], source: str) -> None:
    if task.known_from not in (SEEN, DOCUMENTED, UNKNOWN):
        raise BadDefinition(
            f"{where}: known_from must be '{SEEN}', '{DOCUMENTED}' or '{UNKNOWN}', not '{task.known_from}'."
        )
    if task.known_from == UNKNOWN and any([task.id, *said]):
        raise BadDefinition(f"{where}: it is unknown, and yet an id or a name is filled in. Where is that from?")
    if task.known_from == DOCUMENTED and not source:
        raise BadDefinition(f"{where}: say in 'source' who documents it.")
    if task.known_from == SEEN and not all([task.id, task.export, *said]):
        raise BadDefinition(f"{where}: what was seen is filled in whole: id, every field and variable, and 'export'.")
