"""What a column may hold, for which kind of file, and by which words vendors head it. Pure.

Names are none of them: they are the shop's, and a member's follow them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

NO_DATE = date.min
"""The day of a row that has none of its own."""
MEMBERS, HISTORY = "members", "history"


@dataclass(frozen=True, slots=True)
class Field:
    """Something a column may hold.

    Attributes:
        kinds: In which kinds of file it means something.
        words: Headers that mean it anywhere, normal ones (`normal`).
    """

    kinds: frozenset[str]
    words: tuple[str, ...]


_BOTH = frozenset({MEMBERS, HISTORY})
_MEMBERS, _HISTORY = frozenset({MEMBERS}), frozenset({HISTORY})

FIELDS: dict[str, Field] = {
    "email": Field(_BOTH, ("email", "emails", "emailaddress", "customeremail", "useremail", "mail")),
    "shopify_customer_id": Field(
        _BOTH, ("shopifycustomerid", "customerid", "shopifyid", "merchantid", "externalid", "customerreference")
    ),
    "points": Field(
        _BOTH,
        (
            "points", "pointsbalance", "pointbalance", "currentpoints", "balance", "availablepoints", "pointsavailable",
            "currentpointsbalance", "approvedpoints", "pointschange", "pointsamount", "amount",
        ),
    ),
    "lifetime": Field(
        _MEMBERS,
        (
            "lifetimepoints", "pointslifetime", "totalpointsearned", "pointsearned", "totalpoints", "creditedpoints",
            "lifetimepointsearned",
        ),
    ),
    "tier": Field(_MEMBERS, ("tier", "viptier", "viptiername", "currentviptier", "tiername", "loyaltytier", "membershiptier")),
    "birthday": Field(_MEMBERS, ("birthday", "birthdate", "dateofbirth", "dob", "birthdaymmdd", "birthdaymmddyyyy")),
    "expires_on": Field(
        _MEMBERS, ("pointsexpireat", "pointsexpireon", "pointsexpiry", "expirydate", "expiresat", "pointsexpirationdate")
    ),
    "happened_on": Field(_HISTORY, ("date", "createdat", "occurredat", "timestamp", "when", "transactiondate", "time")),
    "note": Field(_HISTORY, ("reason", "note", "description", "action", "activity", "comment", "rule", "type")),
}  # fmt: skip


def normal(header: str) -> str:
    """Returns a header as it is compared: letters and digits in lower case, and nothing else."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def guess(headers: Sequence[str], vendors: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Returns which column seems to hold what: by the vendor's words first, then by everybody's. Each column holds one thing.

    Args:
        vendors: The vendor's own normal words, by field.
    """
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        places.setdefault(normal(header), place)
    found: dict[str, int] = {}
    for words in ({name: tuple(vendors.get(name, ())) for name in FIELDS}, {n: f.words for n, f in FIELDS.items()}):
        for name, known in words.items():
            free = [places[word] for word in known if word in places and places[word] not in found.values()]
            if name not in found and free:
                found[name] = free[0]
    return found


def kind_of(columns: Mapping[str, int]) -> str:
    """Returns what a file seems to be: a date beside points, and nothing that only a member has, is a history."""
    is_member = any(name in columns for name in ("lifetime", "tier", "birthday", "expires_on"))
    return HISTORY if "happened_on" in columns and "points" in columns and not is_member else MEMBERS
