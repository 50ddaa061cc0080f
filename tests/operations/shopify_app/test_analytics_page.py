"""The Analytics page: the days of its address, what they are compared with, and the file that has them all."""

import csv
import io
import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.core.signing import b62_encode
from django.test import Client
from django.utils import timezone

from loyalty.analytics.models import PointWorth
from shopify_app.dashboard.exports import SALT
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop
from tests.operations.loyalty.orders import heard, order
from tests.rolling_up import roll_up, spend

pytestmark = pytest.mark.django_db
PAGE = "/standalone/analytics"


class Yesterdays(signing.TimestampSigner):
    """Signs as we did a day ago."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - 86400)


def logged_in(shop: AShop) -> Client:
    name = shop.program.handle
    set_login(program=shop.program, username=name, password=name)
    client = Client()
    assert client.login(username=name, password=name)
    return client


@pytest.fixture
def shop(db):
    """A shop whose only member joined 100 days ago; they earned 40 days ago, 3 days ago, and spent nothing."""
    made = AShop.new(time_zone="Pacific/Auckland")
    now = timezone.now()
    with made.scope():
        ada = made.member(7001, now=now - timedelta(days=100))
        made.give(ada, 100, now=now - timedelta(days=40), expires_at=now + timedelta(days=365))
        made.give(ada, 300, now=now - timedelta(days=3))
        made.reward(500, name="$5 off", discount_amount=Decimal(5), now=now - timedelta(days=100))
        heard(made, order(1, 4000, at=now - timedelta(days=3), customer=None))
        yield made


def figures(answer) -> dict[str, tuple[str, str]]:
    return {figure.label: (figure.value, figure.note) for figure in answer.context["figures"]}


class TestThePage:
    def test_says_that_it_is_being_counted_before_the_first_roll_up(self, shop):
        answer = logged_in(shop).get(PAGE)
        assert answer.status_code == 200
        assert b"Your days are being counted" in answer.content

    def test_shows_the_days_of_its_address_beside_those_before(self, shop):
        roll_up(shop.program, timezone.now())
        found = figures(logged_in(shop).get(PAGE, {"range": "30"}))
        assert found["Points issued"] == ("300", "+200%, 100 before")
        assert found["Members"][0] == "1"
        assert found["Participation"] == ("100.0%", "1 of 1 members earned or spent. 100.0% before")
        assert found["Redemption rate"][0] == "0.0%"
        assert found["Revenue"][0] == "40.00 USD"
        assert figures(logged_in(shop).get(PAGE, {"range": "7", "compare": "none"}))["Points issued"] == ("300", "")

    def test_counts_days_as_the_shop_does(self, shop):
        roll_up(shop.program, timezone.now())
        day = (timezone.now() - timedelta(days=3)).astimezone(shop.program.zone).date()
        client = logged_in(shop)
        for first, last, points in ((day, day, "300"), (day - timedelta(days=1), day - timedelta(days=1), "0")):
            answer = client.get(PAGE, {"range": "custom", "from": first, "until": last})
            assert figures(answer)["Points issued"][0] == points

    def test_says_since_when_there_are_numbers(self, shop):
        roll_up(shop.program, timezone.now())
        answer = logged_in(shop).get(PAGE, {"range": "365"})
        assert "numbers exist since" in answer.content.decode()

    def test_values_what_is_owed_by_the_merchants_own_reward(self, shop):
        roll_up(shop.program, timezone.now())
        owed = logged_in(shop).get(PAGE).context["owed"]
        assert (owed.per_hundred, owed.worth.reward_name) == ("1.00 USD", "$5 off")
        assert [(line.points, line.worth) for line in owed.lines] == [
            (400, "4.00 USD"), (0, "0.00 USD"), (400, "4.00 USD"), (0, "0.00 USD"),
        ]  # fmt: skip
        assert [line.points for line in owed.schedule] == [100, 300]

    def test_says_so_where_a_point_has_no_value(self, shop):
        roll_up(shop.program, timezone.now())
        shop.reward(100, name="Cheaper, but for later", starts_at=timezone.now() + timedelta(days=9))
        assert logged_in(shop).get(PAGE).context["owed"].worth.reward_name == "$5 off"
        client = logged_in(AShop.new())
        assert client.get(PAGE).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            {"range": "nonsense", "compare": "nonsense"},
            {"range": "custom"},
            {"range": "custom", "from": "2026-13-45", "until": "x"},
            {"range": "custom", "from": "0001-01-01", "until": "9999-12-31", "compare": "year"},
            {"range": "custom", "from": "2099-01-01", "until": "1999-01-01"},
            {"range": "year", "compare": "year"},
        ],
    )
    def test_takes_whatever_stands_in_its_address(self, shop, query):
        roll_up(shop.program, timezone.now())
        assert logged_in(shop).get(PAGE, query).status_code == 200

    def test_asks_the_database_at_most_fifteen_times(self, shop, django_assert_max_num_queries):
        roll_up(shop.program, timezone.now())
        client = logged_in(shop)
        with django_assert_max_num_queries(15):
            client.get(PAGE)

    def test_foresees_a_band_of_what_becomes_of_todays_points(self):
        made, now = AShop.new(), timezone.now()
        with made.scope():
            ada = made.member(7001, now=now - timedelta(days=190))
            made.give(ada, 1000, now=now - timedelta(days=190), expires_at=now + timedelta(days=900))
            for number in range(6):
                spend(made.program, ada, 10 + 20 * number, now - timedelta(days=180 - 30 * number))
        roll_up(made.program, now)
        answer = logged_in(made).get(PAGE)
        owed = answer.context["owed"]
        redeemed, expired, still_open = owed.band
        assert redeemed.low.points < redeemed.expected.points < redeemed.high.points
        assert expired.expected.points == 0  # their end is further away than the forecast looks
        left = 1000 - sum(10 + 20 * number for number in range(6))
        assert redeemed.high.points + still_open.high.points == left == owed.lines[0].points
        assert "Low redemption" in answer.content.decode()

    def test_draws_pictures_with_a_name_a_description_and_a_table(self, shop):
        roll_up(shop.program, timezone.now())
        html = logged_in(shop).get(PAGE).content.decode()
        for name in ("points", "revenue"):
            assert f'<title id="{name}-title">' in html
            assert f'<desc id="{name}-desc">' in html
        assert html.count("All values: ") == html.count("<svg")


class TestWhatAPointIsWorth:
    def said(self, client: Client, text: str, **more):
        return client.post(PAGE, {"per_hundred": text}, **more)

    def test_is_what_the_merchant_says(self, shop):
        roll_up(shop.program, timezone.now())
        client = logged_in(shop)
        assert self.said(client, "2.50").status_code == 303
        assert self.said(client, "2.50").status_code == 303  # pressed twice
        answer = client.get(PAGE)
        owed = answer.context["owed"]
        assert (owed.per_hundred, owed.worth.is_said, owed.lines[0].worth) == ("2.50 USD", True, "10.00 USD")
        assert "as you have said" in answer.content.decode()
        address = client.post("/standalone/exports/analytics", {"range": "7"})["Location"]
        last = b"".join(Client().get(address).streaming_content).decode().splitlines()[-1]
        assert last.endswith("400,10.00,USD")

    def test_follows_from_the_rewards_again_once_it_is_emptied(self, shop):
        roll_up(shop.program, timezone.now())
        client = logged_in(shop)
        self.said(client, "2.50")
        assert self.said(client, "").status_code == 303
        assert client.get(PAGE).context["owed"].worth.reward_name == "$5 off"

    @pytest.mark.parametrize("text", ["0", "-1", "a lot", "1.005", "99999999999"])
    def test_is_refused_where_it_is_no_amount_and_nothing_changes(self, shop, text):
        roll_up(shop.program, timezone.now())
        client = logged_in(shop)
        self.said(client, "2.50")
        answer = self.said(client, text)
        assert answer.status_code == 422
        assert answer.context["form"].errors["per_hundred"]
        assert PointWorth.objects.get().per_hundred_minor == 250

    def test_was_said_in_a_currency_and_means_nothing_in_another(self, shop):
        roll_up(shop.program, timezone.now())
        client = logged_in(shop)
        self.said(client, "2.50")
        shop.set(currency="JPY")
        assert not client.get(PAGE).context["owed"].worth.is_said

    def test_is_each_shops_own(self, shop):
        other = AShop.new()
        roll_up(other.program, timezone.now())
        self.said(logged_in(shop), "2.50")
        assert logged_in(other).get(PAGE).context["owed"].worth is None


class TestTheFile:
    def ask(self, client: Client, **query: str):
        answer = client.post("/standalone/exports/analytics", {"range": "30", **query})
        assert answer.status_code == 302
        return answer["Location"]

    def test_has_every_day_with_its_figures(self, shop):
        roll_up(shop.program, timezone.now())
        answer = Client().get(self.ask(logged_in(shop)))  # nobody is logged in: the address itself lets in
        assert answer["Content-Type"].startswith("text/csv")
        found = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert len(found) == 30
        assert sum(int(row["accrued"]) for row in found) == 300
        assert [row["revenue"] for row in found if row["orders"] == "1"] == ["40.00"]
        assert {row["issued_worth"] for row in found} == {"0.00", "3.00"}
        assert (found[-1]["outstanding"], found[-1]["outstanding_worth"]) == ("400", "4.00")

    def test_is_of_the_shop_that_asked_for_it(self, shop):
        other = AShop.new()
        roll_up(shop.program, timezone.now())
        roll_up(other.program, timezone.now())
        answer = Client().get(self.ask(logged_in(other)))
        assert "300" not in b"".join(answer.streaming_content).decode()

    def test_has_an_address_that_nobody_can_make_up_or_keep(self, shop):
        address = self.ask(logged_in(shop))
        assert Client().get(f"{address}x").status_code == 403
        order = {"list": "analytics", "program": shop.program.pk, "by": "ada", "query": {}}
        made_up = signing.dumps(order, salt="another")
        assert Client().get(f"/exports/{made_up}").status_code == 403
        old = Yesterdays(salt=SALT).sign_object(order)
        assert Client().get(f"/exports/{old}").status_code == 403

    def test_comes_to_a_page_in_the_frame_by_a_redirect_of_the_window(self, shop):
        answer = logged_in(shop).post("/standalone/exports/analytics", {"range": "7"}, headers={"HX-Request": "true"})
        assert answer["HX-Redirect"].startswith("/exports/")
