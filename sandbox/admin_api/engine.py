"""Executes a GraphQL call for a store: parse, validate, coerce, charge, run."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    build_schema,
    default_field_resolver,
    execute,
    get_named_type,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from sandbox.admin_api import cost, scalars
from sandbox.admin_api.context import Context, Info, access_denied
from sandbox.admin_api.nouns import (
    bulk_operations,
    customers,
    discounts,
    flow_triggers,
    metafields,
    orders,
    products,
    shops,
    store_credit,
)
from sandbox.admin_api.wording import document_error, variable_error
from sandbox.store.values import gid_parts

FOLDER = Path(__file__).parents[1] / "schema"
MOST_INPUT_ITEMS = 250

Answer = dict[str, Any]


def _node(info: Info, id: str) -> Any:
    kind = (gid_parts(id) or ("", ""))[0]
    finders = {"Customer": customers.customer, "Order": orders.order, "StoreCreditAccount": store_credit.account}
    finders |= {"DiscountCodeNode": discounts.by_id, "DiscountNode": discounts.any_by_id}
    finders |= {"Product": products.product, "ProductVariant": products.variant, "Collection": products.collection}
    return finders[kind](info, id) if kind in finders else None


ROOTS = {
    "app": shops.app,
    "bulkOperation": bulk_operations.by_id,
    "bulkOperations": bulk_operations.several,
    "codeDiscountNode": discounts.by_id,
    "codeDiscountNodeByCode": discounts.by_code,
    "codeDiscountNodes": discounts.several,
    "collection": products.collection,
    "collections": products.collections,
    "currentAppInstallation": shops.current_app_installation,
    "customer": customers.customer,
    "customerByIdentifier": customers.by_identifier,
    "customers": customers.several,
    "discountNode": discounts.any_by_id,
    "node": _node,
    "nodes": lambda info, ids: [_node(info, identity) for identity in ids],
    "order": orders.order,
    "orders": orders.several,
    "product": products.product,
    "products": products.products,
    "productVariant": products.variant,
    "shop": shops.shop,
    "storeCreditAccount": store_credit.account,
    "bulkOperationRunQuery": bulk_operations.run_query,
    "discountCodeActivate": discounts.activate,
    "discountCodeBasicCreate": discounts.create_basic,
    "discountCodeBxgyCreate": discounts.create_bxgy,
    "discountCodeDeactivate": discounts.deactivate,
    "discountCodeDelete": discounts.delete,
    "discountCodeFreeShippingCreate": discounts.create_free_shipping,
    "flowTriggerReceive": flow_triggers.receive,
    "metafieldsDelete": metafields.delete_all,
    "metafieldsSet": metafields.set_all,
    "storeCreditAccountCredit": store_credit.credit,
    "storeCreditAccountDebit": store_credit.debit,
    "tagsAdd": customers.tags_add,
    "tagsRemove": customers.tags_remove,
}


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    """Build the trimmed schema, once."""
    built = build_schema((FOLDER / "admin.graphql").read_text("utf-8"), assume_valid=True)
    scalars.install(built)
    return built


@lru_cache(maxsize=1)
def _scope_rules() -> dict[str, list[str]]:
    rules: dict[str, list[str]] = json.loads((FOLDER / "scopes.json").read_text("utf-8"))
    return rules


@lru_cache(maxsize=512)
def _document(query: str) -> tuple[DocumentNode | None, list[Answer]]:
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
        message = error.message.replace("Syntax Error: ", "syntax error, ")
        return None, [{"message": message, "locations": places, "extensions": {"code": "PARSE_ERROR"}}]
    return document, [document_error(error) for error in validate(schema(), document)]


def _resolve(source: Any, info: Info, **arguments: Any) -> Any:
    """Resolve a field, after checking that the app may see it: by the field's own rule and by its type's."""
    context = info.context
    rules, kind = _scope_rules(), get_named_type(info.return_type).name
    for key in (f"{info.parent_type.name}.{info.field_name}", kind):
        needed = rules.get(key)
        if needed and not context.scopes.intersection(needed):
            raise access_denied(info.field_name, needed)
    return default_field_resolver(source, info, **arguments)


class Call:
    """One call, prepared: what it asks for, what it costs, and what is wrong with it before anything ran."""

    def __init__(self, query: str, variables: dict[str, Any], operation_name: str | None) -> None:
        """Parse, validate and coerce. `refusals` holds the top-level errors, empty when it may run."""
        self.variables = variables
        self.operation_name = operation_name
        self.cost = 1
        self.operation: OperationDefinitionNode | None = None
        self.document, self.refusals = _document(query)
        if self.document is None or self.refusals:
            return
        operations = [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]
        named = [
            node for node in operations if operation_name is None or (node.name and node.name.value == operation_name)
        ]
        if len(named) != 1:
            message = f'No operation named "{operation_name}"' if operation_name else "An operation name is required"
            self.refusals = [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]
            return
        self.operation = named[0]
        self._coerce()

    def _coerce(self) -> None:
        assert self.operation is not None
        assert self.document is not None
        definitions = self.operation.variable_definitions or ()
        coerced = get_variable_values(schema(), definitions, self.variables)
        if isinstance(coerced, list):
            self.refusals = [variable_error(self.operation, error, self.variables) for error in coerced]
            return
        longest = _longest_list(self.variables)
        if longest > MOST_INPUT_ITEMS:
            message = f"The input array size of {longest} is greater than the maximum allowed of {MOST_INPUT_ITEMS}."
            self.refusals = [
                {"message": message, "path": self.roots, "extensions": {"code": "MAX_INPUT_SIZE_EXCEEDED"}}
            ]
            return
        self.cost = cost.operation_cost(schema(), self.document, self.operation, self.variables)
        if self.cost > cost.MOST_PER_QUERY:
            message = (
                f"Query cost is {self.cost}, which exceeds the single query max cost limit ({cost.MOST_PER_QUERY})."
            )
            self.refusals = [{"message": message, "extensions": {"code": "MAX_COST_EXCEEDED", "cost": self.cost}}]

    @property
    def roots(self) -> list[str]:
        """Names of the root fields asked for, e.g. `discountCodeBasicCreate`."""
        if self.operation is None:
            return []
        return [node.name.value for node in self.operation.selection_set.selections if isinstance(node, FieldNode)]

    @property
    def is_mutation(self) -> bool:
        """Whether running it may change something."""
        return self.operation is not None and self.operation.operation.value == "mutation"

    def run(self, context: Context) -> Answer:
        """Execute it. Data and errors may come together, as at Shopify."""
        assert self.document is not None
        result = execute(
            schema(),
            self.document,
            root_value=ROOTS,
            context_value=context,
            variable_values=self.variables,
            operation_name=self.operation_name,
            field_resolver=_resolve,
        )
        assert not hasattr(result, "__await__")
        answer: Answer = {"data": result.data}
        if result.errors:
            answer = {"errors": [_shown(error) for error in result.errors], **answer}
        return answer


def _shown(error: GraphQLError) -> Answer:
    shown = dict(error.formatted)
    if not shown.get("extensions"):
        shown["message"] = f"Internal error. ({error.message})"
        shown["extensions"] = {"code": "INTERNAL_SERVER_ERROR"}
    return shown


def _longest_list(value: Any) -> int:
    if isinstance(value, dict):
        return max((_longest_list(item) for key, item in value.items() if key != "payload"), default=0)
    if isinstance(value, list):
        return max([len(value), *(_longest_list(item) for item in value)])
    return 0
