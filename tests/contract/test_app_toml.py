"""shopify.app.toml and the code agree: addresses, topics, versions, metafields."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import resolve

from shopify_app.metafields.customer import Marks, Standing
from shopify_app.metafields.fields import APP
from shopify_app.metafields.shop import shop_fields
from shopify_app.webhooks.topics.table import GROUPS
from tests.contract.test_documents import app_toml

SCOPES_OF_TOPICS = {
    "customers/create": "read_customers",
    "customers/update": "read_customers",
    "customers/delete": "read_customers",
    "customers/merge": "read_customer_merge",
    "orders/create": "read_orders",
    "orders/paid": "read_orders",
    "orders/updated": "read_orders",
    "orders/fulfilled": "read_orders",
    "orders/cancelled": "read_orders",
    "refunds/create": "read_orders",
}
NO_SCOPE = {"app/uninstalled", "app/scopes_update", "app_subscriptions/update", "shop/update"}


def subscriptions() -> dict[str, set[str]]:
    return {
        entry["uri"]: set(entry.get("topics", [])) | set(entry.get("compliance_topics", []))
        for entry in app_toml()["webhooks"]["subscriptions"]
    }


def scopes_of_topics() -> set[str]:
    """What the subscribed topics need."""
    return {SCOPES_OF_TOPICS[t] for topics in subscriptions().values() for t in topics & SCOPES_OF_TOPICS.keys()}


class TestWebhooks:
    def test_each_address_takes_just_the_topics_that_are_subscribed_there(self):
        handled = {f"/webhooks/{group}": set(topics) for group, topics in GROUPS.items() if topics}
        assert subscriptions() == handled

    def test_each_address_leads_to_its_group(self):
        for uri in subscriptions():
            assert resolve(uri).kwargs["group"] == uri.rsplit("/", 1)[1]

    def test_the_version_is_the_one_our_calls_are_pinned_to(self):
        assert app_toml()["webhooks"]["api_version"] == settings.SHOPIFY_API_VERSION == "2026-10"

    def test_topics_have_their_scopes(self):
        granted = set(app_toml()["access_scopes"]["scopes"].split(","))
        assert scopes_of_topics() <= granted

    def test_no_topic_is_without_a_word_on_its_scope(self):
        topics = {topic for entry in app_toml()["webhooks"]["subscriptions"] for topic in entry.get("topics", [])}
        assert topics <= SCOPES_OF_TOPICS.keys() | NO_SCOPE

    def test_the_compliance_topics_are_all_there(self):
        assert subscriptions()["/webhooks/compliance"] == {"customers/data_request", "customers/redact", "shop/redact"}


ALL_MARKS = Marks(Standing(1, 2, 3, "Gold", "member"), birthday=date(1990, 12, 10), has_mage=True)


@pytest.mark.parametrize(
    ("owner", "written"), [("customer", ALL_MARKS.fields()), ("shop", shop_fields({"a": 1}, has_mage=True))]
)
class TestMetafields:
    def test_are_defined_with_the_types_we_write(self, owner, written):
        defined = app_toml()[owner]["metafields"]["app"]
        ours = {each.key: each.type for each in written if each.namespace == APP}
        assert ours == {key: row["type"] for key, row in defined.items()}

    def test_may_be_read_by_themes(self, owner, written):
        defined = app_toml()[owner]["metafields"]["app"]
        assert {row["access"]["storefront"] for row in defined.values()} == {"public_read"}

    def test_are_defined_in_no_namespace_but_our_own(self, owner, written):
        assert set(app_toml()[owner]["metafields"]) == {"app"}


class TestTheApp:
    def test_its_address_is_an_origin_so_that_relative_addresses_resolve(self):
        assert app_toml()["application_url"].count("/") == 2

    def test_is_embedded_and_installed_by_shopify(self):
        assert app_toml()["embedded"] is True
        assert app_toml()["access_scopes"]["use_legacy_install_flow"] is False
