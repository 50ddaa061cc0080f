"""The gallery of earning rules: every kind in a section, what it gives by itself, and what the shop has of it."""

import pytest
from django.test import Client

from loyalty.earning.kinds import KINDS
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        yield made


@pytest.fixture
def cards(shop):
    client = Client()
    client.login(username="ada", password="ada")

    def seen():
        groups = client.get("/standalone/earning-rules/new").context["groups"]
        return {card.label: card for group in groups for card in group.cards}

    return seen


def test_every_kind_has_a_card_with_a_sentence(cards):
    assert set(cards()) == {kind.label for kind in KINDS.values()}
    for label, card in cards().items():
        assert card.text.endswith("."), label


@pytest.mark.parametrize(
    ("label", "gives"),
    [
        ("Follow on Instagram", "50 points, once"),
        ("Birthday", "200 points, once a year"),
        ("Place an order", "5 points per USD, every order"),
        ("Refer a friend", "500 points, per friend"),
    ],
)
def test_a_card_says_what_it_gives_by_itself(cards, label, gives):
    assert cards()[label].gives == gives


def test_a_card_says_how_many_there_are_whether_on_or_off(shop, cards):
    assert {card.existing for card in cards().values()} == {""}
    shop.rule("follow_on_x", 5)
    shop.rule("follow_on_x", 6)
    assert cards()["Follow on X"].existing == "You have 2"
    assert cards()["Follow on TikTok"].existing == ""


def test_what_there_can_be_one_of_leads_to_it(shop, cards):
    assert cards()["Refer a friend"].url == "/standalone/earning-rules/new/referral"
    rule = shop.rule("referral", 500)
    assert cards()["Refer a friend"].url == f"/standalone/earning-rules/{rule.public_id}"
