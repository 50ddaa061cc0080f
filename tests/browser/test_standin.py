"""The stand-in for Polaris: a gallery of every element, judged by forms, keys and htmx (admin-ui facts, 4.10).

That the gallery has no axe violation and does not scroll sideways is in test_pages, with every other page.
"""

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)
STATIC = Path(__file__).parents[2] / "static" / "encore"

FORM_DATA = """() => Object.fromEntries([...new Set([...new FormData(document.getElementById('gallery')).keys()])]
    .map(name => [name, new FormData(document.getElementById('gallery')).getAll(name).map(v => v instanceof File ? v.name : v)]))"""
DIRTY = "document.querySelectorAll('.encore-savebar').length"


@pytest.fixture
def gallery(page: Page, empty_shop: str, log_in) -> Page:
    page.goto(log_in(empty_shop) + "gallery")
    return page


def form_data(page: Page) -> dict[str, Any]:
    data: dict[str, Any] = page.evaluate(FORM_DATA)
    data.pop("csrfmiddlewaretoken", None)
    return data


class TestTheBuiltScript:
    def test_is_what_its_sources_say(self):
        spec = importlib.util.spec_from_file_location("build", STATIC / "polaris-standin" / "build.py")
        assert spec is not None
        assert spec.loader is not None
        build = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(build)
        assert (STATIC / "polaris-standin.js").read_text() == build.bundle(), (
            "run static/encore/polaris-standin/build.py"
        )

    def test_may_be_loaded_twice(self, gallery: Page):
        gallery.add_script_tag(url="/static/encore/polaris-standin.js")
        expect(gallery.get_by_role("button", name="Primary")).to_be_visible()
        assert gallery.evaluate("document.querySelectorAll('.encore-toasts').length") == 1


class TestFields:
    def test_submit_what_they_hold_and_nothing_when_off(self, gallery: Page):
        assert form_data(gallery) == {
            "text": ["Ada"], "broken": ["no good"], "number": ["100"], "money": ["10.50"], "email": ["ada@example.com"],
            "url": ["https://example.com"], "password": ["secret"], "search": [""], "date": ["2026-11-20"],
            "color": ["#14594a"], "icon": ["k"], "area": ["Because"], "select": ["silver"], "empty": [""],
            "check": ["on"], "switch": ["on"], "radio": ["once"], "many": ["web", "pos"],
            "aside": ["belongs to the form"], "modal": [""],
        }  # fmt: skip

    def test_submit_what_was_entered(self, gallery: Page):
        gallery.get_by_label("Name", exact=True).fill("Grace")
        gallery.get_by_label("Tier", exact=True).select_option("gold")
        gallery.get_by_label("Agree", exact=True).uncheck()
        gallery.get_by_label("Switched on", exact=True).uncheck()
        gallery.get_by_label("Every time").check()
        gallery.get_by_label("App", exact=True).check()
        gallery.get_by_label("File", exact=True).set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x"}
        )
        data = form_data(gallery)
        assert data["text"] == ["Grace"]
        assert data["select"] == ["gold"]
        assert "check" not in data
        assert "switch" not in data
        assert data["radio"] == ["unlimited"]
        assert data["many"] == ["web", "pos", "app"]
        assert data["file"] == ["a.csv"]

    def test_return_to_their_defaults_on_reset(self, gallery: Page):
        before = form_data(gallery)
        gallery.get_by_label("Name", exact=True).fill("Grace")
        gallery.get_by_label("Every time").check()
        gallery.get_by_label("Not agreed").check()
        gallery.get_by_label("Tier", exact=True).select_option("gold")
        gallery.get_by_role("button", name="Reset").click()
        assert form_data(gallery) == before

    def test_are_reached_by_a_click_on_their_label(self, gallery: Page):
        gallery.locator("s-text-field[name=text] label").click()
        expect(gallery.get_by_label("Name", exact=True)).to_be_focused()

    def test_take_and_lose_an_error_while_the_merchant_types(self, gallery: Page):
        field = gallery.get_by_label("Name", exact=True)
        field.click()
        gallery.evaluate("document.querySelector('[name=text]').setAttribute('error', 'Too short.')")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description("Too short.")
        gallery.evaluate("document.querySelector('[name=text]').removeAttribute('error')")
        expect(field).to_be_focused()
        expect(field).to_have_accessible_description("As your customers read it.")

    def test_submit_their_form_on_enter(self, gallery: Page):
        gallery.get_by_label("Name", exact=True).press("Enter")
        expect(gallery.get_by_role("status").filter(has_text="Received: ").first).to_contain_text("text")

    def test_a_disabled_button_does_nothing(self, gallery: Page):
        gallery.evaluate(
            "window.clicks = 0; document.getElementById('disabled-button').addEventListener('click', () => window.clicks++)"
        )
        gallery.get_by_role("button", name="Disabled").click(force=True)
        assert gallery.evaluate("window.clicks") == 0


