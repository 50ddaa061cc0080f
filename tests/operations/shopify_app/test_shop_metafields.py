"""A theme reads the programme off the shop: complete, in the documented shape, soon after a change and once for many."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # ships no types

from loyalty.earning.operations import change_rule, delete_rule, switch_rule
from loyalty.earning.operations.rules import RuleTerms
from loyalty.outbox import relay
from loyalty.outbox.models import Delivery
from loyalty.outbox.operations import send_again
from loyalty.outbox.ports import Done, Retry, Skipped
from loyalty.programs.operations import Settings, change_settings
from loyalty.rewards.operations import RewardTerms, change_reward, delete_reward, switch_reward
from loyalty.tiers.models import Tier
from loyalty.tiers.operations import Ladder, TierTerms, change_ladder, delete_tier
from shopify_app.metafields.adapter import ShopMetafields
from shopify_app.shops.operations import uninstall
from tests.a_shop import AShop
from tests.shop_marks import MarkedShop

pytestmark = pytest.mark.django_db
SHOP = "shopify:shop-metafield"


def closed(**properties):
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def several(**properties):
    return {"type": "array", "items": closed(**properties)}


TEXT, FLAG, WHOLE, NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}, {"type": "number"}
TEXT_OR_NULL, NUMBER_OR_NULL = {"type": ["string", "null"]}, {"type": ["number", "null"]}
KIND = {"enum": ["fixed", "percentage", "free-shipping", "free-product", "store-credit"]}
SHAPE = closed(
    points_program=closed(
        enabled=FLAG,
        ways_to_earn=several(
            name=TEXT, description=TEXT_OR_NULL, points=WHOLE, type=TEXT, category=TEXT, is_active=FLAG,
            customer_facing_label=TEXT_OR_NULL, call_to_action_url=TEXT_OR_NULL,
        ),
        points_rewards=several(
            name=TEXT, points_cost=WHOLE, discount_type=KIND, discount_amount=NUMBER_OR_NULL,
            minimum_spend=NUMBER_OR_NULL, is_active=FLAG,
        ),
        points_expiry_enabled=FLAG,
        points_expiry_days={"type": ["integer", "null"]},
    ),
    vip_program=closed(
        enabled=FLAG,
        multiplier_mode={"enum": ["multiplier", None]},
        tiers=several(
            name=TEXT, points_required=WHOLE, multiplier=NUMBER, badge_color=TEXT_OR_NULL, badge_image_url=TEXT_OR_NULL,
            description=TEXT_OR_NULL,
        ),
    ),
    referral_program=closed(
        enabled=FLAG,
        referral_rewards=several(
            name=TEXT, discount_type={"enum": [*KIND["enum"], "points"]},
            reward_type={"enum": ["referred_customer", "referring_customer"]},
        ),
        social_settings=closed(twitter=FLAG, facebook=FLAG, email=FLAG, whatsapp=FLAG),
        customer_account_required=FLAG,
    ),
)  # fmt: skip


@pytest.fixture
def shop(db, sandbox):
    made = MarkedShop.opened(sandbox, 7001)
    with made.scope():
        made.work_off()  # the shop shows an empty programme since it was installed
        yield made


def shown(shop, name="$app.loyalty"):
    found = shop.metafields("Shop")
    return json.loads(found[name]) if name in found else None


def settings_of(program, **changes):
    return Settings(**{name: getattr(program, name) for name in Settings.__slots__} | changes)


def put(shop, **changes):
    change_settings(program_id=shop.program.pk, settings=settings_of(shop.program, **changes), now=timezone.now())


def set_up(shop):
    """Something of everything, and of what is not for customers' eyes."""
    shop.rule("place_order", 2, description="Two per dollar", customer_facing_label="Shop")
    shop.rule("follow_on_instagram", 50, call_to_action_url="https://example.com/us", is_active=False)
    shop.action("secret", is_hidden_on_storefront=True)
    shop.rule("referral", 400, options={"friend_gets": "fixed_amount", "friend_amount": "5", "needs_account": True})
    shop.reward(500, minimum_spend=Decimal(20))
    shop.reward(300, name="Ship it", discount_type="free_shipping", discount_amount=None)
    shop.reward(0, name="Only given")
    shop.tier("Member", 0), shop.tier("Gold", 500, "1.5")


