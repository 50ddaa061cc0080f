"""What the product refuses is said through the catalogue, so that a German admin reads it in German.

REST, Flow and workers speak English, whatever a caller asks for (shopify_app/dashboard/language.py), so a refusal is
worded where it is raised and nowhere else.
"""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import loyalty
from config.environment import PROJECT
from loyalty.errors import Refusal

THROUGH_THE_CATALOGUE = {"_", "gettext", "ngettext"}
NOT_FOR_PEOPLE = {"loyalty/api", "loyalty/ledger/journal.py", "loyalty/ledger/operations/returning.py"}
"""REST's own words, and what only a fault of ours could bring about: nobody names an account or a hold."""
ANOTHER_SENTENCE = {"loyalty/analytics/operations.py"}
"""The form before it says the same in words of its own: dashboard/analytics_worth.py."""


def refusals() -> set[str]:
    """The names of all refusals there are."""
    for module in walk_packages(loyalty.__path__, "loyalty."):
        if ".management" not in module.name and ".migrations" not in module.name:
            import_module(module.name)
    found = [Refusal]
    for each in found:
        found += each.__subclasses__()
    return {each.__name__ for each in found}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for root in ("loyalty", "shopify_app/dashboard"):
        for path in sorted((PROJECT / root).rglob("*.py")):
            name = str(path.relative_to(PROJECT))
            if not name.startswith(tuple(NOT_FOR_PEOPLE | ANOTHER_SENTENCE)):
                yield name, ast.parse(Path(path).read_text())


def sentences(node: ast.expr) -> Iterator[str]:
    """What is written out in an expression without going through the catalogue, and reads like words of a sentence."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in THROUGH_THE_CATALOGUE:
        return
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"[a-z]", node.value)
        and " " in node.value
    ):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from sentences(child)


def worded(tree: ast.Module, names: set[str]) -> Iterator[ast.expr]:
    """Where a refusal gets its sentence: what it is raised with, and all that its class writes down to word it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from handed_on(node, names)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield from node.args
        if isinstance(node, ast.ClassDef) and node.name in names:
            for method in node.body:
                yield from said_in(method) if isinstance(method, ast.FunctionDef) else []


def handed_on(function: ast.FunctionDef, names: set[str]) -> Iterator[ast.expr]:
    """What a function gives a name to before it refuses with it."""
    calls = [each for each in ast.walk(function) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
    used = {arg.id for call in calls if named(call) in names for arg in call.args if isinstance(arg, ast.Name)}
    for line in ast.walk(function):
        if isinstance(line, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id in used for each in line.targets
        ):
            yield line.value


def named(call: ast.Call) -> str:
    """The plain name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else ""


def said_in(method: ast.FunctionDef) -> Iterator[ast.expr]:
    """The expressions of a method's statements, its docstring left out."""
    for line in ast.walk(method):
        is_docstring = isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        if isinstance(line, ast.stmt) and line is not method and not is_docstring:
            yield from (each for each in ast.iter_child_nodes(line) if isinstance(each, ast.expr))


def test_no_refusal_is_worded_past_the_catalogue():
    names = refusals()
    past = [
        (name, part.lineno, sentence)
        for name, tree in sources()
        for part in worded(tree, names)
        for sentence in set(sentences(part))
    ]
    assert past == []


def test_no_word_is_spoken_when_a_module_is_loaded():
    """It would stay in the language of whoever came first: `gettext` there, and a lazy text with `%` behind it."""
    spoken = [
        (str(path.relative_to(PROJECT)), node.lineno)
        for package in ("config", "loyalty", "shopify_app")
        for path in sorted((PROJECT / package).rglob("*.py"))
        for node in at_once(ast.parse(path.read_text()))
    ]
    assert spoken == []


def at_once(tree: ast.Module) -> Iterator[ast.expr]:
    """Where words are spoken outside of functions."""
    known = {
        each.asname or each.name: each.name
        for line in ast.walk(tree)
        if isinstance(line, ast.ImportFrom) and line.module == "django.utils.translation"
        for each in line.names
    }

    def meant(node: ast.AST) -> str:
        return known.get(named(node), "") if isinstance(node, ast.Call) else ""

    waiting: list[ast.AST] = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.FunctionDef | ast.Lambda):
                continue
            is_joined = isinstance(node, ast.BinOp) and "lazy" in meant(node.left) + meant(node.right)
            if isinstance(node, ast.expr) and (is_joined or meant(node) in {"gettext", "ngettext", "pgettext"}):
                yield node
            waiting.append(node)


def test_what_is_left_out_is_there():
    for name in NOT_FOR_PEOPLE | ANOTHER_SENTENCE:
        assert (PROJECT / name).exists(), name
