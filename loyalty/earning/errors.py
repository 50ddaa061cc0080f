"""What earning refuses."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from loyalty.errors import NotFound, Refusal


class CustomActionNotFound(NotFound):
    """No custom action with that key, or it is off: nothing is awarded either way."""

    def __init__(self, key: str, *, is_off: bool = False) -> None:
        super().__init__(_("Custom action '%(key)s' not found") % {"key": key}, reason="off" if is_off else "key")


class RuleNotFound(NotFound):
    """No such earning rule, or it is off."""

    def __init__(self, public_id: str) -> None:
        super().__init__(_("Earning rule '%(public_id)s' not found") % {"public_id": public_id})


class AlreadyAwarded(Refusal):
    """The rule is once per customer, and this customer has had it."""

    code = "already_awarded"

    def __init__(self) -> None:
        super().__init__(_("Customer has already been awarded points for this earning rule"))


class EarningLimitReached(Refusal):
    """The member has earned by the rule as often as it allows for now."""

    code = "earning_limit_reached"

    def __init__(self, limit: str, *, opens_at: datetime | None) -> None:
        sentence = (
            _("This earning rule allows each customer: %(limit)s; the next is possible from %(again)s")
            if opens_at
            else _("This earning rule allows each customer: %(limit)s")
        )
        again = opens_at.isoformat(timespec="seconds") if opens_at else ""
        super().__init__(sentence % {"limit": limit[:1].lower() + limit[1:], "again": again})


class CategoryNotAwardable(Refusal):
    """Rules of this category are earned by what happens, not by a call."""

    code = "category_not_awardable"

    def __init__(self, category: str) -> None:
        super().__init__(
            _("Earning rules of category '%(category)s' cannot be awarded via the API") % {"category": category}
        )


class StillDeciding(Refusal):
    """One decision about everything that waits is carried out at a time."""

    code = "still_deciding"

    def __init__(self) -> None:
        super().__init__(_("Another decision about everything that waits is being carried out"))


class NoRuleForReviews(NotFound):
    """No rule for reviews is on, or none for this review app."""

    def __init__(self, platform: str) -> None:
        super().__init__(
            _("No earning rule for reviews of %(platform)s is on: add one, or switch it on, under Earning rules")
            % {"platform": platform}
        )


class ActionKeyTaken(Refusal):
    """Two actions can't answer to one key."""

    code = "invalid_field"

    def __init__(self, key: str) -> None:
        super().__init__(_("Another action already uses the key '%(key)s'") % {"key": key}, field="action_key")


class TooMuchContention(Refusal):
    """The member or rule kept changing while the award was made; nothing happened, and a retry will succeed."""

    code = "try_again"

    def __init__(self) -> None:
        super().__init__(_("The customer or the rule is being changed right now; try again"))


class PointsOverrideNotAllowed(Refusal):
    """The caller states points, and the action takes none from callers."""

    code = "points_override_not_allowed"

    def __init__(self, sentence: str = "This custom action does not let the caller set the number of points") -> None:
        super().__init__(sentence)
