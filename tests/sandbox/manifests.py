"""The manifests of a small app, as the sandbox reads them."""

from pathlib import Path

APP_TOML = """
client_id = "x"
name = "Encore"
handle = "encore"
application_url = "https://app.example.com"
embedded = true
[access_scopes]
scopes = "read_customers,write_customers,read_discounts,write_discounts,read_orders,read_products"
optional_scopes = ["read_store_credit_accounts", "write_store_credit_account_transactions"]
[app_proxy]
url = "https://app.example.com/proxy"
subpath = "loyalty"
prefix = "apps"
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = ["app/uninstalled"]
  uri = "/webhooks/app"
  [[webhooks.subscriptions]]
  topics = ["orders/create", "orders/paid", "refunds/create", "orders/cancelled"]
  uri = "https://app.example.com/webhooks/orders"
  [[webhooks.subscriptions]]
  topics = ["customers/update"]
  uri = "/webhooks/customers"
  [[webhooks.subscriptions]]
  compliance_topics = ["customers/data_request", "customers/redact", "shop/redact"]
  uri = "/webhooks/compliance"
[customer.metafields.app.balance]
type = "number_integer"
name = "Points balance"
"""
ACTION_TOML = """
[[extensions]]
name = "Award custom action"
type = "flow_action"
handle = "award-custom-action"
description = "Awards points."
runtime_url = "https://app.example.com/flow/actions/award-custom-action"
schema = "./schema.graphql"
return_type_ref = "Awarded"
[settings]
  [[settings.fields]]
  type = "single_line_text_field"
  key = "action_key"
  name = "Action key"
  required = true
  [[settings.fields]]
  type = "customer_reference"
  required = true
"""
TRIGGER_TOML = """
[[extensions]]
name = "Loyalty points earned"
type = "flow_trigger"
handle = "loyalty-points-earned"
description = "Starts when a customer earns points."
schema = "./schema.graphql"
[settings]
  [[settings.fields]]
  type = "customer_reference"
  [[settings.fields]]
  type = "number_decimal"
  key = "Points"
  [[settings.fields]]
  type = "single_line_text_field"
  key = "Event id"
  [[settings.fields]]
  type = "schema.Details"
  key = "Customer Loyalty Details"
"""
CALLBACK_TOML = """
[[extensions]]
name = "Trigger lifecycle"
type = "flow_trigger_lifecycle_callback"
handle = "trigger-lifecycle"
url = "/flow/lifecycle"
"""
TEMPLATE_TOML = """
[[extensions]]
name = "t:name"
type = "flow_template"
handle = "birthday-bonus"
description = "t:description"
  [extensions.template]
  categories = ["loyalty"]
  module = "./template.flow"
"""
SCHEMA = {
    "actions/award": "type Awarded {\n  status: String!\n  points: Int!\n}\n",
    "triggers/earned": "enum Status { USED UNUSED }\ntype Reward { description: String, status: Status! }\n"
    "type Details { availablePoints: Float!, dob: String, rewards: [Reward!]! }\n",
}


def write_project(folder: Path) -> Path:
    """Write the manifests of a small app."""
    (folder / "shopify.app.toml").write_text(APP_TOML, "utf-8")
    for name, toml in (("actions/award", ACTION_TOML), ("triggers/earned", TRIGGER_TOML)):
        place = folder / "flow_extensions" / name
        place.mkdir(parents=True)
        (place / "shopify.extension.toml").write_text(toml, "utf-8")
        (place / "schema.graphql").write_text(SCHEMA[name], "utf-8")
    for name, toml in (("callbacks/lifecycle", CALLBACK_TOML), ("templates/birthday", TEMPLATE_TOML)):
        place = folder / "flow_extensions" / name
        place.mkdir(parents=True)
        (place / "shopify.extension.toml").write_text(toml, "utf-8")
    return folder
