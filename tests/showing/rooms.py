"""The pages of the admin by name: an address, or the first link of a page that leads to one of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from tests.a_demo import Demo


@dataclass(frozen=True)
class Room:
    """A page: its name, and where it is; `link` is what an address of its kind looks like, and `path` then the page with it."""

    name: str
    path: str
    link: str = ""


ROOMS = [
    Room("home", ""),
    Room("earning-rules", "earning-rules"),
    Room("earning-rules-gallery", "earning-rules/new"),
    Room("earning-rule-purchase", "earning-rules/new/place_order"),
    Room("earning-rule", "earning-rules", r"earning-rules/rule_\w+$"),
    Room("custom-action", "earning-rules/new/custom"),
    Room("custom-action-calls", "earning-rules/calls"),
    Room("rewards", "rewards"),
    Room("reward", "rewards", r"rewards/reward_\w+$"),
    Room("vip-tiers", "vip-tiers"),
    Room("campaigns", "campaigns"),
    Room("campaign-calendar", "campaigns?view=calendar"),
    Room("campaign", "campaigns", r"campaigns/camp\w*_\w+$"),
    Room("referrals", "referrals"),
    Room("on-site", "on-site"),
    Room("members", "members"),
    Room("member", "members", r"members/\d+$"),
    Room("movement", "activity?kind=redemption", r"members/\d+/points/\d+$"),
    Room("activity", "activity"),
    Room("approvals", "approvals"),
    Room("analytics", "analytics"),
    Room("integrations", "integrations"),
    Room("integration", "integrations/klaviyo"),
    Room("webhooks", "webhooks"),
    Room("deliveries", "deliveries"),
    Room("delivery", "deliveries", r"deliveries/\d+$"),
    Room("settings", "settings"),
    Room("test-mode", "settings/test-mode"),
    Room("missed", "settings/test-mode/missed"),
    Room("privacy", "settings/privacy"),
    Room("developer", "settings/developer"),
    Room("imports", "members/imports"),
    Room("emails", "settings/emails"),
    Room("email", "settings/emails/reward_issued/en"),
    Room("languages", "settings/languages"),
    Room("plan", "settings/plan"),
    Room("flow-recipes", "integrations/flow"),
    Room("start", "start"),
    Room("start-template", "start/coffee"),
    Room("api-calls", "settings/developer/calls"),
]


def log_in(browser: Browser, demo: Demo, width: int, language: str = "en-GB") -> Page:
    """Opens a window of so many CSS pixels, logged in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale=language, timezone_id="UTC", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{demo.url}/standalone/login/")
    page.locator("s-text-field input").fill(demo.user)
    page.locator("s-password-field input").fill(demo.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/standalone/")
    return page


def addresses(page: Page, demo: Demo) -> Iterator[tuple[Room, str]]:
    """Returns every room with its address; one that this demo has nothing to show in is left out, and said."""
    root = f"{demo.url}/standalone/"
    for room in ROOMS:
        if not room.link:
            yield room, root + room.path
            continue
        page.goto(root + room.path)
        found = page.eval_on_selector_all("[href]", "all => all.map(each => each.getAttribute('href'))")
        match = next((each for each in found if re.search(room.link, each)), None)
        if match is None:
            print(f"{room.name}: nothing of its kind on {room.path}", flush=True)
        else:
            yield room, demo.url + match
