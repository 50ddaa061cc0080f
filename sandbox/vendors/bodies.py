"""Bodies against the closed schemas of a vendor's folder: a misspelt key is refused, where the real service may drop it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types

from sandbox.vendors.vendor import Refused

FOLDER = Path(__file__).parent


def parsed(raw: bytes) -> Any:
    """Read JSON. Raises Refused 400; NaN and Infinity are no JSON."""
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except ValueError as error:
        raise Refused(400, "The body is not JSON.") from error


def check(body: Any, handle: str, shape: str) -> None:
    """Check a body against a shape of `bodies.json`. Raises Refused 400 with the way to what is wrong."""
    problems = _validator(handle, shape).iter_errors(body)
    wrong = min(problems, key=lambda item: len(item.absolute_path), default=None)
    if wrong is not None:
        raise Refused(400, wrong.message[:500], tuple(wrong.absolute_path))


@lru_cache(maxsize=64)
def _validator(handle: str, shape: str) -> Any:
    schema = json.loads((FOLDER / handle / "bodies.json").read_text("utf-8"))
    found = {**schema, "$ref": f"#/$defs/{shape}"}
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def _no_constant(name: str) -> Any:
    raise ValueError(name)
