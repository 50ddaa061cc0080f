"""What a merchant does in the first rooms, by mouse and keyboard."""

import pytest
from django_scopes import scope, scopes_disabled
from playwright.sync_api import Page, expect

from loyalty.earning.models import Award, EarningRule
from loyalty.earning.operations import adjust_points
from loyalty.ledger.queries import balances_of
from loyalty.members.models import Member
from loyalty.programs.models import ApiKey, Program
from loyalty.rewards.models import Reward
from loyalty.test_mode.operations import ModeTerms, change_test_mode
from loyalty.test_mode.tasks import clean_up
from tests.browser.shop import NOW, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def toast(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible()


class TestACustomAction:
    def test_gets_its_key_from_its_name_and_is_added(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "earning-rules/new/custom")
        page.get_by_label("Name", exact=True).fill("Attend an event!")
        expect(page.get_by_role("textbox", name="Action key")).to_have_value("attend_an_event")
        page.get_by_label("Points", exact=True).fill("250")
        page.get_by_role("button", name="Save").first.click()
        toast(page, "Custom action added")
        expect(page.get_by_role("heading", level=1, name="Attend an event!")).to_be_visible()
        expect(page.get_by_role("region", name="curl command")).to_contain_text('"action_key": "attend_an_event"')
        with scopes_disabled():
            assert EarningRule.objects.get(action_key="attend_an_event").points == 250

    def test_keeps_a_key_the_merchant_wrote(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "earning-rules/new/custom")
        page.get_by_role("textbox", name="Action key").fill("mine")
        page.get_by_label("Name", exact=True).fill("Something else")
        page.wait_for_timeout(50)
        expect(page.get_by_role("textbox", name="Action key")).to_have_value("mine")

    def test_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "earning-rules/new/custom")
        page.get_by_label("Name", exact=True).fill("Install twice")
        page.get_by_role("textbox", name="Action key").fill("mobile_app_install")
        page.get_by_label("Points", exact=True).fill("many")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Enter a whole number of points.")).to_be_visible()
        expect(page.get_by_label("Points", exact=True)).to_be_focused()
        page.get_by_label("Points", exact=True).fill("10")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Another action already uses the key")).to_be_visible()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Install twice")
        with scopes_disabled():
            assert not EarningRule.objects.filter(name="Install twice").exists()

    def test_renamed_warns_and_keeps_the_old_key_until_it_is_removed(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + f"earning-rules/{shop.action.public_id}")
        page.get_by_role("textbox", name="Action key").fill("app_installed")
        expect(page.get_by_text("You are renaming the key")).to_be_visible()
        page.get_by_role("button", name="Save").first.click()
        toast(page, "keeps working as an alias")
        row = page.get_by_role("row").filter(has_text="mobile_app_install")
        row.get_by_role("button", name="Remove").click()
        expect(page.get_by_role("dialog", name="Remove the old key mobile_app_install?")).to_be_visible()
        page.get_by_role("button", name="Remove key").click()
        toast(page, "no longer works")
        expect(page.get_by_role("row").filter(has_text="mobile_app_install").filter(has_text="old key")).to_have_count(
            0
        )

    def test_is_tried_once_and_taken_back(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + f"earning-rules/{shop.action.public_id}")
        page.get_by_label("Member", exact=True).fill("customer3@example.com")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("150 points given")).to_be_visible()
        page.get_by_role("button", name="Undo this award").click()
        toast(page, "Taken back")
        with scopes_disabled():
            tried = Award.objects.get(source="staff", action="custom")
            assert tried.status == Award.Status.REJECTED
            assert balances_of(member_id=tried.member_id, now=NOW).available == 0

    def test_tried_for_a_stranger_shows_the_refusal(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + f"earning-rules/{shop.action.public_id}")
        page.get_by_label("Member", exact=True).fill("stranger@example.com")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_text("Refused", exact=True).first).to_be_visible()


