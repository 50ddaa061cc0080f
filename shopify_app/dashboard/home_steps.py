"""The set-up list of Home: what to do next. A step is done when what it is for is there, whoever made it.

Whether a theme shows the launcher nobody tells us; that its panel was opened in the shop does. The embed for invitations
leaves no such trace, so it is no step: its button is on the page of referrals, which it is for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.home_facts import Facts
from shopify_app.dashboard.pages import link


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the set-up list; the first one to do is open."""

    title: str
    text: str
    action: str
    url: str
    is_done: bool
    is_open: bool = False


def steps_of(request: AdminRequest, facts: Facts) -> list[Step]:
    """Returns the steps, the first that is to be done open; nothing once all are done."""
    steps = _steps(request, facts)
    first = next((index for index, step in enumerate(steps) if not step.is_done), None)
    if first is None:
        return []
    steps[first] = replace(steps[first], is_open=True)
    return steps


def _steps(request: AdminRequest, facts: Facts) -> list[Step]:
    return [
        Step(
            _("Start from a programme for your kind of shop"),
            _("Rules, a first reward and tiers with numbers that go together; you see them all before anything is made."),
            _("Choose a programme"), link(request, "start"), facts.has_anything,
        ),
        Step(
            _("Give a way to earn"),
            _("One earning rule that is switched on is enough, for example points for every order."),
            _("Open earning rules"), link(request, "rules"), facts.has_rule,
        ),
        Step(
            _("Give a way to spend"),
            _("One reward that is switched on is enough, for example an amount off."),
            _("Open rewards"), link(request, "rewards"), facts.has_reward,
        ),
        Step(
            _("Show it in your shop"),
            _("Switch the loyalty launcher on in your theme and open it once: then Encore knows that customers see it."),
            _("Open on-site display"), link(request, "onsite"), facts.is_shown,
        ),
        Step(
            _("See the first points arrive"),
            _("Create a customer account in your shop, or give a member some points by hand, and take them back."),
            _("Open members"), link(request, "members"), facts.has_movement,
        ),
        Step(
            _("Tell your customers and systems"),
            _("Connect a marketing platform, or make an API key for your own server; Shopify Flow needs neither."),
            _("Open integrations"), link(request, "integrations"), facts.has_connection,
        ),
    ]  # fmt: skip
