"""What is stored of orders: the facts that awards, refunds and tiers read. No name, no address, no product title."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.members.models import Member
from loyalty.tenancy import TenantModel


class Order(TenantModel):
    """An order as last heard of. Money is in the smallest unit of `currency`, the shop's own.

    `total_minor` is the total the order was placed with and never changes: refunds are a part of it. `refunded_minor` is
    what of it was given back (loyalty/orders/facts.py), at most the total. `shopify_updated_at` decides which of two
    deliveries is the newer. `judged_rules` are the earning rules that were asked what the order earns, by our number:
    each is asked once, whatever it said.
    """

    shopify_order_id = models.BigIntegerField()
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="orders", db_index=False)
    shopify_customer_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=40, blank=True, default="")
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    lines = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    judged_rules = models.JSONField(default=list)
    is_test = models.BooleanField(default=False)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    shopify_updated_at = models.DateTimeField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "shopify_order_id"], name="order_once"),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0) & Q(refunded_minor__lte=models.F("total_minor")),
                name="order_refunded_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "placed_at"], name="order_by_member", condition=Q(member__isnull=False)),
            models.Index(fields=["program", "shopify_customer_id"], name="order_by_customer"),
            models.Index(fields=["program", "-placed_at"], name="order_newest"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.shopify_order_id)

    @property
    def counts(self) -> bool:
        """Whether it is one of the member's orders: paid, and neither cancelled nor wholly given back."""
        given_back = self.total_minor > 0 and self.refunded_minor >= self.total_minor
        return self.paid_at is not None and self.cancelled_at is None and not given_back and not self.is_test


class KnownProducts(TenantModel):
    """What the shop said of an order's products when a rule first needed it (loyalty/orders/products.py).

    A row of its own, for the shop may have to be asked before the order can be written down.
    """

    shopify_order_id = models.BigIntegerField()
    products = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "shopify_order_id"], name="known_products_once_per_order")
        ]

    def __str__(self) -> str:
        return f"{len(self.products)} products of order {self.shopify_order_id}"


class Refund(TenantModel):
    """Money or goods given back, once per reference; it may be heard of before its order.

    `amount_minor` is in the shop's currency. Goods that an edit took off without money moving are of kind `edit`.
    """

    class Kind(models.TextChoices):
        """How it came about."""

        REFUND = "refund", _("Refund")
        EDIT = "edit", _("Order edited")

    shopify_order_id = models.BigIntegerField()
    reference = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REFUND)
    amount_minor = models.BigIntegerField()
    refunded_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "reference"], name="refund_once"),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="refund_not_negative"),
        ]
        indexes = [models.Index(fields=["program", "shopify_order_id"], name="refund_by_order")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.amount_minor}"
