"""Dry runs: the same call, the same checks and the same answer, and then everything is undone.

A rehearsal is the operation itself inside a transaction that is rolled back, so it can't disagree with the real one. What
would leave this machine (a discount code, an event) leaves after a commit, which never comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from rest_framework.response import Response

from loyalty.errors import InvalidField

HEADER = "Encore-Dry-Run"
NEW_THINGS = ("cer_", "cr_", "whsub_", "skip_")
"""How the ids of things begin that the call would have made."""


def asked_for(parameters: Mapping[str, str]) -> bool:
    """Whether a call asks for a dry run.

    Raises:
        InvalidField: `dry_run` is neither true nor false: a word that was mistyped must not do the thing for real.
    """
    given = parameters.get("dry_run")
    if given is None:
        return False
    if given.lower() not in ("true", "false", "1", "0"):
        raise InvalidField("dry_run", "dry_run must be true or false")
    return given.lower() in ("true", "1")


@contextmanager
def rehearsal() -> Iterator[None]:
    """Undoes whatever the block has done to the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def mark(answer: Response) -> None:
    """Says of an answer that it was a dry run; ids of what is not there begin with `dry_`."""
    answer[HEADER] = "true"
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    for each in data if isinstance(data, list) else [data]:
        found = each.get("data", each) if isinstance(each, dict) else None
        if isinstance(found, dict) and str(found.get("id", "")).startswith(NEW_THINGS) and not _is_old(answer, found):
            found["id"] = "dry_" + found["id"].partition("_")[2]


def _is_old(answer: Response, resource: Mapping[str, object]) -> bool:
    """Whether the call found something that an earlier one had made."""
    attributes = resource.get("attributes")
    if resource.get("type") == "delivery":
        return True  # sent again, or made again: it was there before
    replayed = isinstance(attributes, dict) and attributes.get("replayed") is True
    return replayed or answer.headers.get("Idempotent-Replayed") == "true"
