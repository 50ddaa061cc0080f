"""Refusals: what the product says no to, with a stable code and one sentence a merchant can act on.

A refusal is not a fault: nothing has changed when one is raised. Doors translate `code` into their own status; the
table of REST statuses lives in `loyalty.api.v1.errors`. Each noun raises subclasses of `Refusal` defined beside it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _


class Refusal(Exception):
    """The product refuses, and nothing has changed.

    Attributes:
        code: Stable machine-readable name, snake_case (the list: docs/api and rest-api facts, section 4).
        sentence: One plain sentence that says what is wrong and what would put it right.
        facts: Values behind the sentence, for logs and for doors that show them.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


class NotFound(Refusal):
    """The thing named does not exist in this programme."""

    code = "not_found"


class InvalidField(Refusal):
    """A value given by a caller breaks a rule; `field` names it."""

    code = "invalid_field"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, field=field)
        self.field = field


class IdempotencyKeyReused(Refusal):
    """The same key came with another request; nothing ran."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(_("This idempotency key was already used for a different request"))


class IdempotencyKeyInUse(Refusal):
    """The first request under the key has not ended yet; nothing more ran."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(_("A request with this idempotency key is still being processed"))


class PlanRequired(Refusal):
    """The shop's plan does not include this."""

    code = "plan_required"

    def __init__(self) -> None:
        super().__init__(_("This feature requires the Growth plan or above"))


class ProgramDisabled(Refusal):
    """The programme is switched off."""

    code = "program_disabled"

    def __init__(self) -> None:
        super().__init__(_("The loyalty program is switched off"))
