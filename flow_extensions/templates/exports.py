"""Whether a workflow that Flow exported shows what `task_ids.toml` says was seen in it. Pure."""

from __future__ import annotations

import hashlib
import json

from flow_extensions.templates.definitions import BadDefinition
from flow_extensions.templates.task_ids import Task


def check(*, task: Task, export: str) -> None:
    """Asserts that an export has a step of the task, with each of its fields, and uses each of its variables.

    Raises:
        BadDefinition: It has not, or it is not as Flow wrote it.
    """
    where = f"{task.export} does not show '{task.name}'"
    digest, _, text = export.partition(":")
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise BadDefinition(f"{where}: its hash is not that of its text, so it was changed after Flow wrote it.")
    found = [step for step in json.loads(text)["root"]["steps"] if step["task_id"] == task.id]
    if not found or found[0]["task_type"] != task.type:
        raise BadDefinition(f"{where}: it has no {task.type} with the id '{task.id}'.")
    shown = {value["config_field_id"] for value in found[0]["config_field_values"]}
    if missing := sorted(set(task.fields.values()) - shown):
        raise BadDefinition(f"{where}: the step has no field '{missing[0]}'. Fill in every field before exporting.")
    if unused := sorted(path for path in task.variables.values() if path not in text):
        raise BadDefinition(f"{where}: no step uses '{unused[0]}'.")
