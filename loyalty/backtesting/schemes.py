"""The two sides of a back-test: what earns today, and that with a draft in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from loyalty.backtesting.cases import Earning, Rung, Scheme
from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.models import Campaign
from loyalty.campaigns.operations import CampaignTerms, Modifier
from loyalty.earning import queries as earning
from loyalty.earning.evaluation import CampaignFacts, ProgramFacts, RuleFacts
from loyalty.earning.kinds import KINDS
from loyalty.earning.kinds.fields import clean_options
from loyalty.earning.models import EarningRule
from loyalty.earning.operations import RuleTerms
from loyalty.programs.models import Program
from loyalty.tiers import queries as tiers

ACTION = "place_order"
NEW = 2**62
"""The number of what does not exist yet: it comes after all that does, as it will once it is saved."""
Modifiers = Mapping[int, Sequence[CampaignFacts]]
"""The campaigns that change a rule, by the rule's number."""


def today_of(*, program: Program, modifiers: Modifiers) -> Scheme:
    """Returns what earns on orders as the programme in scope stands: its rules that are on, and its ladder.

    Whether it is switched off, tried out, or on since a certain day is not asked: the question is what these terms cost.
    """
    rules = earning.rules().filter(action=ACTION, is_active=True).order_by("pk")
    return Scheme(
        earnings=tuple(Earning(_facts(rule), tuple(modifiers.get(rule.pk, ()))) for rule in rules),
        tiers={tier.pk: Rung(tier.name, tier.multiplier) for tier in tiers.ladder()},
        program=ProgramFacts(
            is_enabled=True, tiers_multiply_everything=program.tier_multiplier_scope == "all", restricted_to=None
        ),
    )


def campaigns_of_today(*, besides: str | None = None) -> list[Campaign]:
    """Returns the campaigns that are on, with what they change.

    Args:
        besides: The public id of one to leave out.
    """
    return [each for each in campaigns.campaigns().filter(is_active=True) if each.public_id != besides]


def modifiers_of(found: Iterable[Campaign]) -> dict[int, list[CampaignFacts]]:
    """Returns what stored campaigns change, by rule. A budget counts as a whole: it is drawn on by the orders looked at."""
    by_rule: dict[int, list[CampaignFacts]] = {}
    for campaign in found:
        terms = terms_of(campaign)
        for rule_id, facts in facts_of_terms(terms, campaign_id=campaign.pk, ran=(terms.starts_at, terms.ends_at)):
            by_rule.setdefault(rule_id, []).append(facts)
    return by_rule


def terms_of(campaign: Campaign) -> CampaignTerms:
    """Returns the terms of a stored campaign that decide what orders earn."""
    return CampaignTerms(
        name=campaign.name, starts_at=campaign.starts_at, ends_at=campaign.ends_at,
        modifiers={
            each.earning_rule_id: Modifier(each.multiplier, each.extra_points) for each in campaign.modifiers.all()
        },
        tier_ids=tuple(campaign.tier_ids), customer_tags=tuple(campaign.customer_tags),
        product_ids=tuple(campaign.product_ids), collection_ids=tuple(campaign.collection_ids),
        product_tags=tuple(campaign.product_tags), budget_points=campaign.budget_points, is_active=campaign.is_active,
    )  # fmt: skip


def facts_of_terms(
    terms: CampaignTerms, *, campaign_id: int, ran: tuple[datetime, datetime | None]
) -> Iterator[tuple[int, CampaignFacts]]:
    """Yields what a campaign changes, as evaluation takes it, with the number of each rule.

    Args:
        ran: The half-open time it is to have run in.
    """
    for rule_id, modifier in terms.modifiers.items():
        yield rule_id, CampaignFacts(
            id=campaign_id, name=terms.name, multiplier=modifier.multiplier, starts_at=ran[0], ends_at=ran[1],
            extra_points=modifier.extra_points, tier_ids=frozenset(terms.tier_ids), tags=_tags(terms.customer_tags),
            product_ids=frozenset(terms.product_ids), collection_ids=frozenset(terms.collection_ids),
            product_tags=_tags(terms.product_tags), budget=terms.budget_points,
        )  # fmt: skip


def draft_rule(*, terms: RuleTerms, public_id: str | None, modifiers: Modifiers) -> Earning:
    """Returns a rule for orders as a form has it, with the campaigns that change the stored one.

    Args:
        public_id: The stored rule it changes; None is a new one, which no campaign knows.

    Raises:
        InvalidField: An option breaks a rule.
        RuleNotFound: There is no such rule.
    """
    number = earning.rule(public_id=public_id).pk if public_id is not None else NEW
    facts = RuleFacts(
        id=number, public_id=public_id or "", name=terms.name, version=0, action=ACTION, category=KINDS[ACTION].category,
        points=terms.points, approval_days=terms.approval_days, frequency=terms.frequency, limit=terms.limit,
        options=clean_options(KINDS[ACTION].fields, terms.options),
    )  # fmt: skip
    return Earning(facts, tuple(modifiers.get(number, ())))


def _facts(rule: EarningRule) -> RuleFacts:
    return RuleFacts(
        id=rule.pk, public_id=rule.public_id, name=rule.name, version=rule.version, action=rule.action,
        category=rule.category, points=rule.points, approval_days=rule.approval_days, frequency=rule.frequency,
        limit=rule.limit, options=rule.options,
    )  # fmt: skip


def _tags(given: Iterable[str]) -> frozenset[str]:
    return frozenset(tag.strip() for tag in given if tag.strip())