class TestTheProgramme:
    def test_is_shown_from_the_installation_on(self, shop):
        assert shown(shop)["points_program"]["ways_to_earn"] == []
        assert shown(shop)["vip_program"] == {"enabled": False, "multiplier_mode": None, "tiers": []}

    def test_is_shown_whole_in_the_documented_shape(self, shop):
        Draft202012Validator(SHAPE).validate(shown(shop))
        set_up(shop)
        shop.work_off()
        offer = shown(shop)
        Draft202012Validator(SHAPE).validate(offer)
        points, tiers, referrals = offer["points_program"], offer["vip_program"], offer["referral_program"]
        assert [(each["type"], each["category"], each["points"]) for each in points["ways_to_earn"]] == [
            ("place_order", "purchase", 2), ("follow_on_instagram", "social", 50), ("referral", "referral", 400),
        ]  # fmt: skip
        assert [(each["name"], each["discount_type"]) for each in points["points_rewards"]] == [
            ("$5 off", "fixed"), ("Ship it", "free-shipping"),
        ]  # fmt: skip
        assert (points["points_rewards"][0]["discount_amount"], points["points_rewards"][0]["minimum_spend"]) == (5, 20)
        assert [(each["name"], each["points_required"], each["multiplier"]) for each in tiers["tiers"]] == [
            ("Member", 0, 1), ("Gold", 500, 1.5),
        ]  # fmt: skip
        assert (tiers["enabled"], tiers["multiplier_mode"]) == (True, "multiplier")
        assert referrals["referral_rewards"] == [
            {"name": "5 USD off the first order", "discount_type": "fixed", "reward_type": "referred_customer"},
            {"name": "400 points", "discount_type": "points", "reward_type": "referring_customer"},
        ]
        assert (referrals["enabled"], referrals["customer_account_required"]) == (True, True)

    def test_that_is_off_says_so(self, shop):
        set_up(shop)
        put(shop, is_enabled=False)
        shop.work_off()
        assert [part["enabled"] for part in shown(shop).values()] == [False, False, False]

    def test_names_the_reward_an_advocate_gets(self, shop):
        reward = shop.reward(0, name="A tote bag")
        shop.rule("referral", 0, options={"advocate_gets": "reward", "advocate_reward": reward.public_id})
        shop.work_off()
        assert shown(shop)["referral_program"]["referral_rewards"][1]["name"] == "A tote bag"


def rules(shop):
    return shop.rule("follow_on_instagram", 50)


def tiers(shop):
    shop.tier("Member", 0)
    return shop.tier("Gold", 500)


def _ladder():
    terms = [TierTerms(t.name, t.threshold * 2, t.multiplier, public_id=t.public_id) for t in Tier.objects.all()]
    return Ladder(terms, "points", "lifetime", 0, "all")


CHANGES = {
    "a rule is made": (lambda shop: None, lambda shop, _: rules(shop)),
    "a rule is changed": (
        rules, lambda shop, rule: change_rule(public_id=rule.public_id, terms=RuleTerms("New", 51), now=timezone.now()),
    ),
    "a rule is switched": (rules, lambda shop, rule: switch_rule(public_id=rule.public_id, on=False, now=timezone.now())),
    "a rule is deleted": (rules, lambda shop, rule: delete_rule(public_id=rule.public_id, now=timezone.now())),
    "a reward is made": (lambda shop: None, lambda shop, _: shop.reward()),
    "a reward is changed": (
        AShop.reward,
        lambda shop, reward: change_reward(
            public_id=reward.public_id,
            terms=RewardTerms(name="New", discount_type="percentage", points_cost=7, discount_amount=Decimal(5)), now=timezone.now()
        ),
    ),
    "a reward is switched": (
        AShop.reward, lambda shop, reward: switch_reward(public_id=reward.public_id, on=False, now=timezone.now()),
    ),
    "a reward is deleted": (
        AShop.reward, lambda shop, reward: delete_reward(public_id=reward.public_id, now=timezone.now()),
    ),
    "a tier is made": (lambda shop: None, lambda shop, _: tiers(shop)),
    "the ladder is changed": (
        tiers, lambda shop, _: change_ladder(program_id=shop.program.pk, ladder=_ladder(), now=timezone.now()),
    ),
    "a tier is deleted": (tiers, lambda shop, tier: delete_tier(public_id=tier.public_id, now=timezone.now())),
    "the programme is switched off": (lambda shop: None, lambda shop, _: put(shop, is_enabled=False)),
    "expiry is switched on": (lambda shop: None, lambda shop, _: put(shop, points_expiry_enabled=True)),
}  # fmt: skip


