"""Public ids: a prefix that says what the thing is, and 20 random characters that cannot be guessed or mistyped."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 lower-case characters without look-alikes: 20 of them hold 99 bits."""

PREFIXES = frozenset({"cer", "cr", "rule", "reward", "tier", "whsub", "camp"})


def new_public_id(prefix: str) -> str:
    """Returns a fresh public id such as `rule_7k3m…`.

    Args:
        prefix: One of `PREFIXES`, without the underscore.
    """
    assert prefix in PREFIXES, prefix
    return prefix + "_" + "".join(secrets.choice(ALPHABET) for _ in range(20))
