"""An import with errors, and its undo: by mouse and keyboard, from the members' page to the report and back."""

import time
from pathlib import Path

import pytest
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.imports.operations.steps import at_work
from loyalty.imports.tasks import go_on
from loyalty.ledger.queries import balances_of
from loyalty.members.models import Member
from tests.browser.shop import NOW, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    """What the workers do."""
    until = time.monotonic() + 20
    while at_work() and time.monotonic() < until:
        go_on()


def test_an_import_with_errors_and_its_undo(page: Page, shop: Shop, log_in, looks_right, tmp_path: Path):
    file = tmp_path / "rivo.csv"
    file.write_text(
        "Email,Points Balance,Birthdate,VIP Tier\ncustomer7@example.com,5000,1990-04-03,Bronze\n"
        "customer8@example.com,many,,\ncustomer9@example.com,10,,Platinum\n"
    )
    with scope(program=shop.program):
        member = Member.objects.get(email="customer7@example.com")
        before = balances_of(member_id=member.pk, now=NOW).available
    page.goto(log_in(shop.user) + "members")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Where does the file come from?").select_option("rivo")
    looks_right()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_label("Points", exact=True)).to_have_value("1")
    expect(page.get_by_label("Send nothing to customers")).to_be_checked()
    looks_right()
    page.get_by_role("button", name="Show the preview").first.click()
    expect(page.get_by_text("You can leave this page.")).to_be_visible()
    looks_right()
    work()

    expect(page.get_by_text("“many” is no whole number of points.")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("There is no VIP tier called “Platinum”.")).to_be_visible()
    looks_right()
    page.set_viewport_size({"width": 390, "height": 844})
    looks_right()
    page.set_viewport_size({"width": 1280, "height": 800})
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export CSV").click()
    assert len(Path(coming.value.path()).read_text(encoding="utf-8-sig").splitlines()) == 3
    page.get_by_role("button", name="Throw the file away").click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("link", name="Match the columns anew")).to_be_visible()
    page.get_by_role("button", name="Import 1 row").click()
    expect(page.get_by_text("You can leave this page.")).to_be_visible()
    work()

    expect(page.get_by_text("1 row was imported")).to_be_visible(timeout=10_000)
    with scope(program=shop.program):
        assert balances_of(member_id=member.pk, now=NOW).available == 5000
    looks_right()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("Rewards that were bought stay bought")).to_be_visible()
    looks_right()
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("Taking the import back").first).to_be_visible()
    work()

    expect(page.get_by_text(f"{5000 - before:,} points were taken back")).to_be_visible(timeout=10_000)
    with scope(program=shop.program):
        assert balances_of(member_id=member.pk, now=NOW).available == before
    looks_right()
