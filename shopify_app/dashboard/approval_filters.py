"""What the list of approvals is asked for, out of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from loyalty.earning import queries as earning
from shopify_app.dashboard.asking import member_id_of, texts_of

NAMES = ("rule", "member")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for.

    Attributes:
        said: The texts as they stand in the form; a rule that is none is left out.
        rules: The names of the programme's rules by their public ids.
        member_id: None for everybody.
    """

    said: dict[str, str]
    rules: dict[str, str]
    member_id: int | None

    @property
    def rule(self) -> str:
        """The public id of a rule, or nothing."""
        return self.said["rule"]

    @property
    def labels(self) -> dict[str, str]:
        """The filters in words."""
        return {"rule": self.rules.get(self.rule, ""), "member": self.said["member"]}


def asked_of(query: Mapping[str, str]) -> Asked:
    """Reads the filters of an address."""
    rules = {rule.public_id: rule.name for rule in earning.rules()}
    said = texts_of(query, NAMES)
    said["rule"] = said["rule"] if said["rule"] in rules else ""
    return Asked(said, rules, member_id_of(said["member"]) if said["member"] else None)
