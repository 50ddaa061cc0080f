"""What import-linter cannot see: strings that point upward."""

import ast
import re

import pytest

from tests.architecture.sources import PROJECT, python_files, tree

PACKAGES = ["loyalty", "shopify_app", "flow_extensions", "config"]  # lowest first
NOUNS = [  # lowest first; loyalty's layers of architecture.md 1
    {
        "errors",
        "money",
        "points",
        "tenancy",
        "encryption",
        "public_ids",
        "instants",
        "nudging",
        "deciding",
        "windows",
        "ordering",
    },
    {"events"},
    {"outbox", "idempotency"},
    {"programs"},
    {"members"},
    {"skips"},
    {"orders"},
    {"ledger"},
    {"tiers"},
    {"campaigns"},
    {"earning", "rewards"},
    {"backtesting"},
    {"starting"},
    {"credits"},
    {"referrals"},
    {"imports"},
    {"analytics"},
    {"test_mode"},
    {"integrations"},
    {"emails"},
    {"deliveries"},
    {"api"},
]
DOTTED = re.compile(r"(?:config|flow_extensions|shopify_app|loyalty)(?:\.[a-z_0-9]+)+(?:\.[A-Z]\w+)?")
# The tenant stands under every row and cannot be imported by what lies below it (docs/adr/0002).
ALLOWED = {("loyalty/tenancy.py", "programs.Program")}


def labels() -> dict[str, str]:
    """Django's app labels and the packages they stand for."""
    found = {}
    for name in python_files("loyalty", "shopify_app"):
        if name.endswith("/apps.py"):
            values = {
                node.targets[0].id: str(node.value.value)
                for node in ast.walk(tree(name))
                if isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and isinstance(node.value, ast.Constant)
            }
            found[values["label"]] = values["name"]
    return found


def rank(dotted: str) -> tuple[int, int]:
    """How high something stands: its package, then its layer inside loyalty."""
    parts = dotted.split(".")
    layer = next((i for i, nouns in enumerate(NOUNS) if len(parts) > 1 and parts[1] in nouns), 0)
    return PACKAGES.index(parts[0]), layer if parts[0] == "loyalty" else 0


def strings(name: str) -> list[tuple[int, str]]:
    """String constants of a module, docstrings left out."""
    module = tree(name)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def upward(name: str, named: list[tuple[int, str]] | None = None) -> list[str]:
    """Strings of a module (or those given) that name something above it."""
    here = rank(name.removesuffix(".py").replace("/", "."))
    found = []
    for line, value in strings(name) if named is None else named:
        label, _, model = value.partition(".")
        package = labels().get(label) if re.fullmatch(r"[A-Z]\w+", model) else None
        target = package or (value if DOTTED.fullmatch(value) else None)
        if target and rank(target) > here and (name, value) not in ALLOWED:
            found.append(f"{name}:{line} {value}")
    return found


class TestArrowsInStrings:
    def test_point_down(self):
        assert [line for name in python_files(*PACKAGES[:-1]) for line in upward(name)] == []

    def test_an_upward_one_would_be_noticed(self):
        named = [(1, "rewards.Reward"), (2, "shopify_app.shops.models.Shop"), (3, "members.Member")]
        assert len(upward("loyalty/ledger/models.py", named)) == 2
        assert upward("shopify_app/dashboard/models.py", named) == []

    def test_every_noun_has_its_layer(self):
        known = set().union(*NOUNS)
        found = {path.stem for path in (PROJECT / "loyalty").iterdir() if not path.name.startswith("_")}
        assert found - known == set()


class TestLedgerRows:
    WRITERS = re.compile(r"\b(?:Entry|Lot|Hold|Consumption|Account)\.objects\b")

    @pytest.mark.parametrize("package", PACKAGES)
    def test_are_touched_by_the_ledger_only(self, package):
        found = [
            f"{name}:{number}"
            for name in python_files(package)
            if not name.startswith("loyalty/ledger/")
            for number, line in enumerate((PROJECT / name).read_text().splitlines(), 1)
            if self.WRITERS.search(line)
        ]
        assert found == []
