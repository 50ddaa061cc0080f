"""Settings > Test mode: both forms with what they mean, the clean-up with its counts, and what others missed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from loyalty.ledger.models import Account
from loyalty.programs.models import Program, ScheduledRun
from loyalty.rewards.operations import begin, finish
from loyalty.skips.models import Skip
from loyalty.test_mode.tasks import award_missed, clean_up
from shopify_app.dashboard.operations import set_login
from tests.a_shop import NOW, AShop

pytestmark = pytest.mark.django_db
PAGE = "/standalone/settings/test-mode"
SHADOW = {"mode": "shadow", "emails": "ada@example.com"}
RESTRICT = {"mode": "restrict", "emails": "ada@example.com", "is_confirmed": "on"}


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    with made.scope():
        made.member(7001, email="ada@example.com"), made.member(7002, email="bob@example.com")
        made.action()
        yield made
        made.assert_sound()


@pytest.fixture
def staff(shop):
    client = Client()
    client.login(username="ada", password="ada")
    return client


def stored(shop):
    fields = ("test_mode", "test_mode_emails", "sends_test_events")
    return Program.objects.filter(pk=shop.program.pk).values_list(*fields).get()


def page(staff, path=PAGE):
    return staff.get(path).content.decode()


class TestTurningItOn:
    def test_is_offered_as_the_form_that_pauses_nobody(self, staff):
        form = staff.get(PAGE).context["form"]
        assert (form["mode"].value(), "Turn on test mode" in page(staff)) == ("shadow", True)

    def test_in_shadow_changes_each_field_alone(self, shop, staff):
        assert staff.post(PAGE, SHADOW).status_code == 303
        assert stored(shop) == ("shadow", ["ada@example.com"], False)
        staff.post(PAGE, {**SHADOW, "emails": "bob@example.com, Ada@Example.com"})
        assert stored(shop) == ("shadow", ["ada@example.com", "bob@example.com"], False)
        assert Account.objects.filter(is_testing=True).count() == 2
        staff.post(PAGE, {**SHADOW, "sends_test_events": "on"})
        assert stored(shop) == ("shadow", ["ada@example.com"], True)
        staff.post(PAGE, RESTRICT)
        assert stored(shop) == ("restrict", ["ada@example.com"], False)

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({**SHADOW, "emails": "eve@example.com"}, "eve@example.com is not a member"),
            ({**RESTRICT, "emails": "eve@example.com"}, "eve@example.com is not a member"),
            ({**SHADOW, "emails": ""}, "List at least one test customer"),
            ({**SHADOW, "emails": "ada"}, "ada is no e-mail address"),
            ({"mode": "restrict", "emails": "ada@example.com"}, "Confirm that everybody"),
            ({"emails": "ada@example.com"}, "Choose how the programme is tried out"),
        ],
    )
    def test_that_is_wrong_changes_nothing_and_says_so(self, shop, staff, given, sentence):
        with shop.nothing_changes():
            answer = staff.post(PAGE, given)
        assert (answer.status_code, stored(shop)) == (422, ("off", [], False))
        assert sentence in answer.content.decode()

    def test_so_that_others_are_paused_says_how_many_and_who_of_them_earned(self, shop, staff):
        shop.member(7003)
        shop.award(customer=7002, now=_days_ago(3)), shop.award(customer=7003, now=_days_ago(40))
        shop.award(customer=7001, now=_days_ago(3))
        answer = staff.post(PAGE, {"mode": "restrict", "emails": "ada@example.com"}).content.decode()
        assert "pauses earning for 2 members, of whom 1 earned in the last 30 days" in answer

    def test_asks_no_second_time_while_others_are_paused_already(self, shop, staff):
        staff.post(PAGE, RESTRICT)
        assert staff.post(PAGE, {"mode": "restrict", "emails": "bob@example.com"}).status_code == 303
        assert stored(shop)[1] == ["bob@example.com"]

    def test_off_again_keeps_the_list(self, shop, staff):
        staff.post(PAGE, SHADOW)
        assert staff.post(f"{PAGE}/off").status_code == 303
        assert stored(shop) == ("off", ["ada@example.com"], False)
        assert not Account.objects.filter(is_testing=True).exists()


def _days_ago(days):
    return timezone.now() - timedelta(days=days)


class TestTheCleanUp:
    @pytest.fixture(autouse=True)
    def tested(self, shop, staff):
        staff.post(PAGE, SHADOW)
        shop.award()

    def test_shows_what_there_is_then_does_it_and_says_so(self, shop, staff):
        shown = page(staff)
        assert "1 award is reversed, 100 points in all" in shown
        assert staff.post(f"{PAGE}/clean-up").status_code == 303
        assert "0 of 1 member done" in page(staff)
        clean_up()
        shown = page(staff)
        assert "1 member is as if there had been no test" in shown
        assert "100 points were taken back" in shown
        assert "There is nothing to take back" in shown
        assert shop.balances(shop.member(7001)).available == 0

    def test_is_begun_once_however_often_it_is_asked_for(self, shop, staff):
        for _ in range(3):
            staff.post(f"{PAGE}/clean-up")
        assert ScheduledRun.objects.count() == 1

    def test_waits_visibly_for_a_purchase(self, shop, staff):
        member = shop.member(7001)
        bought, _ = begin(member=member, reward_id=shop.reward(100).public_id, now=NOW, source="rest")
        staff.post(f"{PAGE}/clean-up")
        clean_up()
        assert "A reward is being bought" in page(staff)
        finish(redemption_id=bought.pk, discount_gid="gid://shopify/DiscountCodeNode/1", now=NOW)


class TestWhatWasMissed:
    @pytest.fixture(autouse=True)
    def missed(self, shop, staff):
        staff.post(PAGE, RESTRICT)
        shop.award(customer=7002)

    def test_is_listed_and_awarded_with_one_button_once_the_mode_is_off(self, shop, staff):
        shown = page(staff, f"{PAGE}/missed")
        assert ("app_install" in shown, "Award all" in shown) == (True, False)
        assert "1 award was skipped" in page(staff)
        staff.post(f"{PAGE}/off")
        assert "Award all" in page(staff, f"{PAGE}/missed")
        for _ in range(2):
            staff.post(f"{PAGE}/missed/award")
            award_missed()
        assert shop.balances(shop.member(7002)).available == 100
        assert "Awarded" in page(staff, f"{PAGE}/missed?state=given")

    def test_can_be_discarded(self, shop, staff):
        staff.post(f"{PAGE}/missed/discard")
        assert Skip.objects.get().state == "discarded"
        assert "None in this state" in page(staff, f"{PAGE}/missed?state=waiting")


class TestEveryPage:
    PAGES = ("/standalone/", "/standalone/members", "/standalone/settings", "/standalone/activity")

    @pytest.mark.parametrize(
        ("given", "heading"), [(SHADOW, "Shadow test is on"), (RESTRICT, "Only test customers earn")]
    )
    def test_says_that_a_test_is_on(self, staff, given, heading):
        staff.post(PAGE, given)
        assert all(heading in page(staff, path) for path in self.PAGES)

    def test_says_that_a_test_is_left(self, shop, staff):
        staff.post(PAGE, SHADOW)
        shop.award()
        staff.post(f"{PAGE}/off")
        assert all("A test is left to clean up" in page(staff, path) for path in self.PAGES)
        shop.clean_up()
        assert not any("A test is left" in page(staff, path) for path in self.PAGES)

    def test_says_nothing_while_nothing_is_tried_out(self, staff):
        assert not any("est is on" in page(staff, path) or "test customer" in page(staff, path) for path in self.PAGES)


class TestABadge:
    def test_stands_at_what_is_a_test_and_at_nothing_else(self, shop, staff):
        shop.action("slow", approval_days=3)
        staff.post(PAGE, SHADOW)
        shop.award(), shop.award(action="slow")
        shop.award(customer=7002)
        badge = "<s-badge>Test</s-badge>"
        ada, bob = shop.member(7001), shop.member(7002)
        assert page(staff, f"/standalone/members/{ada.pk}").count(badge) == 2
        assert badge not in page(staff, f"/standalone/members/{bob.pk}")
        assert page(staff, "/standalone/activity").count(badge) == 2
        assert page(staff, "/standalone/approvals").count(badge) == 1
        assert page(staff, "/standalone/members").count(badge) == 1
        assert "Test customer" in page(staff, f"/standalone/members/{ada.pk}")
