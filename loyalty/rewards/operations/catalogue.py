"""What may happen to rewards: merchants make them, change them and switch them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from loyalty.ordering import moved
from loyalty.programs.models import Program
from loyalty.programs.operations import tell_of_change
from loyalty.public_ids import new_public_id
from loyalty.rewards.errors import RewardInUse, RewardNotFound
from loyalty.rewards.models import Reward
from loyalty.rewards.terms import WITH_AMOUNT, RewardTerms, check


@transaction.atomic
def create_reward(*, program: Program, terms: RewardTerms, now: datetime) -> Reward:
    """Adds a reward.

    Raises:
        InvalidField: A term breaks a rule; the field is named.
    """
    check(terms, program.currency)
    reward: Reward = Reward.objects.create(
        program=program, public_id=new_public_id("reward"), position=_last() + 1, created_at=now, updated_at=now,
        **_columns(terms),
    )  # fmt: skip
    tell_of_change(program_id=program.pk, of="rewards", now=now)
    return reward


@transaction.atomic
def change_reward(*, public_id: str, terms: RewardTerms, now: datetime) -> Reward:
    """Changes a reward for codes to come.

    Raises:
        RewardNotFound: No such reward.
        InvalidField: A term breaks a rule; the field is named.
    """
    reward = _locked(public_id)
    check(terms, Program.objects.get(pk=reward.program_id).currency)
    for column, value in _columns(terms).items():
        setattr(reward, column, value)
    reward.version += 1
    reward.updated_at = now
    reward.save()
    tell_of_change(program_id=reward.program_id, of="rewards", now=now)
    return reward


@transaction.atomic
def switch_reward(*, public_id: str, on: bool, now: datetime) -> Reward:
    """Turns a reward on or off; codes already issued keep working. Already so is no change.

    Raises:
        RewardNotFound: No such reward.
    """
    reward = _locked(public_id)
    if reward.is_active != on:
        reward.is_active, reward.updated_at = on, now
        reward.version += 1
        reward.save()
        tell_of_change(program_id=reward.program_id, of="rewards", now=now)
    return reward


@transaction.atomic
def move_reward(*, public_id: str, up: bool, now: datetime) -> None:
    """Moves a reward one place up or down among the rewards; at the end of the way nothing changes.

    Raises:
        RewardNotFound: No such reward.
    """
    locked = Reward.objects.existing().select_for_update().order_by("pk")  # in one order, whoever moves what
    found = sorted(locked, key=lambda each: (each.position, each.pk))
    reward = next((each for each in found if each.public_id == public_id), None)
    if reward is None:
        raise RewardNotFound(public_id)
    before = [each.pk for each in found]
    order = moved(before, reward.pk, up=up)
    if order == before:
        return
    for each in found:
        each.position = order.index(each.pk) + 1
    Reward.objects.bulk_update(found, ["position"])
    tell_of_change(program_id=reward.program_id, of="rewards", now=now)


@transaction.atomic
def delete_reward(*, public_id: str, now: datetime) -> None:
    """Removes a reward from every list; what was bought stays.

    Raises:
        RewardNotFound: No such reward.
        RewardInUse: A tier gives it.
    """
    reward = _locked(public_id)
    if tiers := list(reward.given_by_tiers.values_list("tier__name", flat=True)):
        raise RewardInUse(tiers)
    reward.is_active, reward.deleted_at, reward.updated_at = False, now, now
    reward.save()
    tell_of_change(program_id=reward.program_id, of="rewards", now=now)


def _last() -> int:
    """The last place among the rewards."""
    return int(Reward.objects.existing().aggregate(last=Max("position"))["last"] or 0)


def _locked(public_id: str) -> Reward:
    reward: Reward | None = Reward.objects.existing().select_for_update().filter(public_id=public_id).first()
    if reward is None:
        raise RewardNotFound(public_id)
    return reward


def _columns(terms: RewardTerms) -> dict[str, object]:
    """The columns of a reward; what does not belong to its kind is left empty, whatever the form still held."""
    kinds = Reward.DiscountType
    kind, flexible = terms.discount_type, terms.is_flexible
    has_amount = kind in (*WITH_AMOUNT, kinds.PERCENTAGE) and not flexible
    is_code = kind != kinds.STORE_CREDIT
    free_product, free_shipping = kind == kinds.FREE_PRODUCT, kind == kinds.FREE_SHIPPING
    all_items = terms.applies_to == Reward.AppliesTo.ALL or not is_code
    return {
        "name": terms.name.strip(),
        "description": terms.description or None,
        "discount_type": kind,
        "reward_type": Reward.RewardType.TIER if terms.tier else Reward.RewardType.DISCOUNT,
        "points_cost": terms.points_cost,
        "discount_amount": terms.discount_amount if has_amount else None,
        "redemption_type": terms.redemption_type,
        "amount_per_point": terms.amount_per_point if flexible else None,
        "max_points": terms.max_points if flexible else None,
        "maximum_shipping": terms.maximum_shipping if free_shipping else None,
        "countries": sorted(set(terms.countries)) if free_shipping else [],
        "rest_of_world": free_shipping and terms.rest_of_world,
        "variant_gids": list(dict.fromkeys(terms.variant_gids)) if free_product else [],
        "quantity": terms.quantity if free_product else None,
        "minimum_spend": (terms.minimum_spend or None) if is_code else None,
        "applies_to": Reward.AppliesTo.ALL if all_items else terms.applies_to,
        "applies_to_gids": [] if all_items else list(dict.fromkeys(terms.applies_to_gids)),
        "purchase_type": terms.purchase_type if is_code else Reward.PurchaseType.ONE_TIME,
        "combines_with_product": is_code and terms.combines_with_product,
        "combines_with_order": is_code and terms.combines_with_order,
        "combines_with_shipping": is_code and terms.combines_with_shipping,
        "max_redemptions": terms.max_redemptions,
        "total_limit": terms.total_limit,
        "period_limit": terms.period_limit,
        "limit_period": terms.limit_period if terms.period_limit else "",
        "expiry_days": terms.expiry_days,
        "reactivates_on_refund": is_code and terms.reactivates_on_refund,
        "tier": terms.tier,
        "tier_and_above": terms.tier_and_above,
        "starts_at": terms.starts_at,
        "ends_at": terms.ends_at,
        "is_active": terms.is_active,
    }
