"""What Shopify's bodies of orders and refunds come to; the buyer's currency is never read."""

from datetime import UTC, datetime

import pytest

from shopify_app.orders.amounts import Unreadable, in_shop_money, minor
from shopify_app.orders.order_payload import order_from
from shopify_app.orders.refund_payload import refund_from
from tests.shopify_payloads import adjustment, bag, line, money, order, refund, refund_line, transaction


class TestAnAmount:
    @pytest.mark.parametrize(
        ("text", "currency", "expected"),
        [
            ("10.99", "USD", 1099),
            ("10.9", "USD", 1090),
            ("1099", "JPY", 1099),
            ("1099.0", "JPY", 1099),
            ("1.250", "KWD", 1250),
            ("0.005", "USD", 1),
            (None, "USD", 0),
            ("", "USD", 0),
            (5, "USD", 500),
        ],
    )
    def test_is_in_the_currencys_smallest_unit(self, text, currency, expected):
        assert minor(text, currency) == expected

    @pytest.mark.parametrize("text", ["free", "1,5", "Infinity", "NaN", [], {}])
    def test_that_is_none_is_unreadable(self, text):
        with pytest.raises(Unreadable):
            minor(text, "USD")

    def test_is_the_shops_even_where_the_plain_field_is_the_buyers(self):
        assert in_shop_money({"price": "99.00", "price_set": bag("10.00")}, "price", "USD") == 1000
        assert in_shop_money({"price": "10.00"}, "price", "USD") == 1000


class TestAnOrder:
    def test_is_who_what_and_when(self):
        told = order_from(order())
        assert (told.shopify_order_id, told.shopify_customer_id, told.name) == (5_500_000_000_001, 7001, "#1001")
        assert (told.currency, told.total_minor, told.current_total_minor) == ("USD", 10000, 10000)
        assert told.placed_at == datetime(2026, 11, 20, 14, 59, 58, tzinfo=UTC)
        assert told.paid_at == told.shopify_updated_at == datetime(2026, 11, 20, 15, 0, 1, tzinfo=UTC)
        assert (told.fulfilled_at, told.cancelled_at, told.is_test) == (None, None, False)
        assert told.facts["tags"] == ["vip", "wholesale"]
        assert told.facts["source_name"] == "web"

    @pytest.mark.parametrize("status", ["pending", "authorized", "partially_paid", "voided", None])
    def test_is_not_paid_until_it_is(self, status):
        assert order_from(order(financial_status=status)).paid_at is None

    def test_is_fulfilled_or_cancelled_or_a_test_when_it_says_so(self):
        told = order_from(order(fulfillment_status="fulfilled", cancelled_at="2026-11-21T00:00:00Z", test=True))
        assert (told.fulfilled_at, told.cancelled_at) == (told.shopify_updated_at, datetime(2026, 11, 21, tzinfo=UTC))
        assert told.is_test
        assert order_from(order(fulfillment_status="partial")).fulfilled_at is None

    def test_of_a_guest_has_no_customer(self):
        assert order_from(order(customer=None)).shopify_customer_id is None

    def test_has_lines_after_all_discounts_and_without_tax(self):
        (one, two) = order_from(
            order(
                line_items=[
                    line(1, "25.00", 2, discount="10.00", tax="4.00"),
                    line(2, "9.99", gift_card=True, product_id=None),
                ]
            )
        ).lines
        assert (one.amount_minor, one.tax_minor, one.discount_minor, one.quantity) == (4000, 400, 1000, 2)
        assert (one.product_id, one.variant_id, one.is_gift_card) == (11, 111, False)
        assert (two.amount_minor, two.product_id, two.is_gift_card) == (999, None, True)

    def test_takes_tax_out_of_prices_that_include_it(self):
        (one,) = order_from(order(taxes_included=True, line_items=[line(1, "11.00", tax="1.00")])).lines
        assert (one.amount_minor, one.tax_minor) == (1000, 100)

    def test_reads_a_manual_discount_where_nothing_is_allocated(self):
        (one,) = order_from(order(line_items=[{**line(1, "10.00"), **money("total_discount", "2.50")}])).lines
        assert (one.amount_minor, one.discount_minor) == (750, 250)

    def test_knows_a_tip_as_a_tip_and_not_as_a_line(self):
        tip = line(2, "3.00", tip_payment_gateway="bogus", product_id=None)
        told = order_from(order(line_items=[line(1, "10.00"), tip], total_tip_received="3.00"))
        assert (len(told.lines), told.facts["tips_minor"]) == (1, 300)

    def test_has_shipping_after_its_discounts_and_without_tax(self):
        shipping = {
            "id": 1, "code": "Standard", **money("price", "11.00"), **money("discounted_price", "8.80"),
            "discount_allocations": [], "tax_lines": [{"title": "VAT", "rate": 0.1, **money("price", "0.80")}],
        }  # fmt: skip
        told = {"shipping_lines": [shipping], "total_shipping_price_set": bag("11.00"), **money("total_tax", "0.80")}
        assert order_from(order(**told)).facts["shipping_minor"] == 880
        included = order_from(order(**told, taxes_included=True)).facts
        assert (included["shipping_minor"], included["tax_minor"], included["taxes_included"]) == (800, 80, True)

    def test_names_its_discount_codes(self):
        codes = [{"code": "TEA-1", "amount": "5.00", "type": "fixed_amount"}]
        assert order_from(order(discount_codes=codes)).facts["discount_codes"] == ["TEA-1"]

    @pytest.mark.parametrize(("currency", "total", "expected"), [("JPY", "1099", 1099), ("KWD", "1.250", 1250)])
    def test_may_be_in_a_currency_without_hundredths(self, currency, total, expected):
        told = order_from(order(total=total, currency=currency))
        assert (told.currency, told.total_minor, told.lines[0].amount_minor) == (currency, expected, expected)

    @pytest.mark.parametrize(
        "wrong",
        [{"id": None}, {"id": True}, {"updated_at": "soon"}, {"total_price_set": None, "total_price": "much"}],
        ids=str,
    )
    def test_that_is_none_is_unreadable(self, wrong):
        with pytest.raises(Unreadable):
            order_from(order(**wrong))


