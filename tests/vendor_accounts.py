"""A merchant's account at each marketing platform's stand-in: one row per vendor, which every test of a vendor goes through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sandbox_client import Sandbox


@dataclass(frozen=True)
class Account:
    """One account.

    `event_calls` and `state_calls` are what the stand-in's log calls the endpoints; `events` and `state` read what arrived,
    by the vendor's own spelling of "Points Awarded" and "Encore Points Balance".
    """

    vendor: str
    key: str
    event_calls: str
    state_calls: str
    name_of: Callable[[dict[str, Any]], str]
    people: str
    points_awarded: str
    balance: str
    drops_copies: bool = False
    patience: tuple[float, float] = (60.0, 60.0)
    """Seconds waited after a 429 that says nothing: from, to."""
    says_patience: bool = True

    def __str__(self) -> str:
        return self.vendor

    def reset(self, sandbox: Sandbox) -> None:
        """An account that has received nothing, of a vendor without faults; Postscript knows every customer."""
        sandbox.call("DELETE", f"vendors/{self.vendor}")
        if self.vendor == "postscript":
            sandbox.call("PUT", "vendors/postscript/subscribers", {"key": self.key, "everyone": True})

    def faults(self, sandbox: Sandbox, **switches: Any) -> None:
        """Turns the vendor's fault switches."""
        sandbox.call("PATCH", f"vendors/{self.vendor}/faults", switches)

    def received(self, sandbox: Sandbox) -> dict[str, Any]:
        """Everything the vendor has."""
        found: dict[str, Any] = sandbox.call("GET", f"vendors/{self.vendor}?key={self.key}")
        return found

    def events(self, sandbox: Sandbox, name: str = "") -> list[dict[str, Any]]:
        """The events that arrived, copies and all; of one name, or by default the points that were awarded."""
        wanted = name or self.points_awarded
        return [event for event in self.received(sandbox)["events"] if self.name_of(event) == wanted]

    def balances(self, sandbox: Sandbox) -> dict[str, Any]:
        """The balance of everybody the vendor knows one of, by e-mail or number."""
        everybody = self.received(sandbox)[self.people].items()
        return {who: each["properties"][self.balance] for who, each in everybody if self.balance in each["properties"]}

    def calls(self, sandbox: Sandbox, endpoint: str = "") -> list[dict[str, Any]]:
        """The calls that were made, in order, whatever came of them."""
        made = self.received(sandbox)["requests"]
        return [call for call in made if not endpoint or call["endpoint"] == endpoint]


ACCOUNTS = (
    Account(
        "klaviyo", "pk_0000000000000000000000shop", "events", "profile-import", lambda event: str(event["metric"]),
        "profiles", "Points Awarded", "Encore Points Balance", drops_copies=True,
    ),
    Account(
        "omnisend", "omni-key-of-the-shop-0001", "events", "contacts", lambda event: str(event["eventName"]), "contacts",
        "Points Awarded", "encore_points_balance",
    ),
    Account(
        "postscript", "sk_000000000000000000shop", "events", "subscriber", lambda event: str(event["type"]), "subscribers",
        "Points_Awarded", "Encore_Points_Balance", patience=(0.8, 1.2), says_patience=False,
    ),
    Account(
        "attentive", "attentive-key-of-the-shop-01", "events", "attributes", lambda event: str(event["type"]), "users",
        "Points Awarded", "Encore Points Balance", patience=(0.8, 1.2), says_patience=False,
    ),
)  # fmt: skip
