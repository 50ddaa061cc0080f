"""The Flow templates as they are committed: well formed, true to our own steps, and none claimed to work that nobody saw."""

import hashlib
import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from flow_extensions.actions.registry import HANDLERS
from flow_extensions.actions.reward_points_for_reviews.handler import TYPES
from flow_extensions.templates import files
from flow_extensions.templates.definitions import BadDefinition
from flow_extensions.templates.task_ids import SEEN
from flow_extensions.triggers.registry import TRIGGERS
from tests.contract.extensions import PROJECT, Extension, found

FLOW = PROJECT / "flow_extensions"
TEMPLATES = {extension.handle: extension for extension in found("templates")}
ACTIONS = {extension.handle: extension for extension in found("actions")}
OUR_TRIGGERS = {extension.handle: extension for extension in found("triggers")}
TASKS = files.tasks()
REVIEWS = {
    "points-for-okendo-reviews": "OKENDO",
    "points-for-loox-reviews": "LEAVE_REVIEW_LOOX_IO",
    "points-for-reviews-io": "REVIEWS_IO",
    "points-for-air-reviews": "AIR_REVIEWS",
    "points-for-rivyo-reviews": "LEAVE_REVIEW_PRODUCT_REVIEWS",
}
"""Every app with a template of its own, and the review type our step takes for it."""
OURS = {"birthday-bonus", "gold-tier-welcome", "new-member-tag"}

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def built(template: Extension) -> dict[str, Any]:
    """The workflow of a committed `.flow` file."""
    text = (template.folder / template.manifest["template"]["module"]).read_bytes().decode().partition(":")[2]
    workflow: dict[str, Any] = json.loads(text)["root"]
    return workflow


def steps(template: Extension) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each step as it is defined and as it was built."""
    definition = tomllib.loads((template.folder / "definition.toml").read_text())
    return list(zip(definition["steps"], built(template)["steps"], strict=True))


def values(step: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a built step."""
    return {each["config_field_id"]: each["value"] for each in step["config_field_values"]}


def test_there_are_five_for_review_apps_and_three_of_our_own():
    assert set(TEMPLATES) == {*REVIEWS, *OURS}


class TestABuiltFile:
    @every_template
    def test_begins_with_the_hash_of_its_exact_text(self, template):
        digest, _, text = (template.folder / "template.flow").read_bytes().partition(b":")
        assert digest.decode() == hashlib.sha256(text).hexdigest()

    @every_template
    def test_is_of_the_shape_that_flow_exports(self, template):
        workflow = built(template)
        assert workflow.keys() == {
            "steps", "links", "patched_fields", "variables", "note", "vertical_layout_enabled", "workflow_name",
        }  # fmt: skip
        for step in workflow["steps"]:
            assert step.keys() == {
                "step_id", "step_position", "config_field_values", "task_id", "task_version", "task_type", "description",
                "note", "name",
            }  # fmt: skip
            assert all(isinstance(value, str) for value in values(step).values())
        assert [step["task_type"] for step in workflow["steps"]].count("TRIGGER") == 1

    @every_template
    def test_links_join_steps_that_are_there_by_ports_they_have(self, template):
        workflow = built(template)
        types = {step["step_id"]: step["task_type"] for step in workflow["steps"]}
        ports = {"TRIGGER": {"output"}, "ACTION": {"output"}, "CONDITION": {"true", "false"}}
        for link in workflow["links"]:
            assert link["from_port_id"] in ports[types[link["from_step_id"]]]
            assert link["to_port_id"] == "input" and types[link["to_step_id"]] != "TRIGGER"
        led_to = [link["to_step_id"] for link in workflow["links"]]
        assert sorted(led_to) == sorted(id for id, kind in types.items() if kind != "TRIGGER")

    def test_shares_no_step_id_with_another(self):
        ids = [step["step_id"] for template in TEMPLATES.values() for step in built(template)["steps"]]
        assert len(ids) == len(set(ids))
        assert {UUID(id).version for id in ids} == {5}

    def test_is_what_its_definition_says(self):
        call_command("build_flow_templates", "--check", verbosity=0)

    @every_template
    def test_is_named_in_the_words_the_merchant_reads(self, template):
        said = json.loads((template.folder / "locales" / "en.default.json").read_text())
        assert said.keys() == {"name", "description"}
        assert built(template)["workflow_name"] == said["name"]
        assert (template.manifest["name"], template.manifest["description"]) == ("t:name", "t:description")
        assert 1 <= len(template.manifest["template"]["categories"]) <= 2


