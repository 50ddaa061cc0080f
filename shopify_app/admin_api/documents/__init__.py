"""Our GraphQL documents: one operation per file, named like the file, each held against Shopify's schema by a test."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> str:
    """The text of `<name>.graphql`."""
    return (FOLDER / f"{name}.graphql").read_text()


def names() -> list[str]:
    """Every document there is."""
    return sorted(path.stem for path in FOLDER.glob("*.graphql"))
