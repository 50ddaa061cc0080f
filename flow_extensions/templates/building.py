"""From a definition to what Shopify reads: the workflow with its hash, the words, and the switches of the manifest. Pure.

Where an id is unknown the built file says `unverified::` and the name, and a template of which anything was not seen in
an export is switched off in its manifest: it is not offered to anybody.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flow_extensions.templates.conditions import equals
from flow_extensions.templates.definitions import BadDefinition, Definition, Step
from flow_extensions.templates.task_ids import PORTS, SEEN, Task, placeholder

STEPS = uuid5(NAMESPACE_URL, "https://encore.example/flow-templates")
"""Never changed: step ids follow from it, so that a template built twice is the same file."""
DISTANCE = 180
"""Pixels from one step down to the next."""
_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SWITCH = re.compile(r"^(\s*)(discoverable|enabled)(\s*=\s*)(true|false)[ \t]*$", re.M)


def flow_file(*, definition: Definition, tasks: Mapping[str, Task]) -> str:
    """Returns the text of `template.flow`: SHA-256 of the JSON's exact text, a colon, the JSON.

    Raises:
        BadDefinition: A step, a link, a field or a name is wrong.
    """
    text = json.dumps(workflow(definition=definition, tasks=tasks), separators=(",", ":"))
    return f"{hashlib.sha256(text.encode()).hexdigest()}:{text}"


def workflow(*, definition: Definition, tasks: Mapping[str, Task]) -> dict[str, Any]:
    """Returns the workflow as Flow writes it when it exports one.

    Raises:
        BadDefinition: A step, a link, a field or a name is wrong.
    """
    used = _tasks_of(definition, tasks)
    variables = used[definition.steps[0].key].variables
    steps, links = [], []
    for position, step in enumerate(definition.steps):
        where, task = f"{definition.handle}, step '{step.key}'", used[step.key]
        _check_link(where, step, definition.steps[:position], used)
        steps.append(
            {
                "step_id": str(_id(definition, step.key)),
                "step_position": [0, position * DISTANCE],
                "config_field_values": _values(where, step, task, variables, _id(definition, step.key)),
                "task_id": task.id or placeholder(task.name),
                "task_version": "0.1",
                "task_type": task.type,
                "description": step.description or None,
                "note": None,
                "name": None,
            }
        )
        if step.after:
            ends = {"from_step_id": str(_id(definition, step.after)), "from_port_id": step.port}
            links.append({**ends, "to_step_id": steps[-1]["step_id"], "to_port_id": "input"})
    root = {"steps": steps, "links": links, "patched_fields": [], "variables": [], "note": definition.note}
    return {
        "__metadata": {"version": 0.1},
        "root": {**root, "vertical_layout_enabled": True, "workflow_name": definition.name},
    }


def unseen(*, definition: Definition, tasks: Mapping[str, Task]) -> list[str]:
    """Returns the tasks of a template that nobody has seen in an export; with one of them it stays switched off."""
    return sorted({step.task for step in definition.steps if tasks[step.task].known_from != SEEN})


def switched(*, manifest: str, on: bool) -> str:
    """Returns a manifest's text with `discoverable` and `enabled` both on or off; the rest as it was.

    Raises:
        BadDefinition: It has not exactly one line of each.
    """
    if sorted(found[2] for found in _SWITCH.finditer(manifest)) != ["discoverable", "enabled"]:
        raise BadDefinition("A template's manifest has one line 'discoverable = …' and one 'enabled = …'.")
    return _SWITCH.sub(rf"\g<1>\g<2>\g<3>{'true' if on else 'false'}", manifest)


def words(*, definition: Definition) -> str:
    """Returns the text of `locales/en.default.json`, where the manifest's `t:name` and `t:description` lead."""
    return json.dumps({"name": definition.name, "description": definition.description}, indent=2) + "\n"


def _tasks_of(definition: Definition, tasks: Mapping[str, Task]) -> dict[str, Task]:
    for step in definition.steps:
        if step.task not in tasks:
            raise BadDefinition(f"{definition.handle}, step '{step.key}': task_ids.toml has no task '{step.task}'.")
    used = {step.key: tasks[step.task] for step in definition.steps}
    if [task.type == "TRIGGER" for task in used.values()] != [True] + [False] * (len(used) - 1):
        raise BadDefinition(f"{definition.handle}: the first step, and no other, is a trigger.")
    return used


def _check_link(where: str, step: Step, earlier: tuple[Step, ...], used: Mapping[str, Task]) -> None:
    if not earlier:
        if step.after:
            raise BadDefinition(f"{where}: a trigger comes after nothing.")
        return
    if step.after not in {each.key for each in earlier}:
        raise BadDefinition(f"{where}: after must name a step above it, not '{step.after}'.")
    ports = PORTS[used[step.after].type]
    if step.port not in ports:
        raise BadDefinition(f"{where}: '{step.after}' leads on by {' or '.join(ports)}, not by '{step.port}'.")


def _values(where: str, step: Step, task: Task, variables: Mapping[str, str], step_id: UUID) -> list[dict[str, str]]:
    given = dict(step.fields)
    if (task.type == "CONDITION") != (step.condition is not None):
        raise BadDefinition(f"{where}: a condition, and nothing else, has [steps.condition].")
    if step.condition is not None:
        path = _path(where, step.condition.variable, variables)
        given = {**given, "condition": equals(step_id=step_id, path=path, text=step.condition.text)}
    if unknown := sorted(given.keys() - task.fields.keys()):
        raise BadDefinition(f"{where}: '{task.name}' has no field '{unknown[0]}'.")
    if missing := sorted(task.fields.keys() - given.keys()):
        raise BadDefinition(f"{where}: field '{missing[0]}' is missing; \"\" leaves it blank.")
    if blank := sorted(key for key in task.required if not given[key].strip()):
        raise BadDefinition(f"{where}: field '{blank[0]}' must not be blank.")
    return [
        {"config_field_id": task.fields[name] or placeholder(name), "value": _filled(where, value, variables)}
        for name, value in given.items()
    ]


def _filled(where: str, value: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: f"{{{{{_path(where, found[1], variables)}}}}}", value)


def _path(where: str, name: str, variables: Mapping[str, str]) -> str:
    if name not in variables:
        raise BadDefinition(f"{where}: the trigger tells nothing called '{name}'.")
    return variables[name] or placeholder(name)


def _id(definition: Definition, key: str) -> UUID:
    return uuid5(STEPS, f"{definition.handle}/{key}")
