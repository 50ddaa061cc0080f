"""What saving changes is said beforehand, on the typed values, with the figures of this shop; and saying it saves nothing."""

from decimal import Decimal

import pytest
from django.test import Client

from loyalty.campaigns.operations import CampaignTerms, Modifier, create_campaign
from loyalty.programs.models import Program
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop
from tests.operations.shopify_app.test_settings_page import AS_IT_IS

pytestmark = pytest.mark.django_db
ORDERS = {
    "name": "Orders",
    "points": "3",
    "approval_days": "0",
    "is_active": "on",
    "option_per": "currency_unit",
    "option_when": "paid",
}
LADDER = {
    "entry": "points", "period": "lifetime", "grace_days": "0", "name_0": "Bronze", "multiplier_0": "1", "name_1": "Gold",
    "threshold_1": "200", "multiplier_1": "1.5", "entry_points_1": "0", "entry_reward_1": "", "name_2": "", "threshold_2": "",
    "multiplier_2": "", "entry_points_2": "", "entry_reward_2": "",
}  # fmt: skip
REWARD = {
    "name": "Reward", "discount_type": "fixed_amount", "redemption_type": "fixed", "amount": "5", "points_cost": "100",
    "is_active": "on", "applies_to": "all", "purchase_type": "one_time", "limit_period": "month",
}  # fmt: skip


@pytest.fixture
def shop():
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        for number, points in enumerate((50, 150, 250)):
            made.member(7001 + number, points=points)
        yield made


@pytest.fixture
def ask(shop):
    client = Client()
    client.login(username="ada", password="ada")

    def asked(path: str, fields: dict) -> str:
        before = shop.rows(), Program.objects.filter(pk=shop.program.pk).values().get()
        answer = client.post(f"/standalone/{path}/consequence", fields)
        assert answer.status_code == 200, answer.content.decode()
        assert (shop.rows(), Program.objects.filter(pk=shop.program.pk).values().get()) == before
        return " ".join(answer.content.decode().split())

    return asked


class TestARule:
    def test_that_is_new_says_for_how_many_and_what_an_order_gives(self, ask):
        said = ask("earning-rules/new/place_order", ORDERS)
        assert "It concerns 3 members from now on." in said
        assert "An order of 49.90 USD gives 149 points (149.7, rounded down once)." in said

    def test_that_is_changed_names_the_change_and_what_stays(self, shop, ask):
        rule = shop.action(points=100)
        shop.award("k1", customer=7001)
        form = {
            "name": rule.name,
            "action_key": "app_install",
            "frequency": rule.frequency,
            "option_most_points": "1000",
            "approval_days": "0",
            "is_active": "on",
        }
        said = ask(f"earning-rules/{rule.public_id}", {**form, "points": "120"})
        assert "Points: 100 → 120" in said
        assert "1 award of 1 member stays as it is." in said
        assert "Nothing is different" in ask(f"earning-rules/{rule.public_id}", {**form, "points": "100"})

    def test_that_is_wrong_says_only_that(self, ask):
        said = ask("earning-rules/new/place_order", {**ORDERS, "points": "many"})
        assert "Some fields need another look" in said
        assert "gives" not in said


class TestAReward:
    def test_says_who_has_the_points_for_it(self, shop, ask):
        assert "2 members have the points for it today." in ask("rewards/new", REWARD)
        reward = shop.reward(100)
        said = ask(f"rewards/{reward.public_id}", {**REWARD, "name": reward.name, "points_cost": "200"})
        assert "Cost: 100 → 200" in said
        assert "1 member has the points for it; at 100 points it was 2." in said


class TestTheLadder:
    def test_says_who_would_move_and_what_an_order_gives_on_each_tier(self, shop, ask):
        shop.tier("Bronze", 0)
        shop.tier("Gold", 200, "1.5")
        shop.rule("place_order", 3, frequency="unlimited")
        said = ask("vip-tiers", {**LADDER, "multiplier_1": "2"})
        assert "Gold: Multiplies points by: 1.5 → 2" in said
        assert "would move" in said
        assert "Gold: An order of 49.90 USD gives 299 points" in said


