"""What a call costs, and the bucket it is paid from.

Shopify's published weights: scalars 0, objects 1, a mutation 10 in all, connections by their page size. A Standard shop
holds 2,000 points and gets 100 back per second.
"""

import time
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from sandbox.world import World

MAXIMUM = 2000.0
RESTORED_PER_SECOND = 100.0
MOST_PER_QUERY = 1000
MUTATION = 10
MUTATION_COSTS = {"flowTriggerReceive": 1}


def operation_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> int:
    """Add up what Shopify would charge for an operation before running it."""
    roots = [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    if operation.operation.value == "mutation":
        return sum(MUTATION_COSTS.get(node.name.value, MUTATION) for node in roots)
    return _Counter(schema, document, variables).below(operation.selection_set, schema.query_type, 1)


class _Counter:
    """Walks a query and counts the objects it may return."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> None:
        self.schema, self.variables = schema, variables
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }

    def below(self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, times: int) -> int:
        """Count the objects of a selection whose parent may come `times` times."""
        total = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                kind = self.schema.get_type(fragment.type_condition.name.value)
                total += self.below(fragment.selection_set, kind, times)
            elif isinstance(node, InlineFragmentNode):
                kind = self.schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                total += self.below(node.selection_set, kind, times)
            elif isinstance(node, FieldNode):
                total += self._field(node, parent, times)
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, times: int) -> int:
        field = getattr(parent, "fields", {}).get(node.name.value)
        kind = get_named_type(field.type) if field else None
        if field is None or not is_composite_type(kind):
            return 0
        bare = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        own = 0 if isinstance(bare, GraphQLList) and node.name.value != "nodes" else times
        return own + self.below(node.selection_set, kind, times * _page_size(node, self.variables))


def _page_size(node: FieldNode, variables: dict[str, Any]) -> int:
    for argument in node.arguments or ():
        if argument.name.value in ("first", "last"):
            if isinstance(argument.value, IntValueNode):
                return max(1, int(argument.value.value))
            if isinstance(argument.value, VariableNode):
                return max(1, int(variables.get(argument.value.name.value) or 1))
    return 1


def pay(world: World, domain: str, cost: int, *, forced: bool = False) -> tuple[bool, float]:
    """Take the cost from the store's bucket. Gives whether that worked, and what is left.

    `forced` refuses as if the bucket were just too low, so that a client that waits as told need not wait long.
    """
    with world.buckets_lock:
        moment = time.monotonic()
        level, before = world.buckets.get(domain, (MAXIMUM, moment))
        level = min(MAXIMUM, level + (moment - before) * RESTORED_PER_SECOND)
        if forced:
            return False, max(0.0, cost - RESTORED_PER_SECOND / 10)
        paid = level >= cost
        world.buckets[domain] = (level - cost if paid else level, moment)
        return paid, world.buckets[domain][0]


def statement(requested: int, actual: int | None, available: float) -> dict[str, Any]:
    """Write the `extensions` every answer carries."""
    throttle = {"maximumAvailable": MAXIMUM, "currentlyAvailable": int(available), "restoreRate": RESTORED_PER_SECOND}
    return {"cost": {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": throttle}}
