"""The project's own files, as git knows them or would."""

import ast
import subprocess
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "flow_extensions", "shopify_app", "loyalty", "sandbox")


@cache
def tracked() -> tuple[str, ...]:
    """Every file that is committed or would be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted({name for name in listed if (PROJECT / name).is_file()}))


def python_files(*folders: str, migrations: bool = False) -> list[str]:
    """Python files below the folders, or all of them."""
    return [
        name
        for name in tracked()
        if name.endswith(".py")
        and (migrations or "/migrations/" not in name)
        and (not folders or name.startswith(tuple(f"{folder}/" for folder in folders)))
    ]


@cache
def tree(name: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse((PROJECT / name).read_text(), name)


def text(name: str) -> str:
    """A file's text; empty for binary files."""
    try:
        return (PROJECT / name).read_text()
    except UnicodeDecodeError:
        return ""
