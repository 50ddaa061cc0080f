"""The sandbox's Admin GraphQL schema is a true subset of the one Shopify publishes."""

import hashlib
from functools import lru_cache

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_client_schema,
    build_schema,
    introspection_types,
    specified_scalar_types,
)

from sandbox.admin_api.engine import ROOTS
from sandbox.schema import trim

SHA256 = "f3b522f264556925eada700e795e4a002a9cba83444ebcc6c0d724254a0c6593"


@lru_cache(maxsize=1)
def full() -> GraphQLSchema:
    """Shopify's schema, about a second to build."""
    return build_client_schema(trim.published()["data"], assume_valid=True)


@lru_cache(maxsize=1)
def trimmed() -> GraphQLSchema:
    """What the sandbox executes."""
    return build_schema((trim.HERE / "admin.graphql").read_text("utf-8"), assume_valid=True)


def own_types() -> list[GraphQLNamedType]:
    """The trimmed types, without GraphQL's own."""
    built_in = introspection_types.keys() | specified_scalar_types.keys()
    return [kind for name, kind in trimmed().type_map.items() if name not in built_in]


def test_the_fixture_is_the_published_file() -> None:
    assert hashlib.sha256(trim.PUBLISHED.read_bytes()).hexdigest() == SHA256


def test_every_type_exists_there_and_is_of_the_same_kind() -> None:
    for kind in own_types():
        assert type(full().type_map.get(kind.name)) is type(kind), kind.name


def test_fields_arguments_and_nullability_are_the_same() -> None:
    checked = 0
    for kind in own_types():
        if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            continue
        theirs = full().type_map[kind.name]
        assert isinstance(theirs, type(kind))
        for name, field in kind.fields.items():
            where, original = f"{kind.name}.{name}", theirs.fields[name]
            assert str(field.type) == str(original.type), where
            for argument, given in field.args.items():
                assert str(given.type) == str(original.args[argument].type), f"{where}({argument})"
                assert given.default_value == original.args[argument].default_value, f"{where}({argument})"
            left_out = {text: arg for text, arg in original.args.items() if text not in field.args}
            assert not [text for text, arg in left_out.items() if isinstance(arg.type, GraphQLNonNull)], where
            checked += 1
        assert {one.name for one in kind.interfaces} <= {one.name for one in theirs.interfaces}, kind.name
    assert checked > 250


def test_inputs_are_the_same_and_leave_out_nothing_required() -> None:
    for kind in own_types():
        if not isinstance(kind, GraphQLInputObjectType):
            continue
        theirs = full().type_map[kind.name]
        assert isinstance(theirs, GraphQLInputObjectType)
        assert kind.is_one_of == theirs.is_one_of, kind.name
        for name, field in kind.fields.items():
            assert str(field.type) == str(theirs.fields[name].type), f"{kind.name}.{name}"
            assert field.default_value == theirs.fields[name].default_value, f"{kind.name}.{name}"
        for name, field in theirs.fields.items():
            assert name in kind.fields or not isinstance(field.type, GraphQLNonNull), f"{kind.name}.{name}"


def test_enumerations_are_whole_and_unions_hold_only_true_members() -> None:
    for kind in own_types():
        theirs = full().type_map[kind.name]
        if isinstance(kind, GraphQLEnumType):
            assert isinstance(theirs, GraphQLEnumType)
            assert kind.values.keys() == theirs.values.keys(), kind.name
        if isinstance(kind, GraphQLUnionType):
            assert isinstance(theirs, GraphQLUnionType)
            assert {one.name for one in kind.types} <= {one.name for one in theirs.types}, kind.name


def test_the_committed_files_are_what_the_script_makes() -> None:
    schema, scopes, _ = trim.made()
    assert schema == (trim.HERE / "admin.graphql").read_text("utf-8")
    assert scopes == (trim.HERE / "scopes.json").read_text("utf-8")


def test_every_root_field_has_a_resolver() -> None:
    query, mutation = trimmed().query_type, trimmed().mutation_type
    assert query is not None
    assert mutation is not None
    assert {*query.fields, *mutation.fields} == set(ROOTS)
