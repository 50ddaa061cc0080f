"""The files of the templates: what each should hold by its definition, and which of them do not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flow_extensions.templates import building, definitions, exports, task_ids
from flow_extensions.templates.definitions import BadDefinition, Definition
from flow_extensions.templates.task_ids import OwnStep, Task

EXTENSIONS = Path(__file__).resolve().parents[1]
MANIFEST = "shopify.extension.toml"


@dataclass(frozen=True, slots=True)
class Template:
    """One template with the files that follow from it, by their path; `unseen` are the tasks it waits for."""

    definition: Definition
    files: dict[Path, str]
    unseen: list[str]

    def stale(self) -> list[Path]:
        """Returns the files that do not hold what they should."""
        return [path for path, text in self.files.items() if not path.exists() or path.read_bytes() != text.encode()]


def tasks(*, extensions: Path = EXTENSIONS) -> dict[str, Task]:
    """Returns the tasks of `task_ids.toml`, with the fields of our own from their manifests.

    Raises:
        BadDefinition: The file is wrong, or claims that an export shows what it does not.
    """
    found = task_ids.read(given=_toml(extensions / "templates" / "task_ids.toml"), own=_own_steps(extensions))
    for task in found.values():
        if task.known_from == task_ids.SEEN:
            path = extensions / "templates" / "exports" / task.export
            if not path.is_file():
                raise BadDefinition(f"task_ids.toml, '{task.name}': there is no exports/{task.export}.")
            exports.check(task=task, export=path.read_bytes().decode())  # to the letter: the hash is over it
    return found


def templates(*, extensions: Path = EXTENSIONS) -> list[Template]:
    """Returns every template by its folder; nothing is written.

    Raises:
        BadDefinition: A definition, a manifest or the file of ids is wrong.
    """
    known = tasks(extensions=extensions)
    folders = sorted(path.parent for path in (extensions / "templates").glob("*/definition.toml"))
    return [_template(folder, known) for folder in folders]


def _template(folder: Path, known: dict[str, Task]) -> Template:
    definition = definitions.read(handle=folder.name.replace("_", "-"), given=_toml(folder / "definition.toml"))
    flow = building.flow_file(definition=definition, tasks=known)
    unseen = building.unseen(definition=definition, tasks=known)
    manifest = (folder / MANIFEST).read_text("utf-8")
    files = {
        folder / "template.flow": flow,
        folder / "locales" / "en.default.json": building.words(definition=definition),
        folder / MANIFEST: building.switched(manifest=manifest, on=not unseen),
    }
    return Template(definition, files, unseen)


def _own_steps(extensions: Path) -> dict[str, OwnStep]:
    found = {}
    for kind in ("actions", "triggers"):
        for path in sorted((extensions / kind).glob(f"*/{MANIFEST}")):
            manifest = _toml(path)
            fields = {
                field.get("key") or f"{field['type'].removesuffix('_reference')}_id": bool(field.get("required"))
                for field in manifest["settings"]["fields"]
            }
            required = frozenset(key for key, is_required in fields.items() if is_required)
            found[manifest["extensions"][0]["handle"]] = OwnStep(frozenset(fields), required)
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadDefinition(f"{path.parent.name}/{path.name} is not TOML: {error}.") from error