class TestARefund:
    def test_is_the_money_that_went_back(self):
        told = refund_from(refund(amount="20.00"), currency="USD")
        assert (told.reference, told.amount_minor, told.is_money) == ("refund:900000001", 2000, True)
        assert told.refunded_at == datetime(2026, 11, 21, 15, tzinfo=UTC)

    def test_to_store_credit_counts_like_any_other(self):
        both = [transaction("15.00"), transaction("5.00", gateway="shopify_store_credit")]
        assert refund_from(refund(transactions=both), currency="USD").amount_minor == 2000

    def test_counts_what_succeeded_and_nothing_else(self):
        several = [transaction("20.00"), transaction("9.00", status="failure"), transaction("7.00", kind="void")]
        assert refund_from(refund(transactions=several), currency="USD").amount_minor == 2000

    def test_in_the_buyers_currency_is_read_from_its_lines_and_adjustments(self):
        told = refund(
            transactions=[transaction("18.00", currency="EUR")],
            refund_line_items=[refund_line("15.00", "1.50")],
            order_adjustments=[adjustment("-3.00", "-0.30", "shipping_refund")],
        )
        assert refund_from(told, currency="USD").amount_minor == 1980

    def test_in_the_buyers_currency_with_the_shops_beside_it_is_the_shops(self):
        told = refund(transactions=[transaction("18.00", currency="EUR", amount_set=bag("20.00"))])
        assert refund_from(told, currency="USD").amount_minor == 2000

    def test_without_money_is_goods(self):
        told = refund_from(refund(amount=None, refund_line_items=[refund_line("20.00")]), currency="USD")
        assert (told.amount_minor, told.is_money) == (2000, False)

    def test_of_shipping_by_its_newer_shape(self):
        shipping = [{"id": 1, "subtotal_amount_set": bag("5.00"), "shipping_line": {}}]
        assert refund_from(refund(amount=None, refund_shipping_lines=shipping), currency="USD").amount_minor == 500

    def test_in_the_shape_of_a_bare_amount(self):
        bare = {
            "id": 1, "order_id": 2, "created_at": "2026-11-20T10:00:00-05:00", "note": None, "refund_line_items": [],
            "transactions": [{"id": 1, "kind": "refund", "status": "success", "amount": "33.30", "currency": "USD"}],
            "order_adjustments": [],
        }  # fmt: skip
        assert refund_from(bare, currency="USD").amount_minor == 3330

    def test_that_is_none_is_unreadable(self):
        with pytest.raises(Unreadable):
            refund_from(refund(order_id=None), currency="USD")
