"""Emails as text: every kind in every language, placeholders and nothing else, names that try something."""

from dataclasses import fields

import pytest

from loyalty.emails.filling import check, fill, one_line
from loyalty.emails.kinds import COMMON, KINDS
from loyalty.emails.operations import checked, example
from loyalty.emails.texts import TEXTS, WORDS
from loyalty.emails.writing import Wording, write
from loyalty.errors import InvalidField
from loyalty.programs.languages import LANGUAGES, language_for, languages_of
from loyalty.programs.models import Program

SHOP = Program(name="Tea & Co", shopify_domain="tea.myshopify.com", time_zone="Europe/Berlin")


class TestTheTables:
    def test_every_language_has_every_kind_and_every_word(self):
        assert TEXTS.keys() == WORDS.keys() == LANGUAGES.keys()
        for language, texts in TEXTS.items():
            assert texts.keys() == KINDS.keys(), language
            assert all(getattr(WORDS[language], each.name) for each in fields(WORDS[language]))

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.slug)
    def test_our_own_texts_pass_our_own_checks_and_leave_nothing_unfilled(self, kind, language):
        text = TEXTS[language][kind.slug]
        wording = checked(kind, language, text.subject, text.body)
        written = example(program=SHOP, kind=kind, wording=wording)
        for part in (written.subject, written.text, written.html):
            assert part
            assert not any(mark in part for mark in ("{{", "}}", "%(", "None"))
        assert f'lang="{language}"' in written.html

    def test_a_kinds_own_placeholders_hide_no_common_one(self):
        assert all(not (kind.own.keys() & COMMON.keys()) for kind in KINDS.values())


class TestPlaceholders:
    @pytest.mark.parametrize("text", ["{{ nme }}", "{{nme}}", "Hi {{ first_name }} {{ password }}"])
    def test_that_are_not_offered_are_named_in_the_refusal(self, text):
        with pytest.raises(InvalidField, match="is not known here") as refused:
            check(text, field="body", known=["first_name"])
        assert refused.value.field == "body"

    @pytest.mark.parametrize(
        "text", ["{{ first_name", "first_name }}", "{% if x %}", "{{ a.b }}", "{{ x|safe }}", "{# x #}"]
    )
    def test_that_are_not_whole_are_refused(self, text):
        with pytest.raises(InvalidField, match="double braces"):
            check(text, field="subject", known=["first_name", "a", "x"])

    def test_are_filled_and_an_empty_one_takes_its_blank_along(self):
        assert fill("Hello {{ first_name }},", {"first_name": "Ada"}) == "Hello Ada,"
        assert fill("Hello {{first_name}},", {"first_name": ""}) == "Hello,"

    def test_a_value_is_not_looked_through_again(self):
        assert fill("{{ first_name }}", {"first_name": "{{ shop_name }}", "shop_name": "Tea"}) == "{{ shop_name }}"


class TestANameThatTriesSomething:
    @pytest.mark.parametrize("name", ["Ada\r\nBcc: all@example.com", "Ada\n\nBuy now", "A\x00da\u2028x"])
    def test_stays_on_one_line(self, name):
        filled = fill("Hello {{ first_name }}", {"first_name": name})
        assert len(filled.splitlines()) == 1
        assert one_line(filled) == filled

    def test_is_no_html(self):
        kind = KINDS["points_earned"]
        wording = Wording("en", "Hi {{ first_name }}", "Hello {{ first_name }}, <b>you</b>")
        written = write(
            program=SHOP, kind=kind, wording=wording, values={"first_name": "<script>x</script>"}, payload={}, link="",
            unsubscribe_url="https://encore.example/u",
        )  # fmt: skip
        assert "<script>" not in written.html
        assert "&lt;script&gt;" in written.html
        assert "&lt;b&gt;you" in written.html
        assert "<script>x</script>" in written.text


class TestNumbersAndDays:
    def test_are_written_the_languages_way_in_the_shops_time_zone(self):
        kind = KINDS["points_expiring"]
        values = kind.values({"points": 1250, "expires_at": "2029-12-31T23:00:00+00:00"})
        for language, subject in (("en", "1,250 Dec. 31, 2029"), ("de", "1.250 31. Dezember 2029")):
            wording = Wording(language, "{{ points }} {{ last_day }}", "x")
            said = write(
                program=SHOP, kind=kind, wording=wording, values=values, payload={}, link="", unsubscribe_url="u"
            )
            assert said.subject == subject

    def test_a_code_stands_beneath_the_text_and_the_button_takes_it_along(self):
        kind = KINDS["reward_issued"]
        payload = {"discount_code": "TEA-1/2", "expires_at": "2029-12-31T23:00:00+00:00"}
        said = write(
            program=SHOP,
            kind=kind,
            wording=Wording("de", "x", "Text"),
            values={},
            payload=payload,
            link="",
            unsubscribe_url="u",
        )
        assert "Ihr Code: TEA-1/2\nGültig bis 31. Dezember 2029" in said.text
        assert "https://tea.myshopify.com/discount/TEA-1%2F2?redirect=/" in said.text


class TestLanguages:
    @pytest.mark.parametrize(
        ("locale", "language"),
        [("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("fr", "en"), ("", "en"), ("en-GB", "en")],
    )
    def test_a_member_reads_their_own_among_the_programmes(self, locale, language):
        assert language_for(["en", "de"], locale) == language

    def test_the_main_one_comes_first_and_each_once(self):
        assert languages_of("de", ["en", "de"]) == ["de", "en"]
        with pytest.raises(InvalidField):
            languages_of("de", ["xx"])
