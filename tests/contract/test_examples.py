"""The document's examples: every request is sent, and what comes back is what the document, the reference and the
recipes show. `make openapi` records the answers."""

import html
import json
import os
import re
import shlex
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from loyalty.api.v1 import examples
from shopify_app.docs.calls import Call, calls
from shopify_app.docs.collection import FILE, SCHEMA, collection
from shopify_app.docs.management.commands.postman_collection import BASE_URL
from shopify_app.docs.recipes import RECIPES
from tests.contract.example_shop import ExampleShop
from tests.contract.test_openapi import document, operations
from tests.contract.test_openapi_answers import check
from tests.receiver import Receiver

COMMITTED = settings.BASE_DIR / "docs" / "api" / FILE
IS_RECORDING = bool(os.environ.get("RECORD_EXAMPLES"))


@pytest.fixture
def shop(transactional_db, sandbox, monkeypatch):  # a purchase is more than one transaction
    import threading

    receiver = Receiver()
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    opened = ExampleShop.open(sandbox, receiver, monkeypatch)
    yield opened
    receiver.shutdown()
    receiver.server_close()
    opened.assert_sound()


def record(operation, status, answer):
    told = json.loads(examples.ANSWERS.read_text()) if examples.ANSWERS.exists() else {}
    told[operation] = {"status": status, "body": answer}
    kept = {name: told[name] for name in examples.EXAMPLES if name in told}
    examples.ANSWERS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


class TestEveryExample:
    def test_is_of_an_operation_and_every_operation_has_one(self):
        assert set(examples.EXAMPLES) == set(calls()) == {each["operationId"] for each in operations().values()}

    @pytest.mark.parametrize("operation", examples.EXAMPLES)
    def test_is_answered_as_the_document_shows(self, shop, operation):
        call = calls()[operation]
        shop.chance.seed(operation)  # ids don't change with what others do
        status, answer = shop.ask(call)
        assert 200 <= status < 300, answer
        if IS_RECORDING:
            record(operation, status, answer)
        assert {"status": status, "body": answer} == json.loads(examples.ANSWERS.read_text())[operation]
        content = b"" if answer is None else json.dumps(answer).encode()
        check(call.method, call.path, status, {"Content-Type": "application/json; charset=utf-8"}, content)

    @pytest.mark.parametrize("operation", examples.EXAMPLES)
    def test_is_in_the_document(self, operation):
        call, told = calls()[operation], examples.recorded_answers()[operation]
        asked = examples.EXAMPLES[operation]
        assert (call.places, call.query, call.body) == (asked.places, asked.query, asked.body)
        assert call.headers == ({"Idempotency-Key": asked.key} if asked.key else {})
        assert call.answer == told["body"]
        assert call.answer is None or call.status == str(told["status"])


def commands(page: bytes) -> list[str]:
    """What a reader would copy from a page."""
    blocks = re.findall(r'<pre class="code"[^>]*>(.*?)</pre>', page.decode(), re.DOTALL)
    return [text for text in map(html.unescape, blocks) if text.startswith("curl ")]


def typed(command: str) -> Call:
    """The call that a shell and curl would make of a command."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, headers, body, url = "get", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words).lower()
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = json.loads(next(words))
        elif word != "-g":
            url = word
    assert headers.pop("Authorization") == "$ENCORE_API_KEY"
    assert (headers.pop("Content-Type", None) == "application/json") == (body is not None)
    assert "[" not in url or "-g" in command.split()
    assert url.startswith(settings.APP_URL)
    parts = urlsplit(url)
    return Call(method, parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers, body=body)


class TestARecipe:
    @pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
    def test_works_as_it_is_written_from_the_first_command_to_the_last(self, shop, recipe):
        page = Client().get(f"/docs/recipes/{recipe.name}")
        told = commands(page.content)
        assert len(told) >= 4
        for command in told:
            status, answer = shop.ask(typed(command))
            assert 200 <= status < 300, (command, answer)

    def test_is_named_in_the_reference(self):
        page = Client().get("/docs/api").content.decode()
        assert all(f'href="/docs/recipes/{recipe.name}"' in page for recipe in RECIPES)

    def test_names_only_places_that_the_reference_has(self):
        anchors = set(re.findall(r'id="(\w+)"', Client().get("/docs/api").content.decode()))
        for recipe in RECIPES:
            named = re.findall(r'/docs/api#(\w+)"', Client().get(f"/docs/recipes/{recipe.name}").content.decode())
            assert set(named) <= anchors

    def test_that_nobody_wrote_is_not_found(self):
        assert Client().get("/docs/recipes/cake").status_code == 404


class TestTheReference:
    @pytest.mark.parametrize("operation", examples.EXAMPLES)
    def test_shows_a_command_that_makes_the_examples_call(self, operation):
        call = calls()[operation]
        again = typed(call.curl(settings.APP_URL))
        assert (again.method, again.path, again.body) == (call.method, call.target, call.body)
        assert again.headers == call.headers
        assert call.curl(settings.APP_URL) in html.unescape(Client().get("/docs/api").content.decode())


class TestTheCollection:
    def test_is_committed_as_it_is_generated(self):
        assert json.loads(COMMITTED.read_text()) == collection(document(), base_url=BASE_URL), "run `make openapi`"

    def test_is_served_with_this_address(self):
        answer = Client().get(f"/docs/{FILE}")
        variables = {each["key"]: each["value"] for each in answer.json()["variable"]}
        assert (answer.json()["info"]["schema"], variables["base_url"]) == (SCHEMA, settings.APP_URL)
        assert FILE in answer["Content-Disposition"]

    def test_sends_the_examples_calls_with_the_key(self):
        made = collection(document(), base_url="https://example.com")
        sent = [self.sent(item["request"]) for folder in made["item"] for item in folder["item"]]
        assert sorted(sent) == sorted((c.method.upper(), c.target, json.dumps(c.body)) for c in calls().values())
        assert {each["key"]: each["value"] for each in made["auth"]["apikey"]} == {
            "key": "Authorization", "value": "{{api_key}}", "in": "header",
        }  # fmt: skip

    def sent(self, request):
        """What Postman would send: places filled, what is switched off left out."""
        url = request["url"]
        places = {f":{each['key']}": each["value"] for each in url["variable"]}
        path = "/" + "/".join(places.get(part, part) for part in url["path"])
        query = "&".join(f"{each['key']}={each['value']}" for each in url["query"] if not each["disabled"])
        assert url["raw"].startswith("{{base_url}}/v1/")
        body = request.get("body")
        return (
            request["method"],
            path + (f"?{query}" if query else ""),
            body["raw"] and self.one_line(body) if body else "null",
        )

    def one_line(self, body):
        return json.dumps(json.loads(body["raw"]))
