"""What needs a decision: how many of each, with the list that has exactly these.

Points in their approval time come last: they may be decided about, and nothing goes wrong if nobody does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import ngettext

from loyalty.deliveries.families import CODES, FRIENDS
from loyalty.outbox.models import Delivery
from shopify_app.dashboard.access import AdminRequest
from shopify_app.dashboard.home_facts import Facts
from shopify_app.dashboard.pages import link
from shopify_app.dashboard.reading import number
from shopify_app.dashboard.referral_filters import HELD


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits, in words, and its list."""

    words: str
    icon: str
    url: str


def waiting_of(request: AdminRequest, facts: Facts, *, since: date) -> list[Waiting]:
    """Returns what waits for the merchant, the most urgent first; kinds of which there is none are left out.

    Args:
        since: The first day of the failures that are counted.
    """

    def sent(**asked: str) -> str:
        return f"{link(request, 'deliveries')}?{urlencode(asked)}"

    unclear, failed, day = str(Delivery.State.UNKNOWN), str(Delivery.State.DEAD), since.isoformat()
    kinds = [
        (facts.held, _held(facts.held), "person-add", f"{link(request, 'referrals')}?{urlencode({'state': HELD})}"),
        (facts.unclear_codes, _unclear_codes(facts.unclear_codes), "discount", sent(to=CODES, state=unclear)),
        (facts.unclear, _unclear(facts.unclear), "info", sent(state=unclear)),
        (facts.failed_codes, _failed_codes(facts.failed_codes), "discount",
         sent(to=CODES, state=failed, **{"from": day})),
        (facts.failed_friends, _failed_friends(facts.failed_friends), "discount",
         sent(to=FRIENDS, state=failed, **{"from": day})),
        (facts.failed, _failed(facts.failed), "alert-triangle", sent(state=failed, **{"from": day})),
        (facts.pending, _pending(facts.pending), "clock", link(request, "approvals")),
    ]  # fmt: skip
    return [Waiting(words, icon, url) for figure, words, icon, url in kinds if figure]


def _held(figure: int) -> str:
    return ngettext(
        "%(number)s referral looks suspicious and gives nothing until you decide",
        "%(number)s referrals look suspicious and give nothing until you decide",
        figure,
    ) % {"number": number(figure)}


def _unclear_codes(figure: int) -> str:
    return ngettext(
        "%(number)s store credit may or may not have been given",
        "%(number)s store credits may or may not have been given",
        figure,
    ) % {"number": number(figure)}


def _unclear(figure: int) -> str:
    return ngettext(
        "%(number)s delivery may or may not have arrived",
        "%(number)s deliveries may or may not have arrived",
        figure,
    ) % {"number": number(figure)}


def _failed_codes(figure: int) -> str:
    return ngettext(
        "%(number)s code could not be made in the last 30 days",
        "%(number)s codes could not be made in the last 30 days",
        figure,
    ) % {"number": number(figure)}


def _failed_friends(figure: int) -> str:
    return ngettext(
        "%(number)s friend's code could not be made in the last 30 days",
        "%(number)s friends' codes could not be made in the last 30 days",
        figure,
    ) % {"number": number(figure)}


def _failed(figure: int) -> str:
    return ngettext(
        "%(number)s delivery failed in the last 30 days",
        "%(number)s deliveries failed in the last 30 days",
        figure,
    ) % {"number": number(figure)}


def _pending(figure: int) -> str:
    return ngettext(
        "%(number)s award waits for approval, and is approved by itself when its time comes",
        "%(number)s awards wait for approval, and are approved by themselves when their time comes",
        figure,
    ) % {"number": number(figure)}
