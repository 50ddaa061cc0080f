"""The pure builder of Flow templates: what it makes of a definition, and what it refuses with which words."""

import copy
import hashlib
import json

import pytest

from flow_extensions.templates import building, definitions, exports, task_ids
from flow_extensions.templates.definitions import BadDefinition
from flow_extensions.templates.task_ids import DOCUMENTED, SEEN, UNKNOWN, OwnStep

OWN = {
    "give": OwnStep(frozenset({"who", "why"}), frozenset({"who"})),
    "joined": OwnStep(frozenset({"Note"}), frozenset()),
}
IDS = {
    "review created": {
        "type": "TRIGGER", "id": "", "known_from": DOCUMENTED, "source": "their help page",
        "variables": {"reviewer email": "trigger.email", "stars": ""},
    },
    "condition": {
        "type": "CONDITION", "id": "flow::condition", "known_from": SEEN, "export": "one.flow",
        "fields": {"condition": "condition"},
    },
    "give points": {"type": "ACTION", "handle": "give", "id": "", "known_from": UNKNOWN},
    "tag": {"type": "ACTION", "id": "", "known_from": UNKNOWN, "fields": {"tags": ""}},
    "joined": {"type": "TRIGGER", "handle": "joined", "id": "", "known_from": UNKNOWN},
}  # fmt: skip
GIVEN = {
    "name": "Points for reviews",
    "description": "Gives points.",
    "note": "Needs the app.",
    "steps": [
        {"key": "review", "task": "review created"},
        {"key": "good", "task": "condition", "after": "review", "condition": {"variable": "stars", "is": "5"}},
        {
            "key": "points", "task": "give points", "after": "good:true", "description": "Give points",
            "fields": {"who": "{{ reviewer email }}, {{stars}} stars", "why": ""},
        },
        {"key": "tag", "task": "tag", "after": "good:false", "fields": {"tags": "[]"}},
    ],
}  # fmt: skip


def changed(original, **changes):
    """A deep copy with some paths set, `steps__1__after="x"`; `...` removes."""
    whole = copy.deepcopy(original)
    for path, value in changes.items():
        place = whole
        *parents, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        for part in parents:
            place = place[part]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return whole


def tasks(ids=IDS):
    return task_ids.read(given=ids, own=OWN)


def build(given=GIVEN, ids=IDS):
    definition = definitions.read(handle="points-for-reviews", given=given)
    return building.workflow(definition=definition, tasks=tasks(ids))["root"]


class TestAWorkflow:
    def test_has_each_step_with_its_task_its_fields_and_its_words(self):
        review, good, points, tag = build()["steps"]
        assert (review["task_type"], review["config_field_values"]) == ("TRIGGER", [])
        assert (good["task_id"], good["task_type"], good["task_version"]) == ("flow::condition", "CONDITION", "0.1")
        assert (points["description"], tag["description"]) == ("Give points", None)
        assert points["config_field_values"][1] == {"config_field_id": "why", "value": ""}

    def test_says_unverified_wherever_a_word_of_flows_is_unknown(self):
        review, _, points, tag = build()["steps"]
        assert review["task_id"] == "unverified::review created"
        assert points["config_field_values"][0]["value"] == "{{trigger.email}}, {{unverified::stars}} stars"
        assert tag["config_field_values"] == [{"config_field_id": "unverified::tags", "value": "[]"}]

    def test_links_each_step_to_the_one_it_follows_by_its_port(self):
        root = build()
        keys = dict(zip([step["step_id"] for step in root["steps"]], ["review", "good", "points", "tag"], strict=True))
        assert [
            (keys[link["from_step_id"]], link["from_port_id"], keys[link["to_step_id"]]) for link in root["links"]
        ] == [
            ("review", "output", "good"),
            ("good", "true", "points"),
            ("good", "false", "tag"),
        ]
        assert {link["to_port_id"] for link in root["links"]} == {"input"}

    def test_compares_what_the_trigger_tells_with_a_text(self):
        (field,) = build()["steps"][1]["config_field_values"]
        tree = json.loads(field["value"])
        comparison = tree["lhs"]
        assert (comparison["lhs"]["value"], comparison["operator"], comparison["rhs"]["value"]) == (
            "unverified::stars",
            "==",
            "5",
        )
        assert comparison["parent_uuid"] == tree["uuid"]
        assert {comparison[side]["parent_uuid"] for side in ("lhs", "rhs")} == {comparison["uuid"]}

    def test_is_the_same_each_time_and_its_steps_are_its_own(self):
        assert build() == build()
        definition = definitions.read(handle="another", given=GIVEN)
        other = building.workflow(definition=definition, tasks=tasks())["root"]
        mine, theirs = ({step["step_id"] for step in root["steps"]} for root in (build(), other))
        assert len(mine) == 4 and not mine & theirs

    def test_is_written_after_the_hash_of_its_exact_text(self):
        definition = definitions.read(handle="points-for-reviews", given=GIVEN)
        digest, _, text = building.flow_file(definition=definition, tasks=tasks()).partition(":")
        assert digest == hashlib.sha256(text.encode()).hexdigest()
        assert json.loads(text)["root"] == build()