class TestACampaign:
    def test_says_for_how_many_and_what_an_order_gives(self, shop, ask):
        rule = shop.rule("place_order", 3, frequency="unlimited")
        terms = CampaignTerms(name="Double", starts_at=NOW, modifiers={rule.pk: Modifier(Decimal(2))})
        campaign = create_campaign(program=shop.program, terms=terms, now=NOW)
        form = {"name": "Double", "starts_on": "2026-03-01", "is_active": "on", f"multiplier_{rule.pk}": "3"}
        said = ask(f"campaigns/{campaign.public_id}", form)
        assert f"{rule.name}: times: 2 → 3" in said
        assert "gives 449 points" in said
        assert "It is for 3 members." in ask("campaigns/new", form)


class TestSettings:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"is_enabled": ""}, "Nobody earns or redeems any more."),
            ({"points_expiry_enabled": "on"}, "450 points of 3 members keep the end they have"),
            ({"refund_policy": "debt"}, "refunds and cancellations that are told from now on"),
            ({"code_prefix": "CUP-"}, "codes already issued stay as they are"),
            ({"point_name": "bean", "points_name": "beans"}, "Customers read it in your theme"),
            ({"excluded_tags": "staff"}, "0 members carry one of these tags"),
            ({"birthday_notice_days": "3"}, "It concerns 3 members"),
        ],
    )
    def test_says_what_its_field_means(self, ask, changes, words):
        assert words in ask("settings", {**AS_IT_IS, **changes})

    def test_shows_what_the_multipliers_would_be_of(self, shop, ask):
        shop.tier("Bronze", 0)
        shop.tier("Gold", 200, "1.5")
        rule = shop.action(points=100)
        assert f"Gold: “{rule.name}” gives 150 points." in ask("settings", AS_IT_IS)
        said = ask("settings", {**AS_IT_IS, "tier_multiplier_scope": "purchases"})
        assert f"Gold: “{rule.name}” gives 100 points." in said

    def test_says_nothing_where_nothing_is_changed(self, ask):
        assert "Nothing is different from what is saved." in ask("settings", AS_IT_IS)


class TestSwitching:
    """On and off have a sentence of their own, and no other with it."""

    def switched(self, ask, path: str, form: dict) -> tuple[str, str]:
        return ask(path, {**form, "is_active": "on"}), ask(path, {**form, "is_active": ""})

    def test_a_rule(self, shop, ask):
        rule = shop.rule("place_order", 3, frequency="unlimited", is_active=False)
        on, off = self.switched(ask, f"earning-rules/{rule.public_id}", {**ORDERS, "name": rule.name})
        assert "It gives points from now on" in on
        assert "Nothing is different" in off
        assert "It is added switched off" in self.switched(ask, "earning-rules/new/place_order", ORDERS)[1]

    def test_a_reward(self, shop, ask):
        reward = shop.reward(100)
        path = f"rewards/{reward.public_id}"
        off = self.switched(ask, path, {**REWARD, "name": reward.name})[1]
        assert "Nobody can have it from now on; codes that are out keep working." in off
        assert "It counts for the next purchase" not in off

    def test_a_campaign(self, shop, ask):
        rule = shop.rule("place_order", 3, frequency="unlimited")
        terms = CampaignTerms(name="Double", starts_at=NOW, modifiers={rule.pk: Modifier(Decimal(2))})
        campaign = create_campaign(program=shop.program, terms=terms, now=NOW)
        form = {"name": "Double", "starts_on": "2026-03-01", f"multiplier_{rule.pk}": "2"}
        on, off = self.switched(ask, f"campaigns/{campaign.public_id}", form)
        assert "It gives nothing more from now on; points already earned stay." in off
        assert "Nothing is different" in on
