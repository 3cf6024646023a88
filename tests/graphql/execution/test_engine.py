"""Exact answers, read counts and refusals of the engine on the library."""

import sys
from collections.abc import Callable
from hashlib import sha256
from types import FrameType
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from app.domain.access.doors import CURSORS
from app.graphql.execution import Answer, Engine, Limits
from app.graphql.execution.documents import Recent
from app.graphql.execution.engine import FALLBACKS
from tests.graphql.execution import library
from tests.graphql.execution.comparing import PlainEngine

LIMITS = Limits(deepest=8, most_aliases=10, dearest=1_000, largest_page=100, usual_list=5)

engine = PlainEngine(library.schema, library.LIMITS)
strict = PlainEngine(library.schema, LIMITS)


async def ask(text: str, /, context: Any = None, **variables: Any) -> Any:
    return await engine.execute(text, variables, None, context or library.Context())


def told(answer: Answer) -> list[tuple[list[str | int], str]]:
    return [
        (error.path or [], getattr(error.original_error, "code", error.message))
        for error in answer.errors
    ]


def refusal(answer: Answer) -> dict[str, Any]:
    assert answer.data is None
    (error,) = answer.errors
    return dict(error.extensions or {})


async def test_one_read_for_each_edge_and_level_whatever_the_number_of_parents() -> None:
    context = library.Context()
    answer = await ask(
        "{ sound { author { name books { name author { name } } rival { name } } } }", context
    )
    assert answer.errors == []
    assert context.reads == 3, "authors, books and rivals: the authors of the books are known"
    assert [each["author"]["name"] for each in answer.data["sound"]] == ["杜甫", "司马迁"]


async def test_an_edge_asked_for_twice_with_the_same_arguments_is_read_once() -> None:
    context = library.Context()
    await ask("{ sound { a: author { name } b: author { id } } }", context)
    assert context.reads == 1
    context = library.Context()
    await ask("{ sound { author { a: books(first: 1) { id } b: books { id } } } }", context)
    assert context.reads == 3


async def test_keys_follow_the_selection_and_the_same_field_is_merged() -> None:
    answer = await ask(
        """
        query ($a: Boolean!) {
          author(id: "00000000-0000-0000-0000-000000000001") {
            books { name }
            ...More @include(if: $a)
            name
            books { id @skip(if: $a) pages ... on Thing { __typename } }
          }
        }
        fragment More on Author { born books { genre } }
        """,
        a=True,
    )
    assert answer.errors == []
    assert list(answer.data["author"]) == ["books", "born", "name"]
    (book,) = answer.data["author"]["books"]
    assert list(book.items()) == [
        ("name", "春望"),
        ("genre", "POETRY"),
        ("pages", 40),
        ("__typename", "Book"),
    ]


async def test_the_same_document_is_planned_anew_when_a_directive_decides_otherwise() -> None:
    text = "query ($a: Boolean! = true) { sound { name @include(if: $a) id @skip(if: $a) } }"
    assert list((await ask(text)).data["sound"][0]) == ["name"]
    assert list((await ask(text, a=False)).data["sound"][0]) == ["id"]
    assert list((await ask(text, a=True)).data["sound"][0]) == ["name"]


async def test_interfaces_and_unions_are_shown_by_the_type_of_each_row() -> None:
    answer = await ask(
        """
        {
          items { __typename ... on Book { name shelf { room } } ... on Author { born } }
          sound { related { id ... on Author { rival { name } } } }
        }
        """
    )
    assert answer.errors == []
    assert [each["__typename"] for each in answer.data["items"]] == ["Author", "Book", "Book"]
    assert answer.data["items"][1:] == [
        {"__typename": "Book", "name": "春望", "shelf": {"room": "A"}},
        {"__typename": "Book", "name": "史记", "shelf": None},
    ]
    assert [list(each) for each in answer.data["sound"][0]["related"]] == [["id", "rival"], ["id"]]