class TestElementsThatArriveLater:
    def test_by_inner_html_read_their_children(self, gallery: Page):
        gallery.evaluate(
            """() => {
                const box = document.createElement('div');
                box.id = 'late';
                document.body.append(box);
                const options = '<s-option value="a">A</s-option><s-option value="b" selected>B</s-option>';
                box.innerHTML = `<form><s-select label="Late" name="late">${options}</s-select></form>`;
            }"""
        )
        expect(gallery.get_by_label("Late", exact=True)).to_have_value("b")
        assert gallery.evaluate("new FormData(document.querySelector('#late form')).get('late')") == "b"

    def test_piece_by_piece_read_their_children(self, gallery: Page):
        gallery.evaluate(
            """() => {
                const list = document.createElement('s-choice-list');
                list.setAttribute('label', 'Pieces');
                list.setAttribute('name', 'p');
                document.body.append(list);
                const choice = document.createElement('s-choice');
                choice.setAttribute('value', 'x');
                choice.append('Only one');
                list.append(choice);
            }"""
        )
        expect(gallery.get_by_role("radio", name="Only one")).to_be_visible()

    def test_by_an_htmx_swap_work_like_the_first(self, gallery: Page):
        gallery.evaluate("document.getElementById('gallery').classList.add('before')")
        gallery.locator("#shadow-link").click()
        expect(gallery.locator("#gallery:not(.before)")).to_be_attached()  # the address changes before the page does
        gallery.get_by_label("Name", exact=True).fill("after a swap")
        assert form_data(gallery)["text"] == ["after a swap"]
        assert gallery.evaluate("performance.getEntriesByType('navigation').length") == 1


class TestTheSaveBar:
    def test_comes_with_a_change_and_goes_with_the_save(self, gallery: Page):
        assert gallery.evaluate(DIRTY) == 0
        gallery.get_by_label("Name", exact=True).fill("Grace")
        bar = gallery.get_by_role("region", name="Unsaved changes")
        expect(bar).to_be_visible()
        gallery.get_by_label("Name", exact=True).fill("Ada")
        expect(bar).to_have_count(0)
        gallery.get_by_label("Name", exact=True).fill("Grace")
        bar.get_by_role("button", name="Save").click()
        expect(gallery.get_by_role("status").filter(has_text="Received: ").first).to_be_visible()
        expect(bar).to_have_count(0)


class TestOverlays:
    def test_a_modal_traps_closes_and_gives_the_focus_back(self, gallery: Page, axe_check):
        gallery.get_by_role("button", name="Open modal").click()
        expect(gallery.get_by_role("dialog", name="Adjust points")).to_be_visible()
        expect(gallery.get_by_label("Reason in the modal")).to_be_focused()
        axe_check(gallery)
        gallery.keyboard.press("Escape")
        expect(gallery.get_by_role("dialog")).to_have_count(0)
        expect(gallery.get_by_role("button", name="Open modal")).to_be_focused()

    def test_a_menu_is_walked_by_arrow_keys(self, gallery: Page, axe_check):
        gallery.get_by_role("button", name="More").click()
        expect(gallery.get_by_role("menuitem", name="Rename")).to_be_focused()
        axe_check(gallery)
        gallery.keyboard.press("ArrowDown")
        expect(gallery.get_by_role("menuitem", name="Remove")).to_be_focused()
        gallery.keyboard.press("Home")
        expect(gallery.get_by_role("menuitem", name="Rename")).to_be_focused()
        gallery.keyboard.press("Escape")
        expect(gallery.get_by_role("menuitem", name="Rename")).to_have_count(0)

    def test_a_popover_opens_and_closes(self, gallery: Page):
        opener = gallery.get_by_role("button", name="Popover")
        opener.click()
        expect(gallery.get_by_text("Inside the popover.")).to_be_visible()
        expect(opener).to_have_attribute("aria-expanded", "true")
        opener.click()
        expect(gallery.get_by_text("Inside the popover.")).to_be_hidden()

    def test_a_banner_is_dismissed(self, gallery: Page):
        gallery.get_by_role("button", name="Dismiss").click()
        expect(gallery.get_by_text("For your information")).to_be_hidden()

    def test_a_scripted_address_is_dropped(self, gallery: Page):
        assert gallery.evaluate("document.getElementById('bad-link').shadowRoot.querySelector('a')") is None


class TestATable:
    def test_turns_its_pages(self, gallery: Page):
        gallery.get_by_role("button", name="Next page").click()
        gallery.wait_for_url("**page=2")

    def test_a_click_on_a_row_follows_its_link(self, gallery: Page):
        gallery.get_by_role("cell", name="1,200").click()
        gallery.wait_for_url("**row=1")

    def test_follows_the_width(self, gallery: Page):
        columns = "getComputedStyle(document.getElementById('responsive')).gridTemplateColumns.split(' ').length"
        assert gallery.evaluate(columns) == 3
        gallery.set_viewport_size({"width": 390, "height": 800})
        gallery.wait_for_function(f"{columns} === 1")
