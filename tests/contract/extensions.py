"""The Flow manifests as data, and copies of the app for Shopify's tools to judge."""

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from graphql import GraphQLSchema, build_schema

PROJECT = Path(settings.BASE_DIR)
NODE = PROJECT / "node_modules" / ".bin" / "node"
VALIDATOR = Path(__file__).with_name("validate_extensions.mjs")


class Extension(NamedTuple):
    """One folder with its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def handle(self) -> str:
        """What Shopify calls it."""
        return str(self.manifest["handle"])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Its fields, in order."""
        found: list[dict[str, Any]] = self.manifest["settings"]["fields"]
        return found

    @property
    def keys(self) -> set[str]:
        """The keys of its own fields; references have none."""
        return {field["key"] for field in self.fields if "key" in field}

    @property
    def references(self) -> set[str]:
        """Its references, under the property they arrive and leave as: `customer_reference` is `customer_id`."""
        return {f"{field['type'].removesuffix('_reference')}_id" for field in self.fields if "key" not in field}

    def schema(self) -> GraphQLSchema:
        """Its own types, as GraphQL reads them."""
        return build_schema((self.folder / self.manifest["schema"]).read_text() + "\ntype Query { nothing: Int }")


@lru_cache
def found(kind: str) -> tuple[Extension, ...]:
    """Every extension of a kind, `actions`, `triggers` or `templates`, by its folder."""
    folders = sorted(path.parent for path in (PROJECT / "flow_extensions" / kind).glob("*/shopify.extension.toml"))
    read = []
    for folder in folders:
        manifest = tomllib.loads((folder / "shopify.extension.toml").read_text())
        (extension,) = manifest["extensions"]
        read.append(Extension(folder, {**extension, "settings": manifest.get("settings", {"fields": []})}))
    return tuple(read)


def copy_of_the_app(target: Path) -> Path:
    """What Shopify's tools read: the app's TOML and its extensions, without code."""
    only_data = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(PROJECT / "flow_extensions", target / "flow_extensions", ignore=only_data)
    shutil.copytree(PROJECT / "theme_extension", target / "theme_extension")
    shutil.copy(PROJECT / "shopify.app.toml", target)
    (target / "package.json").write_text(json.dumps({"name": "encore", "private": True}))
    return target


def verdicts(apps: Iterable[Path], home: Path) -> dict[Path, dict[str, Any]]:
    """Ask the Node validator about several app folders at once.

    Returns:
        For each: `loaded`, the extensions the CLI made of it, and `faults`, what it found wrong.
    """
    assert NODE.exists(), "run `make test`: it installs the pinned Node packages (needs npm)"
    quiet = {"SHOPIFY_CLI_NO_ANALYTICS": "1", "CI": "1", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}
    homes = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "PATH": f"{NODE.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [str(NODE), str(VALIDATOR), *map(str, apps)],
        env={**homes, **quiet}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return {Path(app): verdict for app, verdict in json.loads(done.stdout).items()}
