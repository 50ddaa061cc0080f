"""Everything the admin says to people is there in every language, whole, and compiled."""

import re
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from config.messages import gather, placeholders
from shopify_app.dashboard.reading import plain, typed
from shopify_app.dashboard.script_words import WORDS

SCRIPTS = ["app.js", "polaris-standin.js"]


class TestTheCatalogues:
    def test_are_complete_and_what_the_code_says(self):
        call_command("build_messages", "--check")

    def test_hold_what_templates_and_code_say(self):
        ids = {message.id if isinstance(message.id, str) else message.id[0] for message in gather() if message.id}
        assert {"Members", "Adjust points", "%(name)s is on %(tier)s now.", "Give the rule a name"} <= ids

    def test_names_places_by_name(self):
        assert placeholders("%(points)s of %(total)s, 100%%") == {"points", "total"}


class TestTheScripts:
    def test_say_only_what_the_page_gives_them_words_for(self):
        said = set()
        for name in SCRIPTS:
            text = Path(settings.BASE_DIR, "static", "encore", name).read_text()
            said |= set(re.findall(r'\bsay\("([^"]+)"\)', text))
        assert said == set(WORDS)


class TestTheLanguageOfAnAnswer:
    def test_is_what_the_browser_asks_for_in_the_admin(self):
        page = Client().get("/standalone/login/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
        assert page.headers["Content-Language"] == "de"
        assert '<html lang="de"' in page.content.decode()

    def test_is_what_shopifys_admin_speaks_before_what_the_browser_prefers(self):
        page = Client().get("/standalone/login/?locale=de", headers={"Accept-Language": "en"})
        assert page.headers["Content-Language"] == "de"

    def test_is_english_for_a_language_there_is_not(self):
        for asked in ("xx", "", "de\x00", "a" * 600):
            page = Client().get("/standalone/login/", {"locale": asked}, headers={"Accept-Language": "ja"})
            assert page.headers["Content-Language"] == "en"

    def test_is_english_over_rest_whoever_asks(self):
        answer = Client().get("/v1/rewards", headers={"Accept-Language": "de"})
        assert answer.json()["errors"][0]["detail"] == "Missing Authorization header"

    def test_ends_with_the_request(self):
        Client().get("/standalone/login/", headers={"Accept-Language": "de"})
        assert translation.get_language() == "en"


class TestADecimal:
    def test_is_read_by_locale_and_held_by_a_field_as_it_comes_back(self):
        with translation.override("de"):
            assert plain(Decimal("1.250")) == "1,25"
            assert typed(Decimal("1.250")) == "1.25"
