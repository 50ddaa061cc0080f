"""A Flow action run as Shopify sends it."""

import json

import pytest

from flow_extensions.actions.runs import BadProperty, Run, read
from flow_extensions.bodies import UnreadableBody

BODY = {
    "shop_id": "gid://shopify/Shop/1",
    "shopify_domain": "tea.myshopify.com",
    "action_run_id": "run-1",
    "handle": "award-custom-action",
    "properties": {"action_key": "install", "customer_id": "7001"},
}


def sent(**changes):
    body = {**BODY, **changes}
    return json.dumps({key: value for key, value in body.items() if value is not ...}).encode()


def run(**properties):
    return Run(id="r", handle="h", shop_domain="s", properties=properties)


class TestABodyThatIsARun:
    def test_names_its_run_its_shop_and_its_fields(self):
        found = read(sent(), handle="award-custom-action")
        assert (found.id, found.shop_domain) == ("run-1", "tea.myshopify.com")
        assert found.text("action_key", label="Action key") == "install"
        assert found.customer_id() == 7001

    def test_may_have_a_number_for_a_run_id_and_no_handle(self):
        assert read(sent(action_run_id=42, handle=...), handle="award-custom-action").id == "42"

    def test_may_spell_its_shop_in_capitals(self):
        assert (
            read(sent(shopify_domain=" TEA.myshopify.com "), handle="award-custom-action").shop_domain
            == BODY["shopify_domain"]
        )


class TestABodyThatIsNoRun:
    @pytest.mark.parametrize(
        "raw",
        [
            b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, sent(shopify_domain=...), sent(shopify_domain="evil.com"),
            sent(shopify_domain="tea.myshopify.com.evil.com"), sent(shopify_domain="tea.myshopify.com\n.x"),
            sent(shopify_domain={"a": 1}), sent(action_run_id=...), sent(action_run_id=""), sent(action_run_id="  "),
            sent(action_run_id=True), sent(action_run_id=["x"]), sent(action_run_id="x" * 256), sent(action_run_id="a\x00b"),
            sent(action_run_id="a\ud800"), sent(handle="\udfff"),
            sent(handle="another-action"), sent(properties=...), sent(properties=[]), sent(properties="x"),
        ],
        ids=lambda raw: repr(raw[-48:]),
    )  # fmt: skip
    def test_is_refused_in_a_sentence(self, raw):
        with pytest.raises(UnreadableBody, match=r"\.$"):
            read(raw, handle="award-custom-action")


class TestAField:
    @pytest.mark.parametrize("spelling", ["action_key", "action-key", "actionKey", "Action Key", "ACTION_KEY"])
    def test_is_found_under_any_spelling(self, spelling):
        assert run(**{spelling: " install "}).text("action_key", label="Action key") == "install"

    def test_may_come_as_a_number(self):
        assert run(action_key=42).text("action_key", label="Action key") == "42"

    @pytest.mark.parametrize("value", [None, "", "  "])
    def test_that_is_needed_and_missing_is_named_by_its_label(self, value):
        with pytest.raises(BadProperty, match="Action key is missing"):
            run(action_key=value).text("action_key", label="Action key")

    def test_keeps_characters_beyond_the_first_plane(self):
        body = b'{"shopify_domain": "tea.myshopify.com", "action_run_id": "r", "properties": {"action_key": "\\ud83d\\ude00"}}'
        assert read(body, handle="h").text("action_key", label="Action key") == "😀"

    def test_that_is_optional_and_missing_is_empty(self):
        assert run().text("idempotency_key", label="Idempotency key", required=False) == ""

    @pytest.mark.parametrize("value", [True, {"a": 1}, ["x"], "x" * 256, "a\x00b", "a\ud800", "\udc00b"])
    def test_that_is_no_text_is_refused(self, value):
        with pytest.raises(BadProperty, match="Action key must be"):
            run(action_key=value).text("action_key", label="Action key")


class TestTheCustomer:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("customer_id", "7001"), ("customer_id", 7001), ("customer_id", "gid://shopify/Customer/7001"),
            ("customerId", " 7001 "), ("customer-id", "7001"), ("customer_reference", "gid://shopify/Customer/7001"),
        ],
    )  # fmt: skip
    def test_is_a_reference_in_any_form_shopify_uses(self, field, value):
        assert run(**{field: value}).customer_id() == 7001

    @pytest.mark.parametrize(
        "value",
        [None, "", "ada@example.com", "70 01", -1, "-1", 7001.0, True, "1" * 19, "gid://shopify/Customer/", ["7001"]],
    )
    def test_that_is_none_is_refused_in_a_sentence(self, value):
        with pytest.raises(BadProperty, match=r"^The customer is"):
            run(customer_id=value).customer_id()