class TestRulesAndRewards:
    def test_are_switched_off_from_the_list(self, page: Page, shop: Shop, log_in):
        root = log_in(shop.user)
        page.goto(root + "earning-rules")
        page.get_by_role("button", name="Switch off Follow us").click()
        expect(page.get_by_role("button", name="Switch on Follow us")).to_be_visible()
        page.goto(root + "rewards")
        page.get_by_role("button", name="Switch off 5 off").click()
        expect(page.get_by_role("button", name="Switch on 5 off")).to_be_visible()

    def test_a_reward_shows_the_field_of_its_kind_and_is_added(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "rewards/new")
        page.get_by_label("Name", exact=True).fill("A tenth off")
        expect(page.get_by_label("Percentage off", exact=True).locator("visible=true")).to_have_count(1)  # the choice
        page.get_by_role("radio", name="Percentage off").check()
        page.get_by_role("textbox", name="Percentage off").fill("10")
        page.get_by_label("Cost").fill("300")
        page.get_by_role("button", name="Save").first.click()
        toast(page, "Reward added")
        with scopes_disabled():
            assert Reward.objects.get(name="A tenth off").discount_amount == 10

    def test_a_reward_shows_what_fits_its_kind_and_hides_the_rest(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "rewards/new")
        amount, worth = page.get_by_role("textbox", name="Amount off"), page.get_by_label("Worth of a point")
        together, variants = (
            page.get_by_role("checkbox", name="Shipping discounts"),
            page.get_by_label("Product variants", exact=True),
        )
        expect(amount).to_be_visible()
        expect(together).to_be_visible()
        expect(variants).to_be_hidden()
        page.get_by_role("radio", name="As many points as the buyer likes").check()
        expect(amount).to_be_hidden()
        expect(worth).to_be_visible()
        page.get_by_role("radio", name="Store credit").check()
        expect(worth).to_be_visible()
        expect(together).to_be_hidden()
        page.get_by_role("radio", name="Free shipping").check()
        expect(worth).to_be_hidden()
        expect(together).to_be_hidden()
        expect(page.get_by_role("checkbox", name="Order discounts")).to_be_visible()
        page.get_by_role("radio", name="Free product").check()
        expect(variants).to_be_visible()

    def test_a_reward_without_its_amount_is_refused_at_the_field(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "rewards/new")
        page.get_by_label("Name", exact=True).fill("Nothing off")
        page.get_by_label("Cost").fill("300")
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text("Enter how much it takes off, more than 0.")).to_be_visible()


class TestAMember:
    def test_is_found_by_name_and_number(self, page: Page, shop: Shop, log_in):
        root = log_in(shop.user)
        page.goto(root + "members")
        page.get_by_label("Search by name").fill("7005")
        page.get_by_label("Search by name").press("Enter")
        expect(page.get_by_role("link", name="Ada Number 5")).to_be_visible()
        page.wait_for_url("**q=7005**")
        expect(page.get_by_text("1 member found")).to_be_visible()

    def test_is_adjusted_with_a_reason(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + f"members/{shop.member.pk}")
        page.get_by_role("button", name="Adjust points").click()
        expect(page.get_by_role("dialog", name="Adjust points")).to_be_visible()
        page.get_by_label("Points to add or deduct").fill("40")
        page.get_by_role("button", name="Adjust", exact=True).click()
        expect(page.get_by_text("Say why, so that the history explains itself.")).to_be_visible()
        page.locator("#adjust").get_by_label("Reason").fill("Late parcel")
        page.get_by_role("button", name="Adjust", exact=True).click()
        toast(page, "130 points before, 170 now")
        expect(page.get_by_text("Late parcel")).to_be_visible()

    def test_explains_why_these_points(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + f"members/{shop.member.pk}")
        page.get_by_role("row").filter(has_text="Install the app").get_by_text("Why these points").click()
        expect(page.get_by_text("100 × 1.5 = 150 points, rounded down once at the end")).to_be_visible()


