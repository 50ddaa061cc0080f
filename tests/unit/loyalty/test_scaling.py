"""A template's numbers in a shop's currency: a point stays worth the same share of an order, whatever a unit buys."""

import pytest

from loyalty.starting.scaling import UNITS_PER_DOLLAR, rounded, scale_for
from loyalty.starting.templates import TEMPLATES

CURRENCIES = ["USD", "EUR", *sorted(UNITS_PER_DOLLAR)]


def given_back(currency: str, template) -> float:
    """The share of an order that its points buy."""
    scale = scale_for(currency, per_unit=template.per_unit)
    return scale.per_unit * scale.amount(template.reward_amount) / scale.reward(template.reward_cost)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_points_give_back_three_to_seven_per_cent_in_every_currency(currency, template):
    assert 0.028 <= given_back(currency, template) <= 0.07


def test_a_dollar_shop_has_the_templates_own_numbers():
    scale = scale_for("USD", per_unit=5)
    assert (scale.per_unit, scale.amount(10), scale.reward(1000), scale.reward(250)) == (5, 10, 1000, 250)


def test_a_yen_shop_gives_a_point_per_yen_and_larger_numbers():
    scale = scale_for("JPY", per_unit=5)
    assert (scale.per_unit, scale.amount(10), scale.reward(1000)) == (1, 1000, 20_000)


@pytest.mark.parametrize(("figure", "read"), [(0.2, 1), (7, 7), (99, 99), (250, 250), (1562, 1600), (123_456, 120_000)])
def test_numbers_have_two_digits_that_say_something(figure, read):
    assert rounded(figure) == read


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_has_three_tiers_from_zero_upwards(template):
    thresholds = [step.threshold for step in template.tiers]
    assert thresholds[0] == 0 < thresholds[1] < thresholds[2]
    assert [step.multiplier for step in template.tiers] == sorted(step.multiplier for step in template.tiers)
    assert template.signup < template.reward_cost
