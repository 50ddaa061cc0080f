"""What the tests of back-tests share: asking for one, and a rule for orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from loyalty.backtesting.queries import of_campaign, of_rule
from loyalty.campaigns.operations import CampaignTerms, Modifier
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms
from tests.a_shop import NOW, AShop
from tests.operations.loyalty.test_worked_examples import LONG_AGO

DAY = timedelta(days=1)
LATER = NOW + timedelta(hours=1)
"""When the back-tests are asked for."""


def rule_test(shop: AShop, points: int = 5, *, public_id: str | None = None, days: int = 90, **more: Any):
    terms = RuleTerms(name="Order", points=points, frequency="unlimited", **more)
    return of_rule(program=shop.program, terms=terms, public_id=public_id, days=days, now=LATER)


def campaign_test(shop: AShop, modifiers: dict[int, Modifier], *, public_id: str | None = None, **more: Any):
    usual = {"name": "Double", "starts_at": NOW - 30 * DAY}
    terms = CampaignTerms(modifiers=modifiers, **{**usual, **more})
    return of_campaign(program=shop.program, terms=terms, public_id=public_id, days=90, now=LATER)


def purchase_rule(shop: AShop, points: int = 5, **terms: Any):
    return shop.rule("place_order", points, now=LONG_AGO, frequency="unlimited", **terms)


def shop_rule(shop: AShop):
    return EarningRule.objects.order_by("pk").first()
