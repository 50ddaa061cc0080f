"""What a plan leaves out stays in view where it is used: disabled, labelled, and with the way to the plans."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from loyalty.programs.plans import Feature, includes
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.pages import link

NAMES: dict[Feature, Promise] = {
    Feature.CUSTOM_ACTIONS: gettext_lazy("Custom actions"),
    Feature.REST_API: gettext_lazy("REST API"),
    Feature.WEBHOOKS: gettext_lazy("Webhooks"),
}
SENTENCES: dict[Feature, Promise] = {
    Feature.CUSTOM_ACTIONS: gettext_lazy(
        "Your plan does not include custom actions. Those you have are kept, and award again with the Growth plan."
    ),
    Feature.REST_API: gettext_lazy(
        "Your plan does not include the REST API. Keys you have are kept: calls with them are refused until there is the Growth plan."
    ),
    Feature.WEBHOOKS: gettext_lazy(
        "Your plan does not include webhooks. Those you have are kept, and what they miss waits for the Growth plan."
    ),
}


@dataclass(frozen=True, slots=True)
class PlanLock:
    """Why a page's main button is disabled: the plan that has it, a sentence, and where the plans are."""

    badge: str
    name: str
    sentence: str
    url: str


def lock_of(request: AdminRequest, feature: Feature) -> PlanLock | None:
    """Returns the lock of a feature; None where the plan includes it."""
    if includes(request.program.plan, feature):
        return None
    return PlanLock(_("Growth plan"), str(NAMES[feature]), str(SENTENCES[feature]), link(request, "plan"))
