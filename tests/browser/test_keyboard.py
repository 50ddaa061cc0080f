"""Everything by keyboard alone: what is focused is seen, what opens is left by Escape, and a form is filled and sent."""

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from loyalty.ledger.queries import balances_of
from tests.browser.shop import Shop

pytestmark = pytest.mark.django_db(transaction=True)
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const host = node?.getRootNode().host ?? node;
  const style = node ? getComputedStyle(node) : null;
  return {
    name: (node?.getAttribute("aria-label") || host?.textContent || node?.textContent || "").trim(),
    isSeen: Boolean(style) && (style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderColor !== ""),
  };
}"""
MOST_STOPS = 60


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what is called so has the focus; every stop on the way can be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["isSeen"], focused
        if focused["name"].startswith(name):
            return
    raise AssertionError(f"{name} is not reached in {MOST_STOPS} stops")


def test_points_are_adjusted_without_a_mouse(page: Page, shop: Shop, log_in):
    page.goto(log_in(shop.user) + f"members/{shop.member.pk}")
    with scope(program=shop.program):
        before = balances_of(member_id=shop.member.pk, now=timezone.now()).available
    tab_to(page, "Adjust points")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Adjust points")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert page.evaluate(FOCUSED)["name"].startswith("Adjust points")  # the focus is where it was

    page.keyboard.press("Enter")
    expect(page.get_by_label("Points to add or deduct")).to_be_focused()
    page.keyboard.type("25")
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard")
    tab_to(page, "Adjust")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Adjusted:").first).to_be_visible()
    with scope(program=shop.program):
        assert balances_of(member_id=shop.member.pk, now=timezone.now()).available == before + 25


def test_nothing_moves_for_who_asked_for_less_motion(page: Page, shop: Shop, log_in):
    """The browser of these tests asks for reduced motion."""
    root = log_in(shop.user)
    for path in ("", "integrations/klaviyo", "gallery"):
        page.goto(root + path)
        running = page.evaluate(
            "document.getAnimations({ subtree: true }).filter((each) => each.playState === 'running').length"
        )
        assert running == 0, path
