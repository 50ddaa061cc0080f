"""Discount codes, made exactly once although the mutation cannot be repeated safely (shopify.md 7.5, reliability.md 3).

The code was drawn and stored before the first call. "Taken" by our own discount is success; after a lost answer the
code is looked up, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from loyalty.rewards.ports import CodeTaken, DiscountRefused, DiscountTerms, IssuerUnavailable
from shopify_app.admin_api.client import Answer, result_of
from shopify_app.admin_api.deadline import Deadline
from shopify_app.admin_api.errors import (
    AdminApiError,
    NothingSent,
    Refused,
    ShopUnavailable,
    UnknownOutcome,
    UserErrors,
)
from shopify_app.discounts.terms import AppUnknown, discount_input, document_for, is_for, is_ours, uses_left
from shopify_app.shops.connection import call
from shopify_app.shops.queries import shop_of

READ_SECONDS = 5.0  # a customer waits for the code


class ShopifyDiscountIssuer:
    """Implements `loyalty.rewards.ports.DiscountIssuer`."""

    def create(self, terms: DiscountTerms) -> str:
        """Make the code; see the port."""
        document, mutation = document_for(terms)
        # The port's deadline is an instant; waits are counted on a clock that nobody sets.
        deadline = Deadline.after((terms.deadline_at - timezone.now()).total_seconds())
        try:
            answer = _call(terms.shopify_domain, document, {"discount": discount_input(terms)}, deadline)
            return str(result_of(answer, mutation)["codeDiscountNode"]["id"])
        except UserErrors as refusal:
            if "TAKEN" in refusal.codes:
                return self._made_before(terms, deadline)
            raise DiscountRefused(str(refusal)) from refusal
        except UnknownOutcome:
            return self._made_before(terms, deadline)
        except (NothingSent, ShopUnavailable) as failure:
            raise IssuerUnavailable(str(failure)) from failure
        except (Refused, ValueError) as refusal:
            raise DiscountRefused(str(refusal)) from refusal

    def delete(self, *, shopify_domain: str, code: str, reference: str) -> None:
        """Make sure that no working code of ours exists; see the port."""
        found, app_gid = self._find(shopify_domain, code)
        if found is None or not _is_ours(found, reference, app_gid):
            return
        try:
            result_of(_call(shopify_domain, "DeleteDiscount", {"id": found["id"]}), "discountCodeDelete")
        except UserErrors:
            if self._find(shopify_domain, code)[0] is not None:  # gone meanwhile is what we wanted
                raise IssuerUnavailable(f"{code} could not be deleted") from None
        except AdminApiError as failure:
            raise IssuerUnavailable(str(failure)) from failure

    def uses_left(self, *, shopify_domain: str, code: str, reference: str) -> int | None:
        """How often our code may still be used; see the port."""
        found, app_gid = self._find(shopify_domain, code)
        if found is None or not _is_ours(found, reference, app_gid):
            return None
        return uses_left(found)

    def _made_before(self, terms: DiscountTerms, deadline: Deadline) -> str:
        """The gid of our discount under this code, after "taken" or an answer that was lost."""
        found, app_gid = self._find(terms.shopify_domain, terms.code, deadline)
        if found is None:
            raise IssuerUnavailable("no answer, and the code does not exist yet")
        if _is_ours(found, terms.reference, app_gid) and is_for(found, terms.shopify_customer_id):
            return str(found["id"])
        raise CodeTaken(terms.code)

    def _find(
        self, shopify_domain: str, code: str, deadline: Deadline | None = None
    ) -> tuple[dict[str, Any] | None, str | None]:
        """The discount under a code, and our app's id."""
        try:
            data = _call(shopify_domain, "FindDiscountByCode", {"code": code}, deadline).data
        except AdminApiError as failure:
            raise IssuerUnavailable(str(failure)) from failure
        if "codeDiscountNodeByCode" not in data:
            raise IssuerUnavailable("Shopify's answer does not say whether the code exists")
        return data["codeDiscountNodeByCode"], (data.get("currentAppInstallation") or {}).get("app", {}).get("id")


def _is_ours(found: dict[str, Any], reference: str, app_gid: str | None) -> bool:
    """Whether a discount is ours; not knowing who we are is no answer."""
    try:
        return is_ours(found, reference=reference, app_gid=app_gid)
    except AppUnknown as missing:
        raise IssuerUnavailable(str(missing)) from missing


def _call(shopify_domain: str, document: str, variables: Mapping[str, Any], deadline: Deadline | None = None) -> Answer:
    shop = shop_of(shopify_domain)
    if shop is None:
        raise NothingSent(f"{shopify_domain} is not connected")
    return call(shop, document, variables, read_seconds=READ_SECONDS, deadline=deadline)