class TestOurOwnSteps:
    @every_template
    def test_have_a_handler_or_a_trigger_behind_them(self, template):
        handles = [TASKS[step["task"]].handle for step, _ in steps(template)]
        assert [handle for handle in handles if handle], "a template of ours uses something of ours"
        for handle in filter(None, handles):
            assert handle in HANDLERS or handle in TRIGGERS

    @every_template
    def test_fill_exactly_the_fields_of_the_manifest_and_leave_no_required_one_blank(self, template):
        for step, made in steps(template):
            action = ACTIONS.get(TASKS[step["task"]].handle)
            if action is None:
                continue
            filled = values(made)
            assert filled.keys() == action.keys | action.references
            assert all(filled[field["key"]] for field in action.fields if field["required"] and "key" in field)

    @pytest.mark.parametrize(("handle", "kind"), REVIEWS.items(), ids=REVIEWS)
    def test_award_a_review_under_its_apps_own_type(self, handle, kind):
        (trigger, _), (points, made) = steps(TEMPLATES[handle])
        assert TASKS[trigger["task"]].type == "TRIGGER" and not TASKS[trigger["task"]].handle
        assert TASKS[points["task"]].handle == "reward-points-for-reviews"
        assert values(made)["review-type"] == kind
        assert kind in TYPES
        told = {key: value for key, value in points["fields"].items() if key not in ("review-type", "review-id")}
        assert all(re.fullmatch(r"\{\{[^{}]+\}\}", value) for value in told.values())

    @pytest.mark.parametrize(
        "task", [each for each in TASKS.values() if each.handle in TRIGGERS], ids=lambda each: each.name
    )
    def test_read_of_our_triggers_only_what_they_tell(self, task):
        trigger = OUR_TRIGGERS[task.handle]
        names = {key[0].lower() + key.title().replace(" ", "")[1:]: key for key in trigger.keys}
        details = trigger.schema().get_type("CustomerLoyaltyDetails").fields
        for path in task.variables.values():
            first, _, rest = path.partition(".")
            if first == "customer":
                assert "customer_id" in trigger.references and rest
            else:
                assert names[first] == "Customer Loyalty Details"
                assert rest in details


class TestNothingIsOfferedThatNobodySaw:
    @every_template
    def test_what_uses_an_unseen_task_is_switched_off(self, template):
        unseen = [step["task"] for step, _ in steps(template) if TASKS[step["task"]].known_from != SEEN]
        switches = template.manifest["template"]
        assert switches["enabled"] is switches["discoverable"] is (not unseen)
        assert "allow_one_click_activate" not in switches

    @every_template
    def test_no_unknown_word_is_in_a_template_that_is_on(self, template):
        text = (template.folder / "template.flow").read_text()
        assert "unverified::" not in text or template.manifest["template"]["enabled"] is False

    @every_template
    def test_an_unknown_id_is_built_as_what_nobody_can_take_for_one(self, template):
        for step, made in steps(template):
            task = TASKS[step["task"]]
            assert made["task_id"] == (task.id or f"unverified::{task.name}")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The extensions, to be changed."""
    return Path(
        shutil.copytree(FLOW, tmp_path / "flow_extensions", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    )


def write_ids(extensions: Path, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes the file of ids: JSON's texts are TOML's."""
    lines = []
    for name, entry in entries.items():
        for table, content in ((None, entry), *((key, entry[key]) for key in ("fields", "variables") if key in entry)):
            lines.append(f"[{json.dumps(name)}{'.' + table if table else ''}]")
            lines += [
                f"{json.dumps(key)} = {json.dumps(text)}" for key, text in content.items() if isinstance(text, str)
            ]
    (extensions / "templates" / "task_ids.toml").write_text("\n".join(lines))


def build(extensions: Path, *options: str) -> str:
    """Runs the command on a copy; what it says."""
    said = StringIO()
    call_command("build_flow_templates", f"--extensions={extensions}", *options, stdout=said)
    return said.getvalue()


def filled_in(extensions: Path, known_from: str) -> dict[str, dict[str, Any]]:
    """The file of ids with every gap filled with something, as if a development store had told it."""
    entries = tomllib.loads((extensions / "templates" / "task_ids.toml").read_text())
    for number, entry in enumerate(entries.values()):
        entry |= {"id": entry["id"] or f"app::{number}", "known_from": known_from, "source": "a test", "export": ""}
        for table in ("fields", "variables"):
            if table in entry:
                entry[table] = {
                    name: word or f"{name.replace(' ', '_')}_{number}" for name, word in entry[table].items()
                }
    return entries


