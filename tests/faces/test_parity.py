"""What one face can do the other can, under the name that the rule gives."""

from graphql import GraphQLArgument, GraphQLInputObjectType, get_named_type

from tests.faces.operations import (
    WITHOUT_GRAPHQL,
    WITHOUT_REST,
    Operation,
    graphql_fields,
    graphql_root,
    rest_document,
    rest_operations,
)


def test_every_operation_of_rest_has_its_twin_in_graphql() -> None:
    fields = graphql_fields()
    missing = {
        operation.name: operation.field
        for operation in rest_operations().values()
        if operation.name not in WITHOUT_GRAPHQL and operation.field not in fields
    }
    assert missing == {}


def test_reads_are_queries_and_writes_are_mutations() -> None:
    kinds = {name: kind for kind in ("Query", "Mutation") for name in graphql_root(kind).fields}
    wrong = {
        operation.name
        for operation in rest_operations().values()
        if operation.name not in WITHOUT_GRAPHQL
        and kinds.get(operation.field) != ("Query" if operation.is_read else "Mutation")
    }
    assert wrong == set()


def test_every_field_of_graphql_has_its_twin_in_rest() -> None:
    twins = {operation.field for operation in rest_operations().values()}
    assert graphql_fields().keys() - twins == WITHOUT_REST.keys()


def test_what_is_followed_can_be_asked_for_once_in_the_same_way() -> None:
    """A subscription has the query of its name, whose twin of REST streams when it is asked to."""
    queries = graphql_root("Query").fields
    streamed = {
        operation.field
        for operation in rest_operations().values()
        if "text/event-stream" in operation.document["responses"].get("200", {}).get("content", {})
    }
    followed = graphql_root("Subscription").fields
    assert followed.keys() == streamed
    for name, field in followed.items():
        assert str(field.type) == str(queries[name].type)
        assert field.args.keys() == queries[name].args.keys()


def test_exemptions_are_of_operations_that_exist() -> None:
    operations = rest_operations()
    assert WITHOUT_GRAPHQL.keys() <= operations.keys()
    fields = graphql_fields()
    assert [name for name in WITHOUT_GRAPHQL if operations[name].field in fields] == []


def test_twins_take_the_same_choices() -> None:
    """What REST takes in its address, its query and its body, GraphQL takes as arguments, and back."""
    fields = graphql_fields()
    different = {}
    for operation in rest_operations().values():
        if operation.name in WITHOUT_GRAPHQL or operation.field not in fields:
            continue
        rest = {_RENAMED.get(name, name).replace("_", "") for name in parameters_of(operation)}
        arguments = fields[operation.field].args
        body = body_of(operation)
        is_input = any(_is_input(argument) for argument in arguments.values())
        if body is not None:
            rest |= {"body"} if is_input else {name.replace("_", "") for name in body}
        graphql = {
            "body" if _is_input(argument) else name.lower() for name, argument in arguments.items()
        }
        if operation.is_read and "id" in graphql:
            own = operation.path.rpartition("{")[2].rstrip("}").replace("_", "")
            graphql = graphql - {"id"} | {own}
        if rest != graphql:
            different[operation.name] = (sorted(rest - graphql), sorted(graphql - rest))
    assert different == {}


_RENAMED = {"limit": "first", "cursor": "after"}


def parameters_of(operation: Operation) -> set[str]:
    """The parameters of the address and the query; `fields` is what a selection is in GraphQL."""
    found = operation.document.get("parameters", ())
    return {each["name"] for each in found if each["in"] in {"path", "query"}} - {
        "fields",
        "include",
    }


def body_of(operation: Operation) -> set[str] | None:
    """The names of the fields of an operation's body, None where it takes none."""
    if "requestBody" not in operation.document:
        return None
    [content] = operation.document["requestBody"]["content"].values()
    name = content["schema"]["$ref"].rpartition("/")[2]
    return set(rest_document()["components"]["schemas"][name]["properties"])


def _is_input(argument: GraphQLArgument) -> bool:
    return isinstance(get_named_type(argument.type), GraphQLInputObjectType)