async def test_a_nested_connection_is_one_read_for_all_parents_and_one_more_for_totals() -> None:
    text = """
    query ($after: String) {
      sound { author { works(first: 2, after: $after) {
        nodes { id } edges { cursor node { pages } } pageInfo { hasNextPage endCursor } totalCount
      } } }
    }
    """
    context = library.Context()
    first = await ask(text, context)
    assert first.errors == []
    assert context.reads == 3, "authors, their works, how many"
    one, two = (each["author"]["works"] for each in first.data["sound"])
    assert [row["id"].int for row in one["nodes"]] == [11, 21]
    assert [row["id"].int for row in two["nodes"]] == [12, 22]
    assert one["edges"][1] == {"cursor": one["pageInfo"]["endCursor"], "node": {"pages": 40}}
    assert (one["pageInfo"]["hasNextPage"], one["totalCount"]) == (True, 3)
    rest = await ask(text, after=one["pageInfo"]["endCursor"])
    one, two = (each["author"]["works"] for each in rest.data["sound"])
    assert [row["id"].int for row in one["nodes"]] == [31]
    assert [row["id"].int for row in two["nodes"]] == [22, 32], "of each what follows the cursor"
    assert (one["pageInfo"]["hasNextPage"], one["totalCount"]) == (False, 3)


async def test_a_cursor_that_was_not_given_is_told_where_it_stands() -> None:
    answer = await ask('{ sound { name author { name works(after: "x") { nodes { id } } } } }')
    assert told(answer) == [(["sound", n, "author", "works"], "bad_cursor") for n in range(2)]
    assert [each["author"]["name"] for each in answer.data["sound"]] == ["杜甫", "司马迁"]


async def test_of_rows_behind_an_edge_only_what_is_asked_for_is_needed() -> None:
    context = library.Context()
    rows = "name author { id } shelf { room label { text } }"
    await ask(f"{{ sound {{ author {{ works {{ nodes {{ {rows} }} }} }} }} }}", context)
    assert context.columns[0] == {"name", "author_id", "shelf"}
    await ask("{ sound { author { works { edges { node { id } } } } } }", context)
    assert context.columns[1] == {"id", CURSORS}


async def test_a_failing_edge_is_told_and_its_siblings_survive() -> None:
    answer = await ask("{ sound { name oops: critic { name } author { name } } }")
    assert [each["author"] is not None for each in answer.data["sound"]] == [True, True]
    assert [each["oops"] for each in answer.data["sound"]] == [None, None]
    assert told(answer) == [
        (["sound", 0, "oops"], "no_reviews_True"),
        (["sound", 1, "oops"], "no_reviews_True"),
    ]


async def test_what_must_be_there_and_is_not_takes_what_holds_it_along() -> None:
    answer = await ask("{ books { name fine: id reviews { name } } lost { name } }")
    assert answer.data == {"books": [None] * 4, "lost": None}
    assert told(answer) == [
        *((["books", n, "reviews"], "no_reviews_True") for n in range(4)),
        (["lost"], "lost"),
    ]


async def test_a_null_stops_at_the_first_place_where_it_may_stand() -> None:
    answer = await ask(
        """
        {
          first: certain(id: "00000000-0000-0000-0000-00000000000b") { chapters { notes title } }
          books(first: 2) { chapters { title } }
        }
        """
    )
    assert answer.data["books"][1] == {"chapters": [None, None]}
    assert told(answer) == [
        (
            ["books", 1, "chapters", 1, "title"],
            "Cannot return null for non-nullable field Chapter.title.",
        )
    ]
    gone = await ask('{ certain(id: "00000000-0000-0000-0000-00000000000e") { price } }')
    assert gone.data is None
    assert [error.path for error in gone.errors] == [["certain", "price"]]


async def test_a_value_that_does_not_fit_is_told_at_its_place() -> None:
    answer = await ask("{ authors { id nicknames born } }")
    assert [each and each["nicknames"] for each in answer.data["authors"]] == [
        ["子美", None],
        None,
        [None],
        None,
    ]
    assert [error.path for error in answer.errors] == [["authors", 2, "nicknames", 0]]


async def test_mutations_run_one_after_the_other_and_show_their_edges() -> None:
    context = library.Context()
    answer = await ask(
        """
        mutation ($id: UUID!) {
          a: rename(id: $id, name: "一") { name books { name } }
          b: rename(id: $id, name: "refuse") { name }
          c: rename(id: $id, name: "二") { name rival { name } }
        }
        """,
        context,
        id=str(library.number(1)),
    )
    assert answer.data == {
        "a": {"name": "一", "books": [{"name": "春望"}]},
        "b": None,
        "c": {"name": "二", "rival": {"name": "司马迁"}},
    }
    assert told(answer) == [(["b"], "refused")]
    assert context.renamed == ["一", "refuse", "二"]


