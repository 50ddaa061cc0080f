"""Approvals as a merchant decides them: a page at one go, and everything that waits."""

import pytest
from playwright.sync_api import Page, expect

from loyalty.earning.models import Award
from loyalty.earning.tasks import decide_all
from shopify_app.dashboard.operations import set_login
from tests.a_shop import AShop
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = 27


@pytest.fixture
def shop(db):
    made = AShop.new()
    set_login(program=made.program, username="ada", password="ada")
    made.action(points=100, approval_days=9)
    for number in range(WAITING):
        made.member(7001 + number)
        made.award(customer=7001 + number)
    with made.scope():
        yield made
        made.assert_sound()


def approved() -> int:
    return Award.objects.filter(status="approved").count()


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desk", "phone"])
def test_one_box_chooses_the_page_and_no_more(page: Page, shop: AShop, log_in, size):
    page.set_viewport_size(size)
    page.goto(log_in("ada") + "approvals")
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Carry out", exact=True).click()
    expect(page.get_by_text("25 approved.")).to_be_visible()
    expect(page.get_by_text("2 awards wait.")).to_be_visible()
    assert approved() == 25


def test_everything_is_decided_about_and_the_page_follows(page: Page, shop: AShop, log_in):
    page.goto(log_in("ada") + "approvals")
    page.get_by_role("button", name="Decide about all (27)").click()
    page.locator("#decide-all").get_by_role("button", name="Carry out for all").click()
    expect(page.get_by_text("A decision about everything is being carried out")).to_be_visible()
    decide_all()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    expect(page.get_by_text("27 approved.")).to_be_visible()
    assert approved() == WAITING
