"""Public ids: a prefix that says what the thing is, and 20 random characters that cannot be guessed or mistyped."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 lower-case characters without look-alikes: 20 of them hold 99 bits."""

LENGTH = 20
PREFIXES = frozenset({"cer", "cr", "rule", "reward", "tier", "whsub", "camp", "ref"})


def new_public_id(prefix: str) -> str:
    """Returns a fresh public id such as `rule_7k3m…`.

    Args:
        prefix: One of `PREFIXES`, without the underscore.
    """
    assert prefix in PREFIXES, prefix
    drawn, characters = secrets.randbits(128), []  # one draw of 128 bits: their remainder by 31^20 is even to 2^-29
    for _ in range(LENGTH):
        drawn, place = divmod(drawn, len(ALPHABET))
        characters.append(ALPHABET[place])
    return f"{prefix}_{''.join(characters)}"