async def test_a_mutation_that_must_answer_and_cannot_ends_the_operation() -> None:
    context = library.Context()
    answer = await ask(
        'mutation ($id: UUID!) { a: rename(id: $id, name: "一") { id } b: lend(id: $id) { id }'
        ' c: rename(id: $id, name: "二") { id } }',
        context,
        id=str(library.number(1)),
    )
    assert answer.data is None
    assert [error.path for error in answer.errors] == [["b"]]
    assert context.renamed == ["一", "lend 1"]


async def test_resolvers_learn_what_they_do_from_graphql_core() -> None:
    answer = await ask("{ there: contextIsThere }")
    assert answer.data == {"there": "contextIsThere Context there"}


async def test_variables_are_checked_and_have_defaults() -> None:
    text = "query ($n: Int = 1, $g: Genre) { author(id: $id) { id } }"
    assert "not defined" in (await ask(text)).errors[0].message
    text = "query ($n: Int! = 1) { books(first: $n) { id } }"
    assert len((await ask(text)).data["books"]) == 1
    assert len((await ask(text, n=2)).data["books"]) == 2
    wrong = await ask(text, n="many")
    assert wrong.data is None
    assert "many" not in str([error.extensions for error in wrong.errors])


@pytest.mark.parametrize(
    ("text", "name"),
    [("query A { authors { id } } query B { authors { id } }", None),
     ("query A { authors { id } }", "C"), ("fragment F on Book { id }", None), ("{ authors {", None)],
)  # fmt: skip
async def test_what_is_no_operation_is_refused(text: str, name: str | None) -> None:
    answer = await engine.execute(text, None, name, library.Context())
    assert answer.data is None
    assert len(answer.errors) > 0


async def test_the_operation_is_chosen_by_its_name() -> None:
    text = "query A { a: authors { id } } query B { b: authors { id } }"
    assert list((await engine.execute(text, None, "B", library.Context())).data or {}) == ["b"]
    assert list((await engine.execute(text, None, "A", library.Context())).data or {}) == ["a"]


# What is left to graphql-core.


@pytest.mark.parametrize(
    "text", ["{ __schema { types { name } } }", '{ __type(name: "Book") { name } }']
)
async def test_introspection_is_graphql_cores_and_counted(text: str) -> None:
    counter = FALLBACKS.labels("introspection")
    before = counter._value.get()
    answer = await ask(text)
    assert answer.errors == []
    assert answer.data is not None
    assert counter._value.get() == before + 1


async def test_a_resolver_below_the_root_is_graphql_cores_and_counted() -> None:
    @strawberry.type
    class Clock:
        @strawberry.field
        def hour(self) -> int:
            return 12

    @strawberry.type
    class Query:
        @strawberry.field
        def clock(self) -> Clock:
            return Clock()

    counter = FALLBACKS.labels("resolver")
    before = counter._value.get()
    answer = await PlainEngine(strawberry.Schema(Query), LIMITS).execute("{ clock { hour } }")
    assert answer.data == {"clock": {"hour": 12}}
    assert counter._value.get() == before + 1


def test_an_extension_that_would_not_be_obeyed_fails_the_build() -> None:
    @strawberry.type
    class Query:
        name: str

    schema = strawberry.Schema(Query, extensions=[MaskErrors])
    with pytest.raises(TypeError, match="MaskErrors"):
        Engine(schema, LIMITS)


# Costs.


async def test_the_cost_is_that_of_the_sizes_asked_for() -> None:
    text = "query ($n: Int) { author(id: $id) { books(first: $n) { name pages } } }".replace(
        "$id", '"00000000-0000-0000-0000-000000000001"'
    )
    for n, fields in ((1, 4), (10, 22), (100, 202), (1000, 202)):
        cost = (await ask(text, n=n)).cost
        assert cost is not None
        assert (cost.fields, cost.depth, cost.aliases) == (fields, 3, 0)
        assert cost.dearest == ("author", "books", "name")


