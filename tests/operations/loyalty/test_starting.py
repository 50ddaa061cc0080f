"""Starting from a template: whole or not at all, once, and beside what is there already."""

from decimal import Decimal

import pytest

from loyalty.earning.models import EarningRule
from loyalty.errors import InvalidField
from loyalty.programs.models import Program
from loyalty.rewards.models import Reward
from loyalty.starting.operations import Started, TemplateNotFound, start_programme
from loyalty.starting.templates import TEMPLATES
from loyalty.tiers.models import Tier
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    made = AShop.new(currency="EUR")
    with made.scope():
        yield made


def started(shop, template="coffee", *, is_active=True) -> Started:
    return start_programme(program_id=shop.program.pk, template=template, is_active=is_active, now=NOW)


def everything(shop) -> dict:
    """What there is, by name, with the state of each."""
    return {
        "rules": sorted(EarningRule.objects.existing().values_list("action", "points", "is_active", "version")),
        "rewards": sorted(Reward.objects.existing().values_list("name", "points_cost", "is_active", "version")),
        "tiers": sorted(Tier.objects.values_list("threshold", "name", "multiplier")),
        "program": Program.objects.filter(pk=shop.program.pk).values("point_name", "points_name", "tier_entry").get(),
    }


class TestIntoAnEmptyProgramme:
    def test_everything_is_made_and_switched_on(self, shop):
        assert started(shop) == Started(("place_order", "signup", "birthday", "newsletter_signup"), True, 3, True)
        assert everything(shop) == {
            "rules": [
                ("birthday", 300, True, 1), ("newsletter_signup", 50, True, 1), ("place_order", 10, True, 1),
                ("signup", 100, True, 1),
            ],
            "rewards": [("5 EUR off your next order", 1000, True, 1)],
            "tiers": [(0, "Guest", Decimal(1)), (5, "Regular", Decimal("1.25")), (12, "Connoisseur", Decimal("1.5"))],
            "program": {"point_name": "bean", "points_name": "beans", "tier_entry": "purchases"},
        }  # fmt: skip

    @pytest.mark.parametrize("template", TEMPLATES)
    @pytest.mark.parametrize("currency", ["USD", "JPY", "KWD", "VND"])
    def test_each_can_be_made_in_each_currency(self, template, currency):
        shop = AShop.new(currency=currency)
        with shop.scope():
            assert started(shop, template).tiers == 3

    def test_a_second_time_makes_nothing(self, shop):
        started(shop)
        before = everything(shop), shop.rows()
        assert started(shop).is_nothing
        assert (everything(shop), shop.rows()) == before

    def test_drafts_do_nothing(self, shop):
        assert started(shop, is_active=False).tiers == 0
        found = everything(shop)
        assert {row[2] for row in found["rules"] + found["rewards"]} == {False}
        assert found["tiers"] == []
        assert found["program"]["points_name"] == ""


class TestBesideWhatIsThere:
    def test_what_is_there_is_left_alone(self, shop):
        rule = shop.rule("place_order", 3)
        reward = shop.reward(70, name="Mug")
        shop.tier("Friend", 0)
        shop.set(point_name="leaf", points_name="leaves")
        assert started(shop) == Started(("signup", "birthday", "newsletter_signup"), False, 0, False)
        assert EarningRule.objects.get(action="place_order") == rule
        assert EarningRule.objects.get(action="place_order").points == 3
        assert list(Reward.objects.all()) == [reward]
        assert list(Tier.objects.values_list("name", flat=True)) == ["Friend"]
        assert everything(shop)["program"]["points_name"] == "leaves"

    def test_a_draft_that_is_there_stays_a_draft(self, shop):
        started(shop, is_active=False)
        assert started(shop) == Started((), False, 3, True)
        assert {row[2] for row in everything(shop)["rules"]} == {False}

    def test_what_was_deleted_is_made_again(self, shop):
        started(shop)
        EarningRule.objects.filter(action="signup").update(deleted_at=NOW)
        assert started(shop) == Started(("signup",), False, 0, False)


class TestNothingHalfMade:
    def test_an_unknown_template_changes_nothing(self, shop):
        before = shop.rows()
        with pytest.raises(TemplateNotFound):
            started(shop, "bakery")
        assert shop.rows() == before

    def test_a_refusal_at_the_end_undoes_the_beginning(self, shop):
        shop.set(tier_multiplier_scope="unknown")  # which the ladder refuses, after rules and reward are made
        before = shop.rows()
        with pytest.raises(InvalidField):
            started(shop)
        assert shop.rows() == before
        assert not EarningRule.objects.exists()
