"""What we have Shopify collect in bulk, by its rules for such queries and its whole schema."""

from graphql import OperationDefinitionNode, parse

from sandbox.admin_api.bulk_rules import problem
from shopify_app.bulk.operations import text_of
from tests.contract.test_admin_schema import full

ORDERS = text_of("ChangedOrders", SINCE="2026-10-01T01:40:00Z")


class TestChangedOrders:
    def test_may_run_in_bulk(self) -> None:
        assert problem(full(), ORDERS) is None

    def test_is_sent_without_a_name_or_variables_as_in_shopifys_own_examples(self) -> None:
        (operation,) = parse(ORDERS).definitions
        assert isinstance(operation, OperationDefinitionNode)
        assert operation.name is None
        assert not operation.variable_definitions

    def test_asks_for_what_changed_since_the_instant(self) -> None:
        assert "orders(query: \"updated_at:>='2026-10-01T01:40:00Z'\")" in ORDERS
        assert "SINCE" not in ORDERS

    def test_with_a_refunds_own_transactions_would_be_refused(self) -> None:
        changed = ORDERS.replace("totalRefundedSet {", "transactions { edges { node { id } } } totalRefundedSet {")
        assert "within a list field" in str(problem(full(), changed))


class TestAllCustomers:
    CUSTOMERS = text_of("AllCustomers", ASKEDBY="import12on20261128")

    def test_may_run_in_bulk(self) -> None:
        assert problem(full(), self.CUSTOMERS) is None

    def test_differs_by_who_asks(self) -> None:
        assert "ASKEDBY" not in self.CUSTOMERS
        assert text_of("AllCustomers", ASKEDBY="import13on20261128") != self.CUSTOMERS