class TestAChange:
    @pytest.mark.parametrize("change", CHANGES)
    def test_shows_in_the_shop(self, shop, change):
        prepare, happen = CHANGES[change]
        made = prepare(shop)
        shop.work_off()
        before = shown(shop)
        happen(shop, made)
        shop.work_off()
        assert shown(shop) != before

    def test_of_what_the_shop_does_not_show_is_not_written(self, shop):
        put(shop, code_prefix="CUP-")
        assert shop.work_off() == []

    def test_of_many_in_a_moment_is_one_write(self, shop):
        before = shop.written()
        for number in range(10):
            shop.rule("follow_on_instagram", number)
            relay.fan_out(now=timezone.now())
        assert Delivery.objects.filter(destination=SHOP, state="pending").count() == 1
        assert relay.claim(destination=SHOP, now=timezone.now()) is None  # it lets them gather
        assert [type(outcome) for outcome in shop.work_off()] == [Done]
        assert shop.written() == [*before, "metafieldsSet"]
        assert len(shown(shop)["points_program"]["ways_to_earn"]) == 10

    def test_of_many_fanned_out_together_is_one_write(self, shop):
        for number in range(10):
            shop.rule("follow_on_instagram", number)
        assert [type(outcome) for outcome in shop.work_off()] == [Done]

    def test_is_of_no_member_and_concerns_no_other_destination(self, shop):
        shop.member()
        shop.work_off()
        shop.rule("signup", 5)
        relay.fan_out(now=timezone.now())
        waiting = Delivery.objects.filter(state="pending", destination__startswith="shopify:")
        assert list(waiting.values_list("destination", "member_id")) == [(SHOP, None)]

    def test_while_an_attempt_is_under_way_is_sent_after_it(self, shop):
        shop.rule("signup", 5)
        relay.fan_out(now=timezone.now())
        later = timezone.now() + timedelta(minutes=1)
        first = relay.claim(destination=SHOP, now=later)
        shop.rule("birthday", 7)
        relay.fan_out(now=timezone.now())
        relay.attempt(claim=first, now=later)
        shop.work_off()
        assert len(shown(shop)["points_program"]["ways_to_earn"]) == 2

    def test_sent_again_while_another_waits_lets_that_one_go_at_once(self, shop):
        done = Delivery.objects.get(destination=SHOP)
        shop.rule("signup", 5)
        relay.fan_out(now=timezone.now())
        send_again(delivery_id=done.pk, now=timezone.now())
        (waiting,) = Delivery.objects.filter(destination=SHOP, state="pending")
        assert (waiting.pk != done.pk, waiting.next_attempt_at <= timezone.now()) == (True, True)

    def test_whose_answer_is_lost_ends_right(self, shop):
        shop.rule("signup", 5)
        shop.sandbox.faults(shop.domain, lose_answers=1)
        assert isinstance(shop.work_off(timezone.now() + timedelta(seconds=10))[0], Retry)
        assert [type(outcome) for outcome in shop.work_off()] == [Done]
        assert shop.written()[-1:] == ["metafieldsSet"]
        assert len(shown(shop)["points_program"]["ways_to_earn"]) == 1

    def test_in_an_uninstalled_shop_is_not_told(self, shop):
        shop.rule("signup", 5)
        relay.fan_out(now=timezone.now())
        uninstall(domain=shop.domain, now=timezone.now())
        assert [type(outcome) for outcome in shop.work_off()] == [Skipped]
        shop.rule("birthday", 5)
        assert shop.work_off() == []
        assert not ShopMetafields().wants(program_id=shop.program.pk, kind="programme.changed")


class TestTheMageNamespace:
    def test_is_written_while_the_merchant_wants_it_and_left_alone_after(self, shop):
        assert shown(shop, "mage.loyalty") is None
        put(shop, writes_mage_metafields=True)
        shop.work_off()
        assert shown(shop, "mage.loyalty") == shown(shop)
        put(shop, writes_mage_metafields=False)
        shop.rule("signup", 5)
        shop.work_off()
        assert shown(shop)["points_program"]["ways_to_earn"]
        assert shown(shop, "mage.loyalty")["points_program"]["ways_to_earn"] == []


def test_another_shop_shows_its_own(shop, sandbox):
    other = MarkedShop.opened(sandbox)
    other.rule("signup", 1)
    shop.rule("birthday", 2)
    shop.work_off()
    assert [[each["type"] for each in shown(each)["points_program"]["ways_to_earn"]] for each in (shop, other)] == [
        ["birthday"], ["signup"],
    ]  # fmt: skip
