"""GraphQL documents and inputs the tests share."""

import uuid
from typing import Any

from .client import CUSTOMER

CREATE = """mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) {
  codeDiscountNode { id codeDiscount { __typename ... on DiscountCodeBasic {
    title status codes(first: 1) { nodes { id code } } } } }
  userErrors { field code message extraInfo } } }"""
FIND = """query ($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount {
  __typename ... on DiscountCodeBasic {
  status tags usageLimit codes(first: 1) { nodes { code createdBy { id } } }
  context { __typename ... on DiscountCustomers { customers { id } } }
  customerGets { value {
    __typename ... on DiscountAmount { amount { amount currencyCode } } ... on DiscountPercentage { percentage } } }
  minimumRequirement { ... on DiscountMinimumSubtotal { greaterThanOrEqualToSubtotal { amount } } } } } } }"""
FREE_SHIPPING = """mutation ($d: DiscountCodeFreeShippingInput!) {
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $d) {
  codeDiscountNode { id codeDiscount { ... on DiscountCodeFreeShipping { title status
    destinationSelection { __typename ... on DiscountCountries { countries includeRestOfWorld } } } } }
  userErrors { field code message } } }"""
BXGY = """mutation ($d: DiscountCodeBxgyInput!) {
  discountCodeBxgyCreate(bxgyCodeDiscount: $d) {
  codeDiscountNode { id codeDiscount { ... on DiscountCodeBxgy { title status usesPerOrderLimit
    customerBuys { value { __typename ... on DiscountQuantity { quantity } } }
    customerGets { value { ... on DiscountOnQuantity {
      quantity { quantity } effect { ... on DiscountPercentage { percentage } } } } } } } }
  userErrors { field code message } } }"""
SET = """mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key value compareDigest } userErrors { field message code elementIndex } } }"""
TRIGGER = """mutation ($handle: String, $payload: JSON) {
  flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field message } } }"""
TAGS_ADD = """mutation ($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }"""
DELETE = """mutation ($id: ID!) {
  discountCodeDelete(id: $id) { deletedCodeDiscountId userErrors { field code message } } }"""
SWITCH = """mutation ($id: ID!) { discountCodeSWITCH(id: $id) {
  codeDiscountNode { codeDiscount { ... on DiscountCodeBasic { status } } } userErrors { field code message } } }"""
READ_METAFIELD = """query ($id: ID!) {
  customer(id: $id) { metafield(namespace: "$app", key: "loyalty") { value type compareDigest } } }"""
CREDIT = """mutation ($id: ID!, $given: StoreCreditAccountCreditInput!) {
  storeCreditAccountCredit(id: $id, creditInput: $given) {
    storeCreditAccountTransaction { id balanceAfterTransaction { amount currencyCode } }
    userErrors { field message code } } }"""
OWNER = f"gid://shopify/Customer/{CUSTOMER}"


def basic(**changes: Any) -> dict[str, Any]:
    """Input of a personal redemption."""
    return {
        "title": "5 off",
        "code": f"ENC-{uuid.uuid4().hex[:10]}",
        "startsAt": "2026-01-01T00:00:00Z",
        "context": {"customers": {"add": [OWNER]}},
        "customerGets": {
            "value": {"discountAmount": {"amount": "5.00", "appliesOnEachItem": False}},
            "items": {"all": True},
        },
        "minimumRequirement": {"subtotal": {"greaterThanOrEqualToSubtotal": "50"}},
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "tags": ["encore-redemption-1"],
        **changes,
    }


def bxgy(**changes: Any) -> dict[str, Any]:
    """Input of two free units of one variant beside a product that is bought."""
    given = basic()
    for name in ("customerGets", "minimumRequirement"):
        del given[name]
    return {
        **given,
        "customerBuys": {
            "value": {"quantity": "1"},
            "items": {"products": {"productsToAdd": ["gid://shopify/Product/1"]}},
        },
        "customerGets": {
            "value": {"discountOnQuantity": {"quantity": "2", "effect": {"percentage": 1}}},
            "items": {"products": {"productVariantsToAdd": ["gid://shopify/ProductVariant/11"]}},
        },
        "usesPerOrderLimit": 1,
        **changes,
    }
