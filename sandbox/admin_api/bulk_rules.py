"""Which queries may run in bulk. Judges a document against any schema: the sandbox's own, or Shopify's whole one.

Shopify's rules and wordings: one connection at least, five at most, nested at most twice below the first, each read by
`edges { node { … } }`, a parent telling its `id`, none inside a plain list, no top-level `node`.
"""

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
    validate,
)

from sandbox.admin_api.wording import document_error

MOST_BYTES, MOST_CONNECTIONS, DEEPEST = 65_535, 5, 2


def problem(schema: GraphQLSchema, query: str) -> str | None:
    """Say why a query cannot run in bulk, in Shopify's words; None when it can."""
    size = len(query.encode())
    if size > MOST_BYTES:
        return f"Query is too large ({size} bytes; maximum is {MOST_BYTES} bytes)"
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        return f"Invalid bulk query: {error.message.replace('Syntax Error: ', 'syntax error, ')}"
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if [node.operation.value for node in operations] != ["query"]:
        return "Invalid operation type. Only `query` operations are supported."
    errors = validate(schema, document)
    if errors:
        return f"Invalid bulk query: {document_error(errors[0])['message']}"
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return _Walk(schema, fragments).problem(operations[0].selection_set)


class _Walk:
    """Goes through a query and notes its connections."""

    def __init__(self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self.schema, self.fragments = schema, fragments
        self.connections, self.deepest = 0, 0
        self.found: list[str] = []

    def problem(self, selections: SelectionSetNode) -> str | None:
        """The first rule that is broken."""
        roots = [node for node in selections.selections if isinstance(node, FieldNode)]
        if any(node.name.value == "node" for node in roots):
            return "Bulk queries cannot contain a top level `node` field."
        if len(roots) != 1 or len(selections.selections) != 1:
            return "Bulk queries must select exactly one top level field."
        self._below(selections, self.schema.query_type, depth=-1, in_list=False)
        if self.found:
            return self.found[0]
        if self.connections == 0:
            return "Bulk queries must contain at least one connection."
        if self.connections > MOST_CONNECTIONS:
            return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
        if self.deepest > DEEPEST:
            return f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
        return None

    def _below(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None, *, depth: int, in_list: bool
    ) -> None:
        """Look at a selection; `depth` counts the connections around it, the first one as 0."""
        for name, node, kind in fields(self.schema, self.fragments, selections, parent):
            bare = kind.type.of_type if isinstance(kind.type, GraphQLNonNull) else kind.type
            inner = get_named_type(kind.type)
            if not is_connection(inner):
                here = in_list or isinstance(bare, GraphQLList)
                self._below(node.selection_set, inner, depth=depth, in_list=here)
                continue
            if in_list:
                self.found.append(
                    "Queries that contain a connection field within a list field are not currently supported."
                )
            self.connections, self.deepest = self.connections + 1, max(self.deepest, depth + 1)
            self._connection(name, node, inner, depth=depth + 1)

    def _connection(self, name: str, node: FieldNode, kind: GraphQLNamedType, *, depth: int) -> None:
        edges = [each for each in fields(self.schema, self.fragments, node.selection_set, kind) if each[0] == "edges"]
        below = [
            each
            for _, edge, field in edges
            for each in fields(self.schema, self.fragments, edge.selection_set, get_named_type(field.type))
            if each[0] == "node"
        ]
        if not below:
            self.found.append(
                "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
                f"'{name} {{ edges {{ node {{'. Selecting via 'nodes' is not supported. Invalid connection fields: '{name}'."
            )
        for _, inner, field in below:
            kind_below = get_named_type(field.type)
            chosen = fields(self.schema, self.fragments, inner.selection_set, kind_below)
            has_id = any(each == "id" and one.alias is None for each, one, _ in chosen)
            if not has_id and any(is_connection(get_named_type(one.type)) for _, _, one in chosen):
                self.found.append(
                    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must "
                    f"be of 'ID' return type. Connection fields without 'id': {name}."
                )
            self._below(inner.selection_set, kind_below, depth=depth, in_list=False)


def is_connection(kind: GraphQLNamedType | None) -> bool:
    """Whether a type is a Relay connection."""
    return isinstance(kind, GraphQLObjectType) and kind.name.endswith("Connection") and "edges" in kind.fields


def fields(
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
    selections: SelectionSetNode | None,
    parent: GraphQLNamedType | None,
) -> list[tuple[str, FieldNode, GraphQLField]]:
    """List the fields of a selection with their definitions, those of fragments too."""
    found: list[tuple[str, FieldNode, GraphQLField]] = []
    for node in selections.selections if selections else ():
        if isinstance(node, FragmentSpreadNode):
            fragment = fragments[node.name.value]
            kind = schema.get_type(fragment.type_condition.name.value)
            found += fields(schema, fragments, fragment.selection_set, kind)
        elif isinstance(node, InlineFragmentNode):
            kind = schema.get_type(node.type_condition.name.value) if node.type_condition else parent
            found += fields(schema, fragments, node.selection_set, kind)
        elif isinstance(node, FieldNode) and isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            definition = parent.fields.get(node.name.value)
            if definition is not None:
                found.append((node.name.value, node, definition))
    return found
