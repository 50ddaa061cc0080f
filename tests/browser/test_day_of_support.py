"""A day of support: a member is found, a balance explained and corrected, points approved, a delivery sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.earning.facts import CustomerReference, RuleReference
from loyalty.earning.operations import Activity, RuleTerms, award, create_rule
from loyalty.ledger.queries import balances_of
from loyalty.outbox.models import Delivery
from tests.browser.conftest import PHONE
from tests.browser.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def with_points_that_wait(shop: Shop) -> None:
    now = timezone.now()
    with scope(program=shop.program):
        terms = RuleTerms(name="Write a review", points=75, action_key="review", approval_days=14)
        rule = create_rule(program=shop.program, action="custom", terms=terms, now=now - timedelta(days=2))
        activity = Activity(
            rule=RuleReference(action_key=rule.action_key), customer=CustomerReference(shopify_customer_id=7000),
            source="rest", occurred_at=now - timedelta(days=1),
        )  # fmt: skip
        award(activity=activity, program_id=shop.program.pk, now=now - timedelta(days=1))


def balance(shop: Shop) -> int:
    with scope(program=shop.program):
        return balances_of(member_id=shop.member.pk, now=timezone.now()).available


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_a_day_of_support(page: Page, shop: Shop, log_in, looks_right, size):
    page.set_viewport_size(size)
    with_points_that_wait(shop)
    before = balance(shop)
    root = log_in(shop.user)

    page.goto(root + "members")
    page.get_by_label("Search by name, e-mail, customer id or referral code").fill("customer0@example.com")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ada Number 0").click()
    expect(page.get_by_role("heading", level=1, name="Ada Number 0")).to_be_visible()

    # Why does she have so many? The award says it, down to multiplier and lot.
    page.get_by_role("link", name="Install the app").first.click()
    expect(page.get_by_text("Base 100")).to_be_visible()
    expect(page.get_by_role("heading", name="What is left of them")).to_be_visible()
    looks_right()
    page.get_by_role("link", name="Ada Number 0").click()

    # The deduction was a mistake: it is undone, once.
    page.get_by_role("link", name="Adjusted by hand").first.click()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_role("dialog", name="Undo this adjustment?")).to_be_visible()
    page.locator("#undo").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The adjustment is undone.")).to_be_visible()
    assert balance(shop) == before + 20

    # The review is fine: approved now, not in a fortnight.
    page.get_by_role("link", name="Write a review").first.click()
    page.get_by_role("button", name="Approve").first.click()
    expect(page.get_by_role("dialog", name="Approve these points?")).to_be_visible()
    page.locator("#approve").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved: the points can be spent.")).to_be_visible()
    assert balance(shop) > before + 20

    # What the customer was told did not arrive: it goes again.
    page.goto(root + "deliveries?state=dead")
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    page.get_by_role("button", name="Send again").first.click()
    page.locator("#resend").get_by_role("button", name="Send again").click()
    expect(page.get_by_text("On its way again.")).to_be_visible()
    with scope(program=shop.program):
        assert Delivery.objects.filter(state="pending").exists()