class TestAnApiKey:
    def test_is_shown_once_and_revoked_after_a_question(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "settings/developer")
        page.get_by_role("button", name="Create API key").click()
        page.get_by_label("Name", exact=True).fill("Till")
        page.get_by_label("Read only").check()
        page.get_by_role("button", name="Create key").click()
        expect(page.get_by_text("it is shown this once")).to_be_visible()
        secret = page.locator("#secret").inner_text()
        assert secret.startswith("enc_")
        page.reload()
        expect(page.get_by_text(secret)).to_have_count(0)
        page.get_by_role("button", name="Revoke Till").click()
        expect(page.get_by_role("dialog", name="Revoke “Till”?")).to_be_visible()
        page.get_by_role("button", name="Revoke key").click()
        toast(page, "The key is revoked")
        with scopes_disabled():
            assert ApiKey.objects.get(name="Till").revoked_at is not None


class TestTestMode:
    def test_is_a_shadow_test_at_first_and_asks_before_it_pauses_everybody_else(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "settings/test-mode")
        expect(page.get_by_label("Shadow test")).to_be_checked()
        confirmation = page.get_by_label("I understand that this pauses earning")
        expect(confirmation).to_be_hidden()
        page.get_by_label("Restrict to test customers").check()
        page.get_by_role("textbox", name="Test customers").fill("customer1@example.com")
        expect(page.get_by_label("Send test events")).to_be_hidden()
        page.get_by_role("button", name="Turn on test mode").first.click()
        expect(page.get_by_text("Confirm that everybody who is not listed")).to_be_visible()
        confirmation.check()
        page.get_by_role("button", name="Turn on test mode").first.click()
        toast(page, "Test mode is on")
        expect(page.get_by_text("Only test customers earn").first).to_be_visible()
        program = Program.objects.get(pk=shop.program.pk)
        assert program.test_mode == Program.TestMode.RESTRICT
        assert program.test_mode_emails == ["customer1@example.com"]
        page.get_by_role("button", name="Turn off").click()
        expect(page.get_by_role("dialog", name="Turn test mode off?")).to_be_visible()
        page.get_by_role("button", name="Turn off").last.click()
        toast(page, "Test mode is off")

    def test_is_taken_back_after_a_question_and_says_how_far_it_has_come(self, page: Page, shop: Shop, log_in):
        with scope(program=shop.program):
            terms = ModeTerms("shadow", ["customer1@example.com"])
            change_test_mode(program_id=shop.program.pk, terms=terms, now=NOW)
            tester = Member.objects.get(email="customer1@example.com")
            adjust_points(member=tester, points=70, source="staff", now=NOW, note="To try it")
        page.goto(log_in(shop.user) + "settings/test-mode")
        page.get_by_role("button", name="Clean up").click()
        expect(page.get_by_role("dialog", name="Take all tests back?")).to_be_visible()
        expect(page.get_by_text("1 award is reversed, 70 points in all")).to_be_visible()
        page.get_by_role("button", name="Clean up").last.click()
        expect(page.get_by_text("0 of 1 member done")).to_be_visible()
        clean_up()
        expect(page.get_by_text("1 member is as if there had been no test")).to_be_visible()
        expect(page.get_by_text("There is nothing to take back")).to_be_visible()


class TestTheSettings:
    def test_have_everything_written_into_the_shop_again_and_say_how_much_that_is(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "settings")
        page.get_by_role("button", name="Sync now").first.click()
        expect(page.get_by_role("dialog", name="Write everything again?")).to_be_visible()
        page.get_by_role("button", name="Sync now").last.click()
        expect(page.get_by_text("members are being synced.")).to_be_visible()

    def test_unsaved_changes_show_a_bar_and_ask_before_leaving(self, page: Page, shop: Shop, log_in):
        page.goto(log_in(shop.user) + "settings")
        page.get_by_label("Discount codes begin with").fill("TEA-")
        bar = page.get_by_role("region", name="Unsaved changes")
        expect(bar).to_be_visible()
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("link", name="Rewards").click()
        expect(page.get_by_label("Discount codes begin with")).to_have_value("TEA-")
        bar.get_by_role("button", name="Discard").click()
        expect(bar).to_have_count(0)
        page.get_by_role("link", name="Rewards").click()
        expect(page.get_by_role("heading", level=1, name="Rewards")).to_be_visible()
