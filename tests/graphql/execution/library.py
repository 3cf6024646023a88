"""A small schema with everything that a schema can have, and with everything that can go wrong in it.

Its rows lie in memory. Whatever is broken here is broken in the data, so that both executors meet it.
"""

# mypy: disallow-untyped-decorators=False
# `strawberry.field(graphql_type=...)` has no typed form of the decorator.

import operator
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry
from graphql import GraphQLError
from pydantic import BaseModel
from strawberry.dataloader import DataLoader
from strawberry.schema.config import StrawberryConfig

from app.domain.access.doors import CURSORS
from app.domain.paging import Page, PageRequest, Total, decode_cursor
from app.graphql.edges import Edge, edge, edge_field, lazy, paged_edge
from app.graphql.execution import Limits

LIMITS = Limits(
    deepest=30, most_aliases=10_000, dearest=10**12, largest_page=100, usual_list=3,
    most_branches=10_000,
)  # fmt: skip


class Refusal(Exception):
    """What a read of the library may refuse with."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Genre(StrEnum):
    POETRY = "poetry"
    HISTORY = "history"


def number(n: int) -> UUID:
    return UUID(int=n)


AUTHORS: list[dict[str, Any]] = [
    {"__typename": "Author", "id": number(1), "name": "杜甫", "born": date(712, 2, 12),
     "genres": ["poetry"], "rival_id": number(2), "nicknames": ["子美", None]},
    {"__typename": "Author", "id": number(2), "name": "司马迁", "born": None,
     "genres": ["history", "poetry"], "rival_id": None, "nicknames": None},
    {"__typename": "Author", "id": number(3), "name": None, "born": date(2000, 1, 1),
     "genres": ["cookery"], "rival_id": number(99), "nicknames": [{"of": "nothing"}]},
]  # fmt: skip
"""The third has no name, writes what is no genre, and has a rival whom nobody knows."""

BOOKS: list[dict[str, Any]] = [
    {"__typename": "Book", "id": number(11), "name": "春望", "genre": "poetry",
     "price": Decimal("12.50"), "author_id": number(1), "pages": 40, "lent": True,
     "printed_at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "rating": 4.5,
     "shelf": {"room": "A", "place": 3, "label": {"text": "红"}},
     "chapters": [{"title": "一", "notes": [1, 2]}, {"title": "二", "notes": []}]},
    {"__typename": "Book", "id": number(12), "name": "史记", "genre": "history",
     "price": Decimal("99.00"), "author_id": number(2), "pages": None, "lent": False,
     "printed_at": None, "rating": None, "shelf": None,
     "chapters": [None, {"title": None, "notes": None}]},
    {"__typename": "Book", "id": number(13), "name": "无名", "genre": "cookery",
     "price": Decimal("1.00"), "author_id": number(3), "pages": 2**40, "lent": None,
     "printed_at": None, "rating": None, "shelf": {"room": None, "label": None},
     "chapters": "none"},
    {"__typename": "Book", "id": number(14), "name": "残卷", "genre": "poetry",
     "price": None, "author_id": None, "pages": 1, "lent": True,
     "printed_at": None, "rating": 0.0, "shelf": {"room": "B", "place": 1, "label": None},
     "chapters": []},
]  # fmt: skip
"""The second has a chapter without a title, the third is wrong in most ways, the fourth has no price."""


async def authors_by_id(_db: Any, _actor: Any, *, author_ids: list[UUID]) -> dict[UUID, Any]:
    return {row["id"]: row for row in AUTHORS if row["id"] in author_ids}


async def books_of(
    _db: Any,
    _actor: Any,
    *,
    author_ids: list[UUID],
    first: int,
    genre: Genre | None,
) -> dict[UUID, list[Any]]:
    return {
        each: [
            row
            for row in BOOKS
            if row["author_id"] == each and (genre is None or row["genre"] == genre)
        ][:first]
        for each in author_ids
    }


async def works_of(
    _db: Any,
    actor: Any,
    *,
    author_ids: list[UUID],
    page: PageRequest,
    columns: frozenset[str] | None = None,
) -> dict[UUID, Page]:
    """The same by number; a page has no cursors unless they are wanted."""
    (after,) = (0,) if page.cursor is None else decode_cursor(page.cursor, "number", [int])

    if columns is not None:
        actor.columns.append(columns)
    wanted, first = columns is None or CURSORS in columns, max(page.limit, 1)

    async def count(_db: Any, owners: Sequence[Any]) -> Mapping[Any, int]:
        return {each: len(_works_of(each)) for each in owners}

    answer = {}
    for each in author_ids:
        rows = [row for row in _works_of(each) if row["id"].int > after]
        keys = [[row["id"].int] for row in rows[:first]] if wanted else []
        more = wanted and len(rows) > first
        answer[each] = Page(rows[:first], keys, "number", more, Total(count, each))
    return answer


def _works_of(author_id: UUID) -> list[dict[str, Any]]:
    """Every book with its second and third volume."""
    return [
        row | {"id": number(10 * volume + row["id"].int)}
        for volume in range(3)
        for row in BOOKS
        if row["author_id"] == author_id
    ]


async def refused(_db: Any, _actor: Any, *, ids: list[UUID]) -> dict[UUID, Any]:
    raise Refusal(f"no_reviews_{len(ids) > 0}")


async def some_missing(_db: Any, _actor: Any, *, ids: list[UUID]) -> dict[UUID, Any]:
    """Lists with holes, and no list at all for one."""
    return {each: [AUTHORS[0], None, AUTHORS[1]] for each in ids if each != number(12)}


async def mixed_of(_db: Any, _actor: Any, *, ids: list[UUID]) -> dict[UUID, Any]:
    """Things of both types; one of neither."""
    odd = {"__typename": "Brick", "id": number(7)}
    return {each: [AUTHORS[0], BOOKS[0], *([odd] if each == number(13) else [])] for each in ids}


def _is(kind: str) -> Any:
    def is_type_of(row: Any, _info: Any) -> bool:
        return isinstance(row, dict) and row.get("__typename") == kind

    return staticmethod(is_type_of)


def certain_edge(read: Any, leads_to: Any, description: str) -> Any:
    """An edge to a list that may not be null, and takes what holds it along when it fails."""
    return edge_field(Edge(read, "ids", "id"), list[leads_to], description)


@strawberry.pydantic.interface
class Thing(BaseModel):
    id: UUID


@strawberry.pydantic.type
class Label(BaseModel):
    text: str


@strawberry.pydantic.type
class Shelf(BaseModel):
    room: str
    place: int
    label: Label | None


@strawberry.pydantic.type
class Chapter(BaseModel):
    title: str
    notes: list[int] | None


@strawberry.pydantic.type
class Book(Thing):
    name: str
    genre: Genre
    price: Decimal
    pages: int | None
    lent: bool | None
    printed_at: datetime | None
    rating: float | None
    shelf: Shelf | None
    chapters: list[Chapter | None]

    author = edge(
        authors_by_id,
        lazy(__name__, "Author"),
        many=False,
        keys="author_ids",
        key="author_id",
        description="who wrote it",
    )
    reviews = certain_edge(refused, lazy(__name__, "Book"), "always refused")
    critic = edge(
        refused, lazy(__name__, "Author"), many=False, keys="ids", description="always refused"
    )
    readers = certain_edge(some_missing, lazy(__name__, "Author"), "with holes")
    related = certain_edge(mixed_of, lazy(__name__, "Thing"), "of both types")
    fans = edge(
        some_missing, lazy(__name__, "Author"), many=True, keys="ids", description="the same"
    )


Book.__strawberry_definition__.is_type_of = _is("Book").__func__  # type: ignore[attr-defined]


@strawberry.pydantic.type
class Author(Thing):
    name: str
    born: date | None
    genres: list[Genre]
    nicknames: list[str | None] | None

    rival = edge(
        authors_by_id,
        lazy(__name__, "Author"),
        many=False,
        keys="author_ids",
        key="rival_id",
        description="whom the author envies",
    )
    books = edge(
        books_of,
        lazy(__name__, "Book"),
        many=True,
        keys="author_ids",
        arguments={"first": int, "genre": Genre | None},
        defaults={"first": 2, "genre": None},
        description="what the author wrote",
    )
    works = paged_edge(
        works_of,
        lazy(__name__, "Book"),
        keys="author_ids",
        first=2,
        description="what the author wrote, page by page",
    )


Author.__strawberry_definition__.is_type_of = _is("Author").__func__  # type: ignore[attr-defined]

Item = Annotated[Book | Author, strawberry.union("Item")]


@strawberry.input
class Wish:
    genre: Genre | None = None
    words: list[str] = strawberry.field(default_factory=list)
    dearest: Decimal | None = None


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Book | None] | None)
    async def books(self, genre: Genre | None = None, first: int = 10) -> Any:
        return [row for row in BOOKS if genre is None or row["genre"] == genre][:first]

    @strawberry.field(graphql_type=list[Author | None])
    async def authors(self) -> Any:
        return [*AUTHORS, None]

    @strawberry.field(graphql_type=Author | None)
    async def author(self, id: UUID) -> Any:
        return next((row for row in AUTHORS if row["id"] == id), None)

    @strawberry.field(graphql_type=Thing | None)
    def thing(self, id: UUID) -> Any:
        return next((row for row in [*AUTHORS, *BOOKS] if row["id"] == id), None)

    @strawberry.field(graphql_type=list[Item] | None)
    async def items(self) -> Any:
        return [AUTHORS[0], BOOKS[0], BOOKS[1]]

    @strawberry.field
    def wished(self, wish: Wish, again: list[int] | None = None) -> str:
        return f"{wish.genre} {wish.words} {wish.dearest} {again}"

    @strawberry.field(graphql_type=Book | None)
    async def lost(self) -> Any:
        raise Refusal("lost")

    @strawberry.field
    def context_is_there(self, info: strawberry.Info) -> str:
        return f"{info.field_name} {type(info.context).__name__} {info.path.key}"

    @strawberry.field(graphql_type=Book)
    async def certain(self, id: UUID) -> Any:
        return next((row for row in BOOKS if row["id"] == id), None)

    @strawberry.field(graphql_type=list[Book])
    async def sound(self) -> Any:
        return [BOOKS[0], BOOKS[0] | {"id": number(15), "author_id": number(2)}]


@strawberry.type
class Mutation:
    @strawberry.mutation(graphql_type=Author | None)
    async def rename(self, info: strawberry.Info, id: UUID, name: str) -> Any:
        info.context.renamed.append(name)
        if name == "refuse":
            raise Refusal("refused")
        found = next((row for row in AUTHORS if row["id"] == id), None)
        return None if found is None else found | {"name": name}

    @strawberry.mutation(graphql_type=Book)
    async def lend(self, info: strawberry.Info, id: UUID) -> Any:
        info.context.renamed.append(f"lend {id.int}")
        return next((row for row in BOOKS if row["id"] == id), None)


class Quiet(strawberry.Schema):
    """Errors are part of what is compared here; nobody needs to read them in a log."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        pass


schema = Quiet(
    query=Query,
    mutation=Mutation,
    config=StrawberryConfig(default_resolver=operator.getitem, disable_field_suggestions=True),
)


class Context:
    """What `app.graphql.context.Context` is to a request, without a database; it counts reads."""

    def __init__(self) -> None:
        self.actor = self
        self.columns: list[frozenset[str]] = []
        """What each read of works was told of the columns that are needed."""
        self.reads = 0
        self.renamed: list[str] = []
        self._loaders: dict[Hashable, DataLoader[Any, Any]] = {}

    async def read(self, read: Callable[[Any], Awaitable[Any]]) -> Any:
        self.reads += 1
        return await read(None)

    def loader(self, key: Hashable, load: Any) -> DataLoader[Any, Any]:
        return self._loaders.setdefault(key, DataLoader(load))