class TestOnceAnExportShowsThem:
    """What happens when the ids come from a development store; here its exports are our own files with made-up ids."""

    def test_the_build_switches_on_what_it_shows_in_full_and_nothing_else(self, copied):
        entries = filled_in(copied, "documented, never seen")
        write_ids(copied, entries)
        assert "birthday-bonus: off, not seen in an export: encore add points" in build(copied)
        text = (copied / "templates" / "birthday_bonus" / "template.flow").read_text()
        (copied / "templates" / "exports" / "birthday.flow").write_text(text)
        for name in ("encore customer birthday reached", "encore add points"):
            entries[name] |= {"known_from": SEEN, "export": "birthday.flow"}
        write_ids(copied, entries)
        assert "birthday-bonus: on\n" in build(copied)
        manifests = {
            path.parent.name: tomllib.loads(path.read_text())["extensions"][0]["template"]
            for path in (copied / "templates").glob("*/shopify.extension.toml")
        }
        assert {name for name, each in manifests.items() if each["enabled"] and each["discoverable"]} == {
            "birthday_bonus"
        }
        assert {name for name, each in manifests.items() if each["enabled"] or each["discoverable"]} == {
            "birthday_bonus"
        }
        assert "unverified::" not in text

    def test_saying_so_without_the_export_is_refused(self, copied):
        entries = filled_in(copied, "documented, never seen")
        entries["encore add points"] |= {"known_from": SEEN, "export": "nowhere.flow"}
        write_ids(copied, entries)
        with pytest.raises(BadDefinition, match=r"there is no exports/nowhere\.flow"):
            files.tasks(extensions=copied)

    def test_an_export_that_shows_another_id_is_refused(self, copied):
        shutil.copy(
            FLOW / "templates" / "birthday_bonus" / "template.flow", copied / "templates" / "exports" / "one.flow"
        )
        entries = filled_in(copied, "documented, never seen")
        entries["encore add points"] |= {"known_from": SEEN, "export": "one.flow"}
        write_ids(copied, entries)
        with pytest.raises(BadDefinition, match="does not show 'encore add points'"):
            files.tasks(extensions=copied)


class TestTheCheck:
    def test_writes_nothing_and_names_every_stale_file(self, copied):
        build(copied, "--check")
        flow = copied / "templates" / "birthday_bonus" / "template.flow"
        flow.write_text(flow.read_text().replace("100", "1000"))
        manifest = copied / "templates" / "new_member_tag" / "shopify.extension.toml"
        manifest.write_text(manifest.read_text().replace("enabled = false", "enabled = true"))
        (copied / "templates" / "gold_tier_welcome" / "locales" / "en.default.json").unlink()
        with pytest.raises(CommandError) as refused:
            build(copied, "--check")
        for name in (
            "birthday_bonus/template.flow", "new_member_tag/shopify.extension.toml",
            "gold_tier_welcome/locales/en.default.json",
        ):  # fmt: skip
            assert f"flow_extensions/templates/{name}" in str(refused.value)
        assert "1000" in flow.read_text() and "enabled = true" in manifest.read_text()
        build(copied)
        build(copied, "--check")

    @pytest.mark.parametrize(
        ("right", "wrong", "sentence"),
        [
            ("pointsToAdd", "points", "birthday-bonus, step 'points': 'encore add points' has no field 'points'"),
            ('after = "birthday"', 'after = "today"', "after must name a step above it, not 'today'"),
            ("{{customer id}}", "{{customer}}", "the trigger tells nothing called 'customer'"),
            ('name = "', "name = ", "birthday_bonus/definition.toml is not TOML"),
        ],
    )
    def test_refuses_a_wrong_definition_with_a_sentence(self, copied, right, wrong, sentence):
        definition = copied / "templates" / "birthday_bonus" / "definition.toml"
        assert right in definition.read_text()
        definition.write_text(definition.read_text().replace(right, wrong, 1))
        with pytest.raises(CommandError) as refused:
            build(copied)
        assert sentence in str(refused.value)
        flow = "templates/birthday_bonus/template.flow"
        assert (copied / flow).read_bytes() == (FLOW / flow).read_bytes()
