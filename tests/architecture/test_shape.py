"""Small modules, small functions, and names that say something (architecture.md 1, 8)."""

import ast

import pytest

from tests.architecture.sources import PACKAGES, python_files, text, tree

LONGEST_MODULE, LONGEST_FUNCTION = 300, 60  # lines
EMPTY_NAMES = {"services", "service", "utils", "util", "helpers", "helper", "signals", "common", "misc", "managers"}


def functions(name: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


class TestModules:
    def test_are_at_most_300_lines(self):
        long = {name: n for name in python_files() if (n := len(text(name).splitlines())) > LONGEST_MODULE}
        assert long == {}

    def test_have_a_name_that_says_what_is_inside(self):
        parts = {name: set(name.removesuffix(".py").split("/")) for name in python_files()}
        assert {name for name, words in parts.items() if words & EMPTY_NAMES} == set()

    def test_say_what_they_are_for(self):
        silent = [name for name in python_files(*PACKAGES) if text(name).strip() and not ast.get_docstring(tree(name))]
        assert silent == []


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


class TestFunctions:
    def test_are_at_most_60_lines(self):
        long = [
            f"{name}:{function.lineno} {function.name} {length(function)}"
            for name in python_files(*PACKAGES)
            for function in functions(name)
            if length(function) > LONGEST_FUNCTION
        ]
        assert long == []


class TestTheDomain:
    @pytest.mark.parametrize("method", ["save", "delete"])
    def test_no_model_does_business_when_it_is_saved(self, method):
        found = [
            f"{name}:{node.lineno}"
            for name in python_files("loyalty", "shopify_app", "flow_extensions")
            for node in ast.walk(tree(name))
            if isinstance(node, ast.ClassDef) and name.endswith("models.py")
            for item in node.body
            if isinstance(item, ast.FunctionDef) and item.name == method
        ]
        assert found == []

    def test_nothing_reacts_to_djangos_signals(self):
        listening = [
            name
            for name in python_files(*PACKAGES)
            if "django.dispatch" in text(name) or "db.models.signals" in text(name)
        ]
        assert listening == []

    def test_reads_no_clock(self):
        """Time is an argument: only doors, tasks and what waits for another process read it."""
        doors = ("tasks.py", "/api/", "adapter.py", "client.py", "nudge.py", "management/", "relay.py", "/ports.py")
        clocks = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
        found = [
            f"{name}:{node.lineno}"
            for name in python_files("loyalty")
            if not any(door in name for door in doors)
            for node in ast.walk(tree(name))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id, node.func.attr) in clocks
        ]
        assert found == []
