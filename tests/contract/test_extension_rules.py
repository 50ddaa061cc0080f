"""Shopify's own specifications take every extension, and each rule is seen to fail on a sample broken on purpose."""

import base64
import re
import tomllib

import pytest
from django.urls import resolve

from flow_extensions.callbacks.trigger_lifecycle.endpoint import lifecycle
from shopify_app.dashboard.integrations import FLOW_STEPS, FLOW_TRIGGERS
from tests.contract.extensions import PROJECT, copy_of_the_app, found, verdicts

APP = "shopify.app.toml"
ACTION = "flow_extensions/actions/award_custom_action/shopify.extension.toml"
TRIGGER = "flow_extensions/triggers/loyalty_points_earned/shopify.extension.toml"
TEMPLATE = "flow_extensions/templates/birthday_bonus/shopify.extension.toml"
LIFECYCLE = "flow_extensions/callbacks/trigger_lifecycle/shopify.extension.toml"
"""Of a type that the CLI's bundled specifications lack: it is dropped without a word, and only our own rules look at it."""
BROKEN = {
    "an unknown field type": (ACTION, 'type = "single_line_text_field"', 'type = "select"'),
    "an integer in a trigger": (TRIGGER, 'type = "number_decimal"', 'type = "number_integer"'),
    "several lines in a trigger": (TRIGGER, 'type = "single_line_text_field"', 'type = "multi_line_text_field"'),
    "a digit in a trigger's key": (TRIGGER, 'key = "Note"', 'key = "Note 2"'),
    "a key on a reference": (ACTION, 'type = "customer_reference"', 'type = "customer_reference"\n  key = "customer"'),
    "a field without a key": (ACTION, '  key = "action_key"\n', ""),
    "a field without a name": (ACTION, '  name = "Action key"\n', ""),
    "a return type without its schema": (ACTION, 'schema = "./schema.graphql"\n', ""),
    "an action's schema that is not there": (ACTION, "./schema.graphql", "./nowhere.graphql"),
    "a trigger's schema that is not there": (TRIGGER, "./schema.graphql", "./nowhere.graphql"),
    "no address": (ACTION, 'runtime_url = "/flow/actions/award-custom-action"\n', ""),
    "an address over http": (ACTION, 'runtime_url = "/flow', 'runtime_url = "http://app.example.com/flow'),
    "a handle with a blank": (ACTION, 'handle = "award-custom-action"', 'handle = "award custom action"'),
    "a handle twice": (TRIGGER, 'handle = "loyalty-points-earned"', 'handle = "award-custom-action"'),
    "an unknown kind of extension": (TRIGGER, 'type = "flow_trigger"', 'type = "flow_triger"'),
    "a category there is not": (TEMPLATE, '"loyalty"', '"promotions"'),
    "a template without its workflow": (TEMPLATE, "./template.flow", "./nowhere.flow"),
    "a switch that is no boolean": (TEMPLATE, "enabled = false", 'enabled = "no"'),
    "folders one level too high": (APP, '"flow_extensions/*/*"', '"flow_extensions/*"'),
    "TOML that is none": (ACTION, "[settings]", "[settings"),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The app as it is, and one copy per broken rule, judged in one go."""
    folder = tmp_path_factory.mktemp("apps")
    apps = {"as it is": copy_of_the_app(folder / "as-it-is")}
    for number, (name, (file, right, wrong)) in enumerate(BROKEN.items()):
        apps[name] = copy_of_the_app(folder / str(number))
        text = (apps[name] / file).read_text()
        assert right in text, f"{name}: the sample no longer breaks anything"
        (apps[name] / file).write_text(text.replace(right, wrong, 1))
    said = verdicts(apps.values(), folder)
    return {name: said[path] for name, path in apps.items()}


class TestShopifysSpecifications:
    def test_find_no_fault(self, judged):
        assert judged["as it is"]["faults"] == []

    def test_load_as_many_extensions_as_there_are_manifests(self, judged):
        folders = [PROJECT / "flow_extensions", PROJECT / "theme_extension"]
        manifests = {str(path.relative_to(PROJECT)) for each in folders for path in each.rglob("*.extension.toml")}
        manifests.remove(LIFECYCLE)
        assert {each["path"] for each in judged["as it is"]["loaded"]} == manifests
        flow = [*found("actions"), *found("triggers"), *found("templates")]
        assert len(judged["as it is"]["loaded"]) == len(manifests) == len(flow) + 1  # and the theme's

    def test_take_each_template_as_it_was_built(self, judged):
        loaded = {each["handle"]: each["config"] for each in judged["as it is"]["loaded"]}
        for extension in found("templates"):
            config = loaded[extension.handle]
            assert base64.b64decode(config["definition"]) == (extension.folder / "template.flow").read_bytes()
            switches = extension.manifest["template"]
            assert (config["enabled"], config["discoverable"]) == (switches["enabled"], switches["discoverable"])

    @pytest.mark.parametrize("kind", ["actions", "triggers"])
    def test_see_the_properties_we_read_and_send(self, judged, kind):
        loaded = {each["handle"]: each["config"] for each in judged["as it is"]["loaded"]}
        for extension in found(kind):
            names = {field["name"] for field in loaded[extension.handle]["fields"]}
            assert names == extension.keys | extension.references

    @pytest.mark.parametrize("name", BROKEN)
    def test_refuse(self, judged, name):
        assert judged[name]["faults"], f"{name} was let through"


class TestTheRulesNoToolChecks:
    """shopify facts, 2.5 and 3.2."""

    @pytest.mark.parametrize(
        "extension", [*found("actions"), *found("triggers"), *found("templates")], ids=lambda each: each.handle
    )
    def test_handles_are_short_and_plain(self, extension):
        assert re.fullmatch(r"[A-Za-z0-9-]{1,30}", extension.handle)
        assert extension.folder.name == extension.handle.replace("-", "_")

    @pytest.mark.parametrize("extension", [*found("actions"), *found("triggers")], ids=lambda each: each.handle)
    def test_names_are_in_sentence_case_without_punctuation(self, extension):
        assert re.fullmatch(r"[A-Z][a-z]+( [a-z]+| VIP)+", extension.manifest["name"])

    @pytest.mark.parametrize(("kind", "listed"), [("actions", FLOW_STEPS), ("triggers", FLOW_TRIGGERS)])
    def test_all_are_listed_on_the_page_of_integrations(self, kind, listed):
        assert sorted(listed) == sorted(each.manifest["name"] for each in found(kind))

    @pytest.mark.parametrize("extension", found("actions"), ids=lambda each: each.handle)
    def test_an_action_is_named_by_a_verb(self, extension):
        assert extension.manifest["name"].split()[0] in {
            "Award",
            "Add",
            "Remove",
            "Assign",
            "Reward",
            "Approve",
            "Issue",
        }

    @pytest.mark.parametrize("extension", found("triggers"), ids=lambda each: each.handle)
    def test_a_trigger_is_named_by_what_has_happened(self, extension):
        assert re.search(r"(ed|reached|up|lost)$", extension.manifest["name"])

    @pytest.mark.parametrize("extension", found("actions"), ids=lambda each: each.handle)
    def test_a_return_type_and_its_schema_come_together(self, extension):
        assert extension.manifest["return_type_ref"] in extension.schema().type_map

    @pytest.mark.parametrize("extension", [*found("actions"), *found("triggers")], ids=lambda each: each.handle)
    def test_every_type_and_field_of_a_schema_is_described(self, extension):
        text = (extension.folder / extension.manifest["schema"]).read_text()
        assert not re.search(r"^\s*(union|interface|scalar|directive)\b|@", text, re.M)
        for kind in extension.schema().type_map.values():
            if kind.ast_node is None or kind.name == "Query":
                continue
            assert kind.description, kind.name
            assert [name for name, field in getattr(kind, "fields", {}).items() if not field.description] == []


class TestTheLifecycleCallback:
    """shopify facts, 3.3."""

    def test_has_the_fields_that_are_documented_and_an_address_of_ours(self):
        (manifest,) = tomllib.loads((PROJECT / LIFECYCLE).read_text())["extensions"]
        assert manifest.keys() - {"uid"} == {"name", "type", "handle", "url"}
        assert manifest["type"] == "flow_trigger_lifecycle_callback"
        assert resolve(manifest["url"]).func is lifecycle
        assert manifest["handle"] not in {each.handle for each in [*found("actions"), *found("triggers")]}
