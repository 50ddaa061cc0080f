"""The order of rules and rewards: moved by a button, seen in the list, over REST and in the shop's metafield."""

import pytest
from django.test import Client

from loyalty.earning.models import EarningRule
from loyalty.outbox.models import Event
from shopify_app.dashboard.operations import set_login
from shopify_app.metafields.offer import read_offer
from tests.a_shop import AShop

pytestmark = pytest.mark.django_db
LISTS = [
    pytest.param("earning-rules", "ways_to_earn", id="rules"),
    pytest.param("rewards", "points_rewards", id="rewards"),
]


@pytest.fixture
def shop():
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        for name in ("One", "Two", "Three"):
            made.rule("custom", 5, name=name, action_key=name.lower())
            made.reward(10, name=name)
        yield made


@pytest.fixture
def client(shop):
    made = Client()
    made.login(username="ada", password="ada")
    return made


@pytest.mark.parametrize(("path", "offered"), LISTS)
class TestMoving:
    def order(self, shop, client, path, offered) -> list[str]:
        """The names in the list of the admin, which are those of REST and of the theme."""
        rows = [row.name for row in client.get(f"/standalone/{path}").context["rows"]]
        rest = client.get(f"/v1/{path}?sort=position", headers={"Authorization": f"Bearer {shop.key()}"}).json()["data"]
        assert [each["attributes"]["name"] for each in rest] == rows
        assert [each["name"] for each in read_offer(program=shop.program)["points_program"][offered]] == rows
        return rows

    def move(self, client, path, name, to):
        rows = {row.name: row.public_id for row in client.get(f"/standalone/{path}").context["rows"]}
        return client.post(f"/standalone/{path}/{rows[name]}/move", {"to": to})

    def test_up_and_down(self, shop, client, path, offered):
        assert self.order(shop, client, path, offered) == ["One", "Two", "Three"]
        assert self.move(client, path, "Three", "up").status_code == 303
        assert self.order(shop, client, path, offered) == ["One", "Three", "Two"]
        self.move(client, path, "One", "down")
        assert self.order(shop, client, path, offered) == ["Three", "One", "Two"]

    def test_past_the_end_changes_nothing_and_tells_nobody(self, shop, client, path, offered):
        told = Event.objects.count()
        self.move(client, path, "One", "up")
        self.move(client, path, "Three", "down")
        assert self.order(shop, client, path, offered) == ["One", "Two", "Three"]
        assert Event.objects.count() == told

    def test_the_shop_hears_of_it(self, shop, client, path, offered):
        told = Event.objects.filter(kind="programme.changed").count()
        self.move(client, path, "Two", "up")
        assert Event.objects.filter(kind="programme.changed").count() == told + 1

    def test_no_such_line_is_not_found(self, shop, client, path, offered):
        assert client.post(f"/standalone/{path}/nobodys/move", {"to": "up"}).status_code == 404


def test_a_new_one_stands_last(shop, client):
    EarningRule.objects.filter(name="Two").update(deleted_at=shop.program.created_at)
    shop.rule("custom", 5, name="Four", action_key="four")
    assert [row.name for row in client.get("/standalone/earning-rules").context["rows"]] == ["One", "Three", "Four"]
