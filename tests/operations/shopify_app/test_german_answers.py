"""A German admin says nothing in English: not on its pages, and not in answer to whatever is typed into its forms."""

import ast
import json
import re

import pytest
from django.test import Client

from config.environment import PROJECT
from loyalty.imports.mappings import SOURCES
from loyalty.integrations.naming import EVENTS
from shopify_app.dashboard.integrations import FLOW_STEPS, FLOW_TRIGGERS
from tests.browser.shop import EMPTY_PATHS, Shop, empty_program, filled_shop
from tests.rendered import Rendered, Sent

pytestmark = pytest.mark.django_db
ENGLISH_ELSEWHERE = (
    "loyalty/api", "migrations", "management", "emails/texts", "shopify_app/docs", "webhooks/client.py",
)  # fmt: skip
"""Where English is the right language: REST, texts of their own, and what workers write into the log of deliveries."""
NAMES = {
    *SOURCES,
    *FLOW_STEPS,
    *FLOW_TRIGGERS,
    *(named.name for named in EVENTS.values()),
    *(source.label for source in SOURCES.values()),
    "Refer a friend",
    "Place an order",
}
"""What has one name in every language: other apps, what flows are built on, and rules as a shop has named them."""
BY_NAME = ("gallery", "integrations", "integrations/flow", "deliveries/")
"""Pages of Flow's own names, of a developer, and of what workers wrote into the log of deliveries, which is English."""
BAD = ("", "x" * 3000, "-1", "Quatsch")


def sentences() -> dict[str, str]:
    """Everything of at least three words that the code writes out, by itself or around a figure; and where."""
    found = {}
    for path in sorted([*(PROJECT / "loyalty").rglob("*.py"), *(PROJECT / "shopify_app").rglob("*.py")]):
        name = str(path.relative_to(PROJECT))
        if not any(each in name for each in ENGLISH_ELSEWHERE):
            for text in literals(ast.parse(path.read_text())):
                for part in re.split(r"%\(\w+\)[sd]|\{\{.*?\}\}", text):
                    words = " ".join(part.split()).strip(" .,:;“”")
                    if len(re.findall(r"\b[A-Za-z]{2,}\b", words)) > 2 and " " in words:
                        found[words] = name
    return {words: name for words, name in found.items() if words not in NAMES}


def literals(tree: ast.Module) -> list[str]:
    """The texts of a module that are no docstrings."""
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs]
    return [node.value for node in texts if isinstance(node.value, str)]


class TestAGermanAdmin:
    @pytest.fixture
    def shop(self) -> Shop:
        return filled_shop()

    def test_says_nothing_in_english(self, shop):
        german, english = _german(shop.user), sentences()
        empty_program()
        found = []
        for client, paths in ((german, shop.paths()), (_german("empty"), EMPTY_PATHS)):
            for path in paths:
                if path not in BY_NAME and not path.startswith(BY_NAME[-1]):
                    text = Rendered(client.get(f"/standalone/{path}").content.decode()).text
                    found += [(path, words, file) for words, file in english.items() if words in text]
        assert found == []

    def test_refuses_nothing_in_english(self, shop):
        german, english = _german(shop.user), sentences()
        pages = [Rendered(german.get(f"/standalone/{path}").content.decode()) for path in shop.paths()]
        before = "\n".join(page.text for page in pages)
        english = {words: file for words, file in english.items() if words not in before}
        forms = {re.sub(r"\d+", "", form.action): form for page in pages for form in page.forms if form.action}
        forms = {action: form for action, form in forms.items() if "logout" not in action}
        assert len(forms) > 60
        found = []
        for form in forms.values():
            for typed in BAD:
                text = _answer(german, form, typed)
                found += [(form.action, words, file) for words, file in english.items() if words in text]
        assert found == []


def _german(user: str) -> Client:
    client = Client(headers={"Accept-Language": "de"})
    client.login(username=user, password=user)
    return client


def _answer(client: Client, form: Sent, typed: str) -> str:
    """What is said once the same was typed into every field: the page, or the toast."""
    answer = client.post(form.action, dict.fromkeys(form.fields, typed), headers={"HX-Request": "true"})
    assert answer.status_code < 500, form.action
    toast = json.loads(answer.headers.get("HX-Trigger") or "{}").get("toast", {}).get("message", "")
    return f"{Rendered(answer.content.decode()).text}\n{toast}"
