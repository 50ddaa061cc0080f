"""What a resolver gets besides its arguments."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from sandbox.store.database import Database
from sandbox.world import World


@dataclass
class Context:
    """One call: the store, its scopes, and the instant it happens."""

    world: World
    store: dict[str, Any]
    scopes: set[str]
    now: datetime
    denied: dict[str, str] = field(default_factory=dict)
    bulk_operations: list[str] = field(default_factory=list)  # those it began, which run once it is answered
    changed_customers: list[str] = field(default_factory=list)  # those it changed, of whom webhooks tell afterwards

    @property
    def database(self) -> Database:
        """The records of all stores."""
        return self.world.database

    @property
    def domain(self) -> str:
        """The store's domain, the key of its records."""
        return str(self.store["domain"])

    def require_scope(self, scope: str, field_name: str) -> None:
        """Refuse with ACCESS_DENIED unless the app holds the scope in this store."""
        if scope not in self.scopes:
            raise access_denied(field_name, [scope])


Info = GraphQLResolveInfo[Context]


def access_denied(field_name: str, scopes: list[str]) -> GraphQLError:
    """Make Shopify's refusal for a missing access scope."""
    required = " or ".join(f"`{scope}`" for scope in scopes) + " access scope."
    return GraphQLError(
        f"Access denied for {field_name} field. Required access: {required}",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": required,
        },
    )


def user_error(field: list[str] | None, message: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    """Make one entry of `userErrors`."""
    return {"field": field, "message": message, "code": code, **more}
