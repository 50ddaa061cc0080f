"""What may happen to campaigns. A change counts for awards to come; awards already made keep what they recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from loyalty.campaigns.models import Campaign, CampaignModifier
from loyalty.errors import InvalidField, NotFound
from loyalty.programs.models import Program
from loyalty.public_ids import new_public_id

MAX_MULTIPLIER, MAX_EXTRA, MAX_BUDGET = Decimal(100), 1_000_000, 1_000_000_000_000
MAX_PRODUCTS, MAX_COLLECTIONS, MAX_TAGS, MAX_TAG = 250, 50, 50, 255


@dataclass(frozen=True, slots=True)
class Modifier:
    """What a campaign does to one rule: a multiplier (0–100, three places) and whole points on top (0–1,000,000)."""

    multiplier: Decimal = Decimal(1)
    extra_points: int = 0


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What a merchant decides about a campaign.

    Attributes:
        starts_at: Its first instant.
        ends_at: The first instant after it; None is open.
        modifiers: By the number of an earning rule.
        tier_ids: Tiers it is for, by number; none is everybody.
        customer_tags: Customer tags it is for, any of them; none is everybody.
        product_ids, collection_ids, product_tags: What it is for, by Shopify id and by tag: lines of orders that any of the
            three names. None at all is everything.
        budget_points: Whole points beyond the rules' own it may give in all; None is any number.
    """

    name: str
    starts_at: datetime
    modifiers: Mapping[int, Modifier]
    ends_at: datetime | None = None
    tier_ids: tuple[int, ...] = ()
    customer_tags: tuple[str, ...] = ()
    product_ids: tuple[int, ...] = ()
    collection_ids: tuple[int, ...] = ()
    product_tags: tuple[str, ...] = ()
    budget_points: int | None = None
    is_active: bool = True


@transaction.atomic
def create_campaign(*, program: Program, terms: CampaignTerms, now: datetime) -> Campaign:
    """Adds a campaign; it begins by itself.

    Raises:
        InvalidField: A term breaks a rule; the field is named.
    """
    _check(terms)
    campaign: Campaign = Campaign.objects.create(
        program=program, public_id=new_public_id("camp"), created_at=now, updated_at=now, **_columns(terms)
    )
    _set_modifiers(campaign, terms)
    return campaign


@transaction.atomic
def change_campaign(*, public_id: str, terms: CampaignTerms, now: datetime) -> Campaign:
    """Changes a campaign. What it has spent stays spent: its budget may not fall below that.

    Raises:
        NotFound: No such campaign.
        InvalidField: A term breaks a rule; the field is named.
    """
    campaign = _locked(public_id)
    _check(terms)
    if terms.budget_points is not None and terms.budget_points < campaign.spent_points:
        raise InvalidField(
            "budget_points",
            _("The campaign has given %(spent)s points already") % {"spent": f"{campaign.spent_points:,}"},
        )
    for column, value in _columns(terms).items():
        setattr(campaign, column, value)
    campaign.updated_at = now
    campaign.save()
    _set_modifiers(campaign, terms)
    return campaign


@transaction.atomic
def switch_campaign(*, public_id: str, on: bool, now: datetime) -> Campaign:
    """Turns a campaign on or off. Already so is no change.

    Raises:
        NotFound: No such campaign.
    """
    campaign = _locked(public_id)
    if campaign.is_active != on:
        campaign.is_active, campaign.updated_at = on, now
        campaign.save()
    return campaign


def _locked(public_id: str) -> Campaign:
    campaign: Campaign | None = Campaign.objects.select_for_update().filter(public_id=public_id).first()
    if campaign is None:
        raise NotFound(_("Campaign '%(public_id)s' not found") % {"public_id": public_id})
    return campaign


def _set_modifiers(campaign: Campaign, terms: CampaignTerms) -> None:
    campaign.modifiers.all().delete()
    CampaignModifier.objects.bulk_create(
        CampaignModifier(
            program_id=campaign.program_id, campaign=campaign, earning_rule_id=rule_id,
            multiplier=modifier.multiplier, extra_points=modifier.extra_points,
        )
        for rule_id, modifier in terms.modifiers.items()
    )  # fmt: skip


def _columns(terms: CampaignTerms) -> dict[str, object]:
    return {
        "name": terms.name.strip(),
        "is_active": terms.is_active,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "tier_ids": list(terms.tier_ids),
        "customer_tags": _tags(terms.customer_tags),
        "product_ids": list(terms.product_ids),
        "collection_ids": list(terms.collection_ids),
        "product_tags": _tags(terms.product_tags),
        "budget_points": terms.budget_points,
    }


def _tags(given: Iterable[str]) -> list[str]:
    return [tag.strip() for tag in given if tag.strip()]


def _check(terms: CampaignTerms) -> None:
    if not terms.name.strip():
        raise InvalidField("name", _("Give the campaign a name"))
    if terms.ends_at is not None and terms.ends_at <= terms.starts_at:
        raise InvalidField("ends_at", _("The campaign must end after it starts"))
    if not terms.modifiers:
        raise InvalidField("modifiers", _("Choose at least one earning rule"))
    for field, most in (("product_ids", MAX_PRODUCTS), ("collection_ids", MAX_COLLECTIONS)):
        if len(getattr(terms, field)) > most:
            raise InvalidField(field, _("Name at most %(most)s") % {"most": most})
    for field in ("customer_tags", "product_tags"):
        if len(tags := _tags(getattr(terms, field))) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
            raise InvalidField(
                field,
                _("Name at most %(most)s tags of up to %(MAX_TAG)s characters")
                % {"most": MAX_TAGS, "MAX_TAG": MAX_TAG},
            )
    for modifier in terms.modifiers.values():
        if not 0 <= modifier.multiplier <= MAX_MULTIPLIER or modifier.multiplier != round(modifier.multiplier, 3):
            raise InvalidField(
                "multiplier",
                _("A multiplier is between 0 and %(most)s, with three places at most") % {"most": MAX_MULTIPLIER},
            )
        if not 0 <= modifier.extra_points <= MAX_EXTRA:
            raise InvalidField(
                "extra_points", _("Extra points are between 0 and %(most)s") % {"most": f"{MAX_EXTRA:,}"}
            )
    if terms.budget_points is not None and not 1 <= terms.budget_points <= MAX_BUDGET:
        raise InvalidField(
            "budget_points",
            _("A budget is between 1 and %(most)s points; leave it empty for none") % {"most": f"{MAX_BUDGET:,}"},
        )
