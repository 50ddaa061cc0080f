"""Custom actions as a merchant edits them: keys, aliases, switches, and what is refused."""

from dataclasses import replace

import pytest

from loyalty.earning import queries
from loyalty.earning.errors import ActionKeyTaken, CustomActionNotFound, RuleNotFound
from loyalty.earning.models import ActionCall, ActionKeyAlias, Award, EarningRule
from loyalty.earning.operations import (
    RuleTerms,
    change_rule,
    create_rule,
    delete_rule,
    key_from_name,
    record_call,
    remove_alias,
    switch_rule,
)
from loyalty.errors import InvalidField, PlanRequired
from tests.a_shop import NOW

TERMS = RuleTerms(name="App install", points=100, action_key="app_install", frequency="unlimited")


@pytest.fixture
def action(shop):
    shop.member(7001)
    return create_rule(program=shop.program, action="custom", terms=TERMS, now=NOW)


def rename(rule, key):
    return change_rule(public_id=rule.public_id, terms=replace(TERMS, action_key=key), now=NOW)


class TestAnOldKey:
    def test_goes_on_working_after_a_rename(self, shop, action):
        rename(action, "installed")
        assert shop.award(action="installed").points == shop.award(action="app_install").points == 100
        assert queries.aliases_of(rule_id=action.pk) == ["app_install"]

    def test_goes_on_replaying_what_it_once_awarded(self, shop, action):
        first = shop.award("k1")
        rename(action, "installed")
        with shop.nothing_changes():
            assert shop.award("k1", action="installed").public_id == first.public_id

    def test_stops_when_it_is_removed(self, shop, action):
        rename(action, "installed")
        remove_alias(public_id=action.public_id, key="app_install")
        remove_alias(public_id=action.public_id, key="app_install")
        with shop.nothing_changes(), pytest.raises(CustomActionNotFound):
            shop.award(action="app_install")

    def test_belongs_to_whoever_uses_it_next(self, shop, action):
        rename(action, "installed")
        shop.action("app_install", points=7)
        assert shop.award(action="app_install").points == 7
        assert queries.aliases_of(rule_id=action.pk) == []

    def test_is_taken_back_by_renaming_back(self, shop, action):
        rename(action, "installed")
        rename(action, "app_install")
        assert queries.aliases_of(rule_id=action.pk) == ["installed"]
        assert shop.award(action="installed").points == shop.award(action="app_install").points == 100

    def test_becomes_free_when_its_action_is_deleted(self, shop, action):
        rename(action, "installed")
        delete_rule(public_id=action.public_id, now=NOW)
        for key in ("installed", "app_install"):
            with shop.nothing_changes(), pytest.raises(CustomActionNotFound):
                shop.award(action=key)
            shop.action(key, points=3)
            assert shop.award(action=key).points == 3

    def test_of_two_renames_in_a_row_both_work(self, shop, action):
        rename(action, "second")
        rename(action, "third")
        assert {shop.award(action=key).points for key in ("app_install", "second", "third")} == {100}

    def test_shows_when_it_was_last_called(self, shop, action):
        shop.award(action="app_install")
        record_call(
            program_id=shop.program.pk, door="rest", action_key="app_install", customer="1", code="not_found",
            outcome=ActionCall.Outcome.REFUSED, sentence="no", now=NOW,
        )  # fmt: skip
        assert queries.last_called(rule_id=action.pk) == {"app_install": NOW}


class TestAKey:
    def test_cannot_be_two_actions(self, shop, action):
        with shop.nothing_changes(), pytest.raises(ActionKeyTaken) as refusal:
            create_rule(program=shop.program, action="custom", terms=TERMS, now=NOW)
        assert refusal.value.facts["field"] == "action_key"
        other = shop.action("other")
        with shop.nothing_changes(), pytest.raises(ActionKeyTaken):
            rename(other, "app_install")
        assert ActionKeyAlias.objects.count() == 0

    @pytest.mark.parametrize("key", ["", "App", "a b", "a-b", "ä", "x" * 101, None, "a\n"])
    def test_of_another_form_is_refused(self, shop, key):
        with shop.nothing_changes(), pytest.raises(InvalidField) as refusal:
            create_rule(program=shop.program, action="custom", terms=replace(TERMS, action_key=key), now=NOW)
        assert refusal.value.field == "action_key"

    @pytest.mark.parametrize(
        ("name", "key"),
        [("Installed our app!", "installed_our_app"), ("  Ä  ", ""), ("App 2.0", "app_2_0"), ("x" * 150, "x" * 100)],
    )
    def test_is_proposed_from_the_name(self, name, key):
        assert key_from_name(name) == key


class TestARule:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "  "), ("points", -1), ("points", 1_000_000_001), ("approval_days", -1), ("approval_days", 366),
            ("frequency", "daily"),
        ],
    )  # fmt: skip
    def test_with_an_impossible_term_is_refused_and_the_field_named(self, shop, action, field, value):
        terms = replace(TERMS, **{field: value})
        for call in (
            lambda: create_rule(program=shop.program, action="custom", terms=replace(terms, action_key="new"), now=NOW),
            lambda: change_rule(public_id=action.public_id, terms=terms, now=NOW),
        ):
            with shop.nothing_changes(), pytest.raises(InvalidField) as refusal:
                call()
            assert refusal.value.field == field
        action.refresh_from_db()
        assert (action.points, action.version) == (100, 1)

    def test_that_is_no_custom_action_has_no_key(self, shop):
        with shop.nothing_changes(), pytest.raises(InvalidField):
            create_rule(program=shop.program, action="survey", terms=TERMS, now=NOW)

    def test_of_a_plan_without_custom_actions_is_refused(self, shop):
        shop.set(plan="starter")
        with shop.nothing_changes(), pytest.raises(PlanRequired):
            create_rule(program=shop.program, action="custom", terms=TERMS, now=NOW)

    def test_that_nobody_has_is_not_found(self, shop):
        with pytest.raises(RuleNotFound):
            switch_rule(public_id="rule_x", on=True, now=NOW)
        with pytest.raises(RuleNotFound):
            delete_rule(public_id="rule_x", now=NOW)

    def test_counts_its_versions_and_a_switch_to_the_same_is_no_change(self, shop, action):
        assert switch_rule(public_id=action.public_id, on=True, now=NOW).version == 1
        assert switch_rule(public_id=action.public_id, on=False, now=NOW).version == 2
        assert change_rule(public_id=action.public_id, terms=TERMS, now=NOW).version == 3

    def test_keeps_its_number_through_renames(self, shop, action):
        assert rename(action, "installed").pk == action.pk

    def test_that_was_deleted_is_in_no_list_and_its_awards_stay(self, shop, action):
        shop.award()
        delete_rule(public_id=action.public_id, now=NOW)
        assert list(queries.rules()) == []
        assert EarningRule.objects.count() == 1
        assert Award.objects.get().rule_id == action.pk