async def test_a_dear_document_is_refused_with_its_cost_and_dearest_path() -> None:
    answer = await strict.execute(
        "query ($n: Int!) { authors { id mine: books(first: $n) { related { id } } } }", {"n": 100}
    )
    assert refusal(answer) == {
        "code": "too_expensive",
        "status": 400,
        "details": {
            "what": "cost",
            "found": 1 + 5 * (1 + 1 + 100 * (1 + 5)),
            "limit": 1_000,
            "dearest": "authors.mine.related.id",
        },
    }


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "{ thing(id: 1) { " + "... on Author { rival { " * 9 + "id" + " } }" * 9 + " } }",
            "depth",
        ),
        ("{ " + " ".join(f"a{n}: contextIsThere" for n in range(11)) + " }", "aliases"),
    ],
)
async def test_depth_and_aliases_have_limits(text: str, what: str) -> None:
    assert refusal(await strict.execute(text))["details"]["what"] == what


async def test_a_bomb_of_sixty_nested_fragments_is_refused() -> None:
    bomb = "{ authors { ...F0 } } " + " ".join(
        f"fragment F{n} on Author {{ a: rival {{ ...F{n + 1} }} ...F{n + 1} }}" for n in range(60)
    )
    answer = await strict.execute(f"{bomb} fragment F60 on Author {{ id }}")
    assert refusal(answer)["code"] == "too_expensive"


async def test_a_circle_of_fragments_is_refused() -> None:
    answer = await ask(
        "{ authors { ...A } } fragment A on Author { rival { ...B } }"
        " fragment B on Author { rival { ...A } }"
    )
    assert answer.data is None
    assert "within itself" in answer.errors[0].message


# Persisted documents.


async def test_a_document_is_found_by_its_hash_once_it_was_sent() -> None:
    fresh = Engine(library.schema, library.LIMITS)
    text = "{ contextIsThere }"
    digest = sha256(text.encode()).hexdigest()

    async def send(text: str | None, digest: str) -> Answer:
        return await fresh.execute(text, None, None, library.Context(), digest=digest)

    assert refusal(await send(None, digest))["code"] == "persisted_query_not_found"
    assert refusal(await send(text + " ", digest))["code"] == "persisted_query_mismatch"
    assert refusal(await send(None, digest))["code"] == "persisted_query_not_found"
    assert (await send(text, digest.upper())).errors == []
    assert (await send(None, digest)).data == {
        "contextIsThere": "contextIsThere Context contextIsThere"
    }


# What is kept.


def test_what_is_kept_is_bounded_by_number_and_weight() -> None:
    kept: Recent[int] = Recent(3, 10)
    for n in range(5):
        kept.keep(n, n, 1)
    assert [kept.get(n) for n in range(5)] == [None, None, 2, 3, 4]
    assert kept.get(2) == 2
    kept.keep(5, 5, 8)
    assert [kept.get(n) for n in (2, 3, 4, 5)] == [2, None, 4, 5] or kept.get(5) == 5
    kept.keep(6, 6, 11)
    assert [kept.get(n) for n in (2, 3, 4, 5, 6)] == [None] * 5


async def test_what_was_refused_is_refused_again() -> None:
    text = "{ nothing }"
    first, second = await ask(text), await ask(text)
    assert first.data is None
    assert [error.message for error in first.errors] == [error.message for error in second.errors]
    assert all(isinstance(error, GraphQLError) for error in second.errors)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called in doing it: a measure of time that no other process disturbs."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_a_kept_document_is_found_priced_and_planned_in_few_calls() -> None:
    fresh = Engine(library.schema, library.LIMITS)
    documents = fresh._documents
    text = "query ($n: Int = 2, $a: Boolean!) { sound { id @skip(if: $a) author { books(first: $n) { id } } } }"

    def plan() -> None:
        operation = documents.operation(text, None)
        values = fresh._variables(operation, {"n": 3, "a": True})
        documents.cost(operation, values)
        documents.plan(operation, values)

    first, again = calls_of(plan), calls_of(plan)
    assert again < 200, "some ten microseconds"
    assert first > 20 * again, "nothing is read, validated, measured or planned twice"


async def test_operations_of_one_document_may_mean_different_things_by_one_name() -> None:
    text = """
        query A($v: Int!, $w: Boolean!) { books(first: $v) { id @skip(if: $w) name } }
        query B($v: Wish!, $w: [Int!]) { wished(wish: $v, again: $w) }
    """
    given = {"v": {"words": ["x"]}, "w": [1, 2]}
    answer = await engine.execute(text, given, "B", library.Context())
    assert answer.errors == []
    assert answer.data == {"wished": "None ['x'] None [1, 2]"}
    answer = await engine.execute(text, {"v": 1, "w": True}, "A", library.Context())
    assert answer.data == {"books": [{"name": "春望"}]}
