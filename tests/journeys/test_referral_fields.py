"""Each field of a referral rule, changed alone in its form, changes what a friend or an advocate gets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from loyalty.earning.kinds.referral import FIELDS
from loyalty.referrals.models import Referral
from loyalty.rewards.models import Redemption, Reward
from shopify_app.dashboard.operations import set_login
from tests.journeys.referring import ReferringShop, states

pytestmark = pytest.mark.django_db
NEW = "/standalone/earning-rules/new/referral"


@pytest.fixture
def shop(referring: ReferringShop, sandbox) -> ReferringShop:
    set_login(program=referring.program, username="ada", password="ada")
    referring.reward(300, name="A free tin")
    catalogue = {"products": [{"id": 11, "title": "Oolong"}], "collections": [{"id": 21, "title": "Teas"}]}
    sandbox.call("PUT", "stores", [{"domain": referring.domain, **catalogue}])
    return referring


def saved(shop: ReferringShop, **changes: Any) -> Any:
    """The form as it begins, with these fields changed, sent as a browser does."""
    staff = Client()
    staff.login(username="ada", password="ada")
    sent = {}
    for field in staff.get(NEW).context["form"]:
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = value
    return staff.post(NEW, {**sent, "approval_days": "0", **changes})


def code(shop: ReferringShop) -> dict[str, Any]:
    """What Shopify has of the friend's code; nothing where there is none."""
    made = shop.claimed(shop.advocate())
    return shop.codes().get(made.code or "", {})


def codes_part(name: str):
    """An outcome: one part of the friend's code."""
    return lambda shop: code(shop).get(name)


def after_an_order(shop: ReferringShop) -> Any:
    """What the first order leads to: where the referral stands, the advocate's points, and rewards."""
    ada = shop.advocate()
    for number in range(2):
        shop.claimed(ada, f"friend{number}@example.com")
        shop.orders(number=5_500_000_000_010 + number, customer=7060 + number, email=f"friend{number}@example.com")
    held = list(Referral.objects.order_by("pk").values_list("held_for", flat=True))
    return states(), held, shop.points(ada), Redemption.objects.count()


def friends_points(shop: ReferringShop) -> int:
    shop.claims(shop.advocate())
    return int(Referral.objects.get().terms["friend_points"])


def ends(shop: ReferringShop) -> Any:
    return (shop.claimed(shop.advocate()).expires_at - Referral.objects.get().claimed_at).days


DONE: Any = ([("completed", "")] * 2, [[], []], 1000, 0)
CASES: dict[str, tuple[dict[str, Any], Any, Any, Any]] = {
    # field: what else is changed for both, the field's own change, the outcome looked at, before and after
    "advocate_gets": (
        {"option_advocate_reward": "the reward"},
        {"option_advocate_gets": "reward"},
        after_an_order,
        (DONE, ([("completed", "")] * 2, [[], []], 0, 2)),
    ),
    "friend_gets": ({}, {"option_friend_gets": "fixed_amount"}, codes_part("amount"), (None, "10")),
    "friend_amount": ({}, {"option_friend_amount": "12.5"}, codes_part("percentage"), (0.1, 0.125)),
    "friend_points": (
        {"option_friend_gets": "points"},
        {"option_friend_points": "250"},
        friends_points,
        (100, 250),
    ),
    "friend_minimum_spend": (
        {},
        {"option_friend_minimum_spend": "30"},
        codes_part("minimum_subtotal"),
        (None, "30"),
    ),
    "friend_product_ids": (
        {},
        {"option_friend_product_ids": "11"},
        lambda shop: "gid://shopify/Product/11" in str(code(shop)["items"]),
        (False, True),
    ),
    "friend_collection_ids": (
        {},
        {"option_friend_collection_ids": "21"},
        lambda shop: "gid://shopify/Collection/21" in str(code(shop)["items"]),
        (False, True),
    ),
    "friend_purchases": (
        {},
        {"option_friend_purchases": "both"},
        codes_part("applies_on_subscription"),
        (False, True),
    ),
    **{
        f"friend_combines_{what}": (
            {},
            {f"option_friend_combines_{what}": "on"},
            lambda shop, what=what: code(shop)["combines_with"][f"{what}Discounts"],
            (False, True),
        )
        for what in ("product", "order", "shipping")
    },
    "claim_days": ({}, {"option_claim_days": "7"}, ends, (30, 7)),
    "minimum_amount": (
        {},
        {"option_minimum_amount": "101"},
        after_an_order,
        (DONE, ([("ended", "too_small")] * 2, [[], []], 0, 0)),
    ),
    "needs_account": (
        {},
        {"option_needs_account": "on"},
        after_an_order,
        (DONE, ([("pending", "")] * 2, [[], []], 0, 0)),
    ),
    "cap_per_day": (
        {},
        {"option_cap_per_day": "1"},
        after_an_order,
        (DONE, ([("completed", ""), ("friend_converted", "")], [[], ["over_day_cap"]], 500, 0)),
    ),
    "cap_per_month": (
        {},
        {"option_cap_per_month": "1"},
        after_an_order,
        (DONE, ([("completed", ""), ("friend_converted", "")], [[], ["over_month_cap"]], 500, 0)),
    ),
    "points": ({}, {"points": "700"}, after_an_order, (DONE, ([("completed", "")] * 2, [[], []], 1400, 0))),
    "approval_days": (
        {},
        {"approval_days": "14"},
        after_an_order,
        (DONE, ([("friend_converted", "")] * 2, [[], []], 0, 0)),
    ),
    "is_active": (
        {},
        {"is_active": ""},
        lambda shop: shop.claims(shop.advocate()).status_code,
        (200, 409),
    ),
}


def test_every_declared_field_has_its_case():
    assert {field.name for field in FIELDS} - CASES.keys() == {"advocate_reward"}  # together with advocate_gets


@pytest.mark.parametrize("is_changed", [False, True], ids=["as it begins", "changed"])
@pytest.mark.parametrize("field", CASES)
def test_a_field_changes_what_is_given(shop, field, is_changed):
    for_both, change, outcome, expected = CASES[field]
    given = {**for_both, **(change if is_changed else {})}
    if given.get("option_advocate_reward"):
        given["option_advocate_reward"] = Reward.objects.get().public_id
    answer = saved(shop, **given)
    assert answer.status_code == 303, answer.context["form"].errors
    found = outcome(shop)
    assert (Decimal(found) if isinstance(found, str) else found) == (
        Decimal(expected[is_changed]) if isinstance(expected[is_changed], str) else expected[is_changed]
    )


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"option_friend_amount": "101"}, "option_friend_amount", "Percent must be at most 100"),
        ({"option_advocate_gets": "reward"}, "option_advocate_reward", "Choose the reward"),
        (
            {"option_friend_product_ids": "11", "option_friend_collection_ids": "21"},
            "option_friend_collection_ids",
            "not for both",
        ),
        (
            {"option_friend_gets": "free_shipping", "option_friend_combines_shipping": "on"},
            "option_friend_combines_shipping",
            "never combines",
        ),
        (
            {"option_friend_gets": "free_shipping", "option_friend_product_ids": "11"},
            "option_friend_product_ids",
            "whole",
        ),
        ({"option_claim_days": "0"}, "option_claim_days", "greater than or equal to 1"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(shop, change, field, sentence):
    answer = saved(shop, **change)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert shop.rows()["EarningRule"] == 0