class TestADefinitionThatIsWrong:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"note": ...}, "points-for-reviews: 'note' is missing."),
            ({"colour": "red"}, "'colour' means nothing here"),
            ({"name": 5}, "'name' must be a text in quotes"),
            ({"description": "x" * 1025}, "description has more than 1024 characters"),
            ({"steps": []}, "there are no [[steps]]"),
            ({"steps__3__key": "good"}, "two steps have the key 'good'"),
            ({"steps__0__task": "reveiw created"}, "step 'review': task_ids.toml has no task 'reveiw created'"),
            ({"steps__0__task": "tag"}, "the first step, and no other, is a trigger"),
            ({"steps__3__task": "review created"}, "the first step, and no other, is a trigger"),
            ({"steps__0__after": "points"}, "step 'review': a trigger comes after nothing"),
            ({"steps__3__after": "nobody"}, "step 'tag': after must name a step above it, not 'nobody'"),
            ({"steps__1__after": "points"}, "step 'good': after must name a step above it, not 'points'"),
            ({"steps__2__after": ...}, "step 'points': after must name a step above it, not ''"),
            ({"steps__2__after": "good"}, "'good' leads on by true or false, not by 'output'"),
            ({"steps__1__after": "review:true"}, "'review' leads on by output, not by 'true'"),
            ({"steps__2__fields__whom": "x"}, "step 'points': 'give points' has no field 'whom'"),
            ({"steps__2__fields__why": ...}, "field 'why' is missing"),
            ({"steps__2__fields__who": " "}, "field 'who' must not be blank"),
            ({"steps__2__fields__who": 7}, "'who' must be a text in quotes"),
            ({"steps__2__fields__who": "{{reviewer}}"}, "the trigger tells nothing called 'reviewer'"),
            ({"steps__1__condition__variable": "mood"}, "the trigger tells nothing called 'mood'"),
            ({"steps__1__condition": ...}, "a condition, and nothing else, has [steps.condition]"),
            ({"steps__3__condition": {"variable": "stars", "is": "5"}}, "a condition, and nothing else"),
            ({"steps__1__condition": "stars"}, "condition: it must be a table"),
        ],
    )
    def test_is_refused_with_a_sentence_that_says_where(self, changes, sentence):
        with pytest.raises(BadDefinition) as refused:
            build(changed(GIVEN, **changes))
        assert sentence in str(refused.value)


