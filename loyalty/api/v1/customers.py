"""Customers: list, get, enrol, update."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from loyalty.api.v1 import documents as docs
from loyalty.api.v1 import shapes
from loyalty.api.v1.base import ApiView, one, resource
from loyalty.api.v1.fields import CustomerIdentifier, Day, YesNo, number
from loyalty.api.v1.keeping import once
from loyalty.api.v1.lists import page, sorted_by, wanted
from loyalty.api.v1.waiting import a_place
from loyalty.earning.operations import enrol, knowing_products, set_excluded
from loyalty.errors import InvalidField, NotFound
from loyalty.instants import instant
from loyalty.ledger.queries import standings_of
from loyalty.members import queries
from loyalty.members.models import Member
from loyalty.members.operations import UNCHANGED, update_profile
from loyalty.members.ports import customer_directory
from loyalty.referrals.queries import link_of
from loyalty.tiers.models import Tier

SORTS = {
    "created_at": "created_at",
    "points": "account__available",
    "lifetime_points": "account__lifetime",
    "redeemed_points": "account__redeemed",
}


class EnrolBody(serializers.Serializer[Any]):
    """The body of an enrolment."""

    shopify_customer_id = CustomerIdentifier()


class UpdateBody(serializers.Serializer[Any]):
    """The body of an update; what is absent stays, null clears."""

    date_of_birth = Day(required=False, allow_null=True)
    anniversary_date = Day(required=False, allow_null=True)
    is_excluded = YesNo(required=False)


class Customers(ApiView):
    """`/v1/customers`."""

    @extend_schema(
        **docs.listing(
            "List customers", "customer", shapes.CustomerAttributes, sorts=SORTS, filters=["email", "loyalty_status"]
        )
    )
    def get(self, request: Request) -> Response:
        """Lists members, newest first."""
        rows = queries.members()
        if email := wanted(request.query_params, "email"):
            rows = rows.filter(email__contains=email.strip().lower())
        if status := wanted(request.query_params, "loyalty_status"):
            rows = rows.filter(status=status)
        return page(sorted_by(rows, request.query_params, SORTS), request.query_params, self.present)

    @extend_schema(**docs.write("Enrol a customer", "customer", EnrolBody, shapes.CustomerAttributes, created=True))
    def post(self, request: Request) -> Response:
        """Enrols a Shopify customer: 201 the first time, 200 with the existing record after."""
        identifier = self.fields(EnrolBody)["shopify_customer_id"].removeprefix("gid://shopify/Customer/")
        if not identifier.isascii() or not identifier.isdigit() or len(identifier) > 18:
            raise InvalidField("shopify_customer_id", "shopify_customer_id must be a numeric Shopify customer id")
        return once(self, lambda: self._enrol(identifier))

    def _enrol(self, identifier: str) -> Response:
        try:
            member, is_new = queries.member(identifier=identifier), False
        except NotFound:
            with a_place():
                member, is_new = self._asking(identifier)
        return self.answer(member.pk, status=201 if is_new else 200)

    def _asking(self, identifier: str) -> tuple[Member, bool]:
        """Enrols a customer of the shop, which is asked who they are, and what they bought as a guest where that counts."""
        customer = customer_directory().find(
            shopify_domain=self.program.shopify_domain, shopify_customer_id=int(identifier)
        )
        if customer is None:
            raise NotFound(f"Shopify customer '{identifier}' not found")
        work = partial(enrol, program=self.program, customer=customer, now=self.now, source="rest")
        return knowing_products(program=self.program, work=work, now=self.now)

    def present(self, members: Sequence[Member]) -> list[dict[str, Any]]:
        """Returns the resource objects of some members."""
        exclude_vip = self.request.query_params.get("exclude_vip", "").lower() == "true"
        standings = standings_of(member_ids=[member.pk for member in members], now=self.now)
        found = []
        for member in members:
            standing = standings[member.pk]
            membership = getattr(member, "tier_membership", None)
            found.append(
                resource(
                    "customer",
                    str(member.shopify_customer_id),
                    {
                        "shopify_customer_id": str(member.shopify_customer_id),
                        "email": member.email,
                        "first_name": member.first_name,
                        "last_name": member.last_name,
                        "current_points": standing.balances.available,
                        "lifetime_points": standing.balances.lifetime,
                        "redeemed_points": standing.balances.redeemed,
                        "loyalty_status": member.status,
                        "date_of_birth": Day().to_representation(member.date_of_birth)
                        if member.date_of_birth
                        else None,
                        "anniversary_date": Day().to_representation(member.anniversary_date)
                        if member.anniversary_date
                        else None,
                        "referral_url": link_of(member, self.program),
                        "referral_code": member.referral_code,
                        "vip_tier": None if exclude_vip or membership is None else tier_of_customer(membership.tier),
                        "points_expire_at": instant(standing.next_expires_at),
                        "created_at": instant(member.created_at),
                        "updated_at": instant(max(member.updated_at, member.account.updated_at)),
                    },
                )
            )
        return found

    def answer(self, member_id: int, *, status: int = 200) -> Response:
        """Returns one member as they are now."""
        shown = self.present([queries.member_by_id(member_id=member_id)])[0]
        return one("customer", shown["id"], shown["attributes"], status=status)


class Customer(Customers):
    """`/v1/customers/{identifier}`."""

    http_method_names = ["get", "head", "put", "options"]

    @extend_schema(**docs.reading("Get a customer", "customer", shapes.CustomerAttributes, query=["exclude_vip"]))
    def get(self, request: Request, identifier: str) -> Response:  # type: ignore[override]  # a path of its own
        """Returns one member by Shopify id or email."""
        return self.answer(queries.member(identifier=identifier).pk)

    @extend_schema(**docs.write("Update a customer", "customer", UpdateBody, shapes.CustomerAttributes))
    def put(self, request: Request, identifier: str) -> Response:
        """Sets or clears dates, excludes or takes back in; what is not given stays."""
        fields = self.fields(UpdateBody)
        return once(self, lambda: self._change(identifier, fields))

    def _change(self, identifier: str, fields: dict[str, Any]) -> Response:
        member = queries.member(identifier=identifier)
        with transaction.atomic():
            if "is_excluded" in fields:
                set_excluded(member_id=member.pk, excluded=fields["is_excluded"], now=self.now, reason="api")
            update_profile(
                member_id=member.pk,
                date_of_birth=fields.get("date_of_birth", UNCHANGED),
                anniversary_date=fields.get("anniversary_date", UNCHANGED),
                now=self.now,
            )
        return self.answer(member.pk)


def tier_of_customer(tier: Tier) -> dict[str, Any]:
    """Returns a tier as it stands inside a customer."""
    return {
        "id": tier.public_id,
        "name": tier.name,
        "points_required": tier.threshold,
        "points_multiplier": number(tier.multiplier),
        "badge_image_url": tier.badge_image_url,
        "badge_color": tier.badge_color,
    }