class TestTheFileOfIds:
    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"tag__id": "shopify::add_tags"}, "it is unknown, and yet an id or a name is filled in"),
            ({"tag__fields__tags": "tags"}, "it is unknown, and yet an id or a name is filled in"),
            ({"review created__source": ...}, "say in 'source' who documents it"),
            ({"review created__known_from": "I am sure"}, "known_from must be"),
            ({"condition__export": ...}, "what was seen is filled in whole"),
            ({"condition__id": ""}, "what was seen is filled in whole"),
            ({"condition__fields__condition": ""}, "what was seen is filled in whole"),
            ({"condition__type": "Condition"}, "type must be one of TRIGGER, ACTION, CONDITION"),
            ({"condition__variables": "none"}, "variables: it must be a table"),
            ({"give points__handle": "give-all"}, "no action or trigger of ours has the handle 'give-all'"),
            ({"give points__fields": {"whom": "x"}}, "the manifest has no field 'whom'"),
            ({"tag__verified": "yes"}, "'verified' means nothing here"),
        ],
    )
    def test_claims_no_more_than_it_shows(self, changes, sentence):
        with pytest.raises(BadDefinition, match=r"^task_ids\.toml, '") as refused:
            tasks(changed(IDS, **changes))
        assert sentence in str(refused.value)

    def test_says_what_a_template_waits_for(self):
        definition = definitions.read(handle="points-for-reviews", given=GIVEN)
        assert building.unseen(definition=definition, tasks=tasks()) == ["give points", "review created", "tag"]


class TestTheSwitches:
    MANIFEST = "# ours\n[extensions.template]\n  enabled = true\n  discoverable = false\n  require_app = true\n"

    @pytest.mark.parametrize("on", [True, False])
    def test_are_set_together_and_nothing_else_is(self, on):
        word = "true" if on else "false"
        expected = f"# ours\n[extensions.template]\n  enabled = {word}\n  discoverable = {word}\n  require_app = true\n"
        assert building.switched(manifest=self.MANIFEST, on=on) == expected

    @pytest.mark.parametrize("line", ["  enabled = true\n", "  discoverable = false\n"])
    def test_must_both_be_there_once(self, line):
        for manifest in (self.MANIFEST.replace(line, ""), self.MANIFEST + line):
            with pytest.raises(BadDefinition, match="one line"):
                building.switched(manifest=manifest, on=False)


class TestAnExport:
    """`check` takes the claim of one task and the text of the export that is to show it."""

    STEP = {
        "task_id": "encore::give", "task_type": "ACTION",
        "config_field_values": [{"config_field_id": "who", "value": "{{trigger.email}}"}, {"config_field_id": "why", "value": ""}],
    }  # fmt: skip
    TASK = task_ids.Task(
        name="give points", type="ACTION", id="encore::give", fields={"who": "who", "why": "why"}, required=frozenset(),
        variables={}, known_from=SEEN, export="give.flow",
    )  # fmt: skip
    TRIGGER = task_ids.Task(
        name="review created", type="TRIGGER", id="okendo::created", fields={}, required=frozenset(),
        variables={"reviewer email": "trigger.email"}, known_from=SEEN, export="give.flow",
    )  # fmt: skip

    def exported(self, **changes):
        trigger = {"task_id": "okendo::created", "task_type": "TRIGGER", "config_field_values": []}
        text = json.dumps({"root": {"steps": [trigger, {**self.STEP, **changes}]}})
        return f"{hashlib.sha256(text.encode()).hexdigest()}:{text}"

    def test_shows_what_is_in_it(self):
        exports.check(task=self.TASK, export=self.exported())
        exports.check(task=self.TRIGGER, export=self.exported())

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"task_id": "encore::give-points"}, "it has no ACTION with the id 'encore::give'"),
            ({"task_type": "TRIGGER"}, "it has no ACTION with the id 'encore::give'"),
            ({"config_field_values": STEP["config_field_values"][:1]}, "the step has no field 'why'"),
        ],
    )
    def test_shows_nothing_else(self, changes, sentence):
        with pytest.raises(BadDefinition, match=sentence):
            exports.check(task=self.TASK, export=self.exported(**changes))

    def test_shows_a_variable_only_where_a_step_uses_it(self):
        with pytest.raises(BadDefinition, match=r"no step uses 'trigger\.email'"):
            exports.check(task=self.TRIGGER, export=self.exported(config_field_values=[]))

    def test_shows_nothing_once_somebody_has_edited_it(self):
        with pytest.raises(BadDefinition, match="changed after Flow wrote it"):
            exports.check(task=self.TASK, export=self.exported().replace("TRIGGER", "trigger"))
