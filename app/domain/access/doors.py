"""Guarded doors: the only way in which a noun that lies in the hierarchy is read.

A noun declares once which table it is, which columns its view shows and which columns place it; its
door then reads one row, a page, or the rows of many owners at once, always within the actor's scope:

* outside everything that the actor can reach a thing does not exist: `NotFound`;
* where it may be seen but the permission is missing: `NotAllowed`, saying which permission;
* lists, filters, counts and edges obey the same predicate and are simply shorter.

Statements are compiled once per shape of scope, filters and order, and kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    true,
)

from app.domain.access.actors import Actor, Scope, Shape, within
from app.domain.access.roles import Permission
from app.domain.base import Table, columns_of
from app.domain.errors import NotAllowed, NotFound
from app.domain.paging import LARGEST_PAGE, Page, PageRequest, UnknownSort, after, decode_cursor
from app.sql import Connection, Row, Statement

PLACE = ("city_id", "county_id", "school_id")

Columns = frozenset[str] | None  # which of a view's columns are wanted; None for all


@dataclass(frozen=True, eq=False)
class Door:
    """One noun's guarded door.

    `read` is the permission to see it. `places` maps scope columns to the noun's; the table's own
    city_id, county_id and school_id by default. `audience`, where given, makes the predicate of what
    is published to the actor from the bound array of its audience (`Actor.audience`). `filters` and
    `sorts` are allow-lists; every sort ends in the key. `computed` are the view's columns that are
    no columns of the table, `joined` the selectable they need.
    """

    table: type[Table]
    view: type[BaseModel]
    read: Permission
    missing: type[NotFound] = NotFound
    places: Mapping[str, Any] = field(default_factory=dict)
    audience: Callable[[Any], ColumnElement[bool]] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    sorts: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    computed: Mapping[str, Any] = field(default_factory=dict)
    joined: Any = None

    async def get(
        self,
        db: Connection,
        actor: Actor,
        row_id: UUID,
        *,
        permission: Permission | None = None,
        lock: bool = False,
    ) -> Row:
        """The row with this key, if the actor may see it and holds `permission` (else `read`) there.

        With `lock` the row stays locked until the transaction ends.
        """
        wanted = permission or self.read
        scope = actor.scope(wanted)
        published = self.audience is not None and wanted is self.read
        row = await db.one(
            _get(self, actor.reach.shape, scope.shape, published, lock),
            key=row_id,
            **self._arguments(actor.reach, "reach"),
            **self._arguments(scope, "scope"),
            **({"audience": actor.audience} if self.audience is not None else {}),
        )
        if row is None:
            raise self.missing
        if not row.pop("_allowed"):
            raise NotAllowed(wanted.value)
        return row

    async def page(
        self,
        db: Connection,
        actor: Actor,
        request: PageRequest,
        *,
        filters: Mapping[str, Any] | None = None,
        published: bool = False,
    ) -> Page:
        """A part of the list of everything that the actor may see, filtered and sorted.

        Filters with the value None are left out. With `published` the list is of what is
        published to the actor instead of what lies in the actor's place.
        """
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        sort = request.sort or next(iter(self.sorts))
        order = self._order(sort)
        scope = Scope(()) if published else actor.require(self.read)
        arguments = self._arguments(scope, "scope") | {f"filter_{n}": v for n, v in given.items()}
        if published:
            arguments["audience"] = actor.audience
        if request.cursor is not None:
            # SQLModel's type of texts says what it is through the type behind it alone.
            kinds = [getattr(c.type, "impl", c.type).python_type for c in order]
            values = decode_cursor(request.cursor, sort, kinds)
            arguments |= {f"after_{n}": value for n, value in enumerate(values)}
        limit = min(max(request.limit, 1), LARGEST_PAGE)
        shape = (scope.shape, tuple(sorted(given)), sort, request.cursor is not None, published)
        rows = await db.all(_page(self, *shape), limit=limit + 1, **arguments)
        keys = [
            [row.pop(f"_key_{n}") for n in range(len(order))]
            for row in rows  # the keys of the order are not part of the view
        ]

        async def count(db: Connection) -> int:
            known = {n: v for n, v in arguments.items() if not n.startswith("after_")}
            return int(await db.value(_count(self, *shape[:2], published), **known))

        return Page(rows[:limit], keys[:limit], sort, more=len(rows) > limit, count=count)

    async def rows_of(
        self,
        db: Connection,
        actor: Actor,
        owner: Any,
        owner_ids: Sequence[UUID],
        *,
        sort: str | None = None,
        first: int | None = None,
        filters: Mapping[str, Any] | None = None,
        columns: Columns = None,
    ) -> dict[UUID, list[Row]]:
        """The rows of many owners by one statement: for each id, those whose column `owner` is it.

        At most `first` rows of each owner (1 to 100), in the order of `sort`.
        """
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        scope = actor.scope(self.read)
        answer: dict[UUID, list[Row]] = {owner_id: [] for owner_id in owner_ids}
        if not scope.shape or not answer:
            return answer
        arguments = self._arguments(scope, "scope") | {f"filter_{n}": v for n, v in given.items()}
        if first is not None:
            arguments["first"] = min(max(first, 1), LARGEST_PAGE)
        statement = _rows_of(
            self, owner, scope.shape, tuple(sorted(given)), sort or next(iter(self.sorts)),
            first is not None, columns,
        )  # fmt: skip
        for row in await db.all(statement, owner_ids=list(answer), **arguments):
            answer[row.pop("_owner")].append(row)
        return answer

    async def by_id(
        self, db: Connection, actor: Actor, row_ids: Sequence[UUID], *, columns: Columns = None
    ) -> dict[UUID, Row | None]:
        """Many rows by their keys with one statement; None for what the actor may not see."""
        answer: dict[UUID, Row | None] = dict.fromkeys(row_ids)
        scope = actor.scope(self.read)
        if (not scope.shape and self.audience is None) or not answer:
            return answer
        arguments = self._arguments(scope, "scope")
        if self.audience is not None:
            arguments["audience"] = actor.audience
        for row in await db.all(_by_id(self, scope.shape, columns), keys=list(answer), **arguments):
            answer[row.pop("_key")] = row
        return answer

    # What the compiled statements are made of.

    @property
    def key(self) -> Any:
        """The key column."""
        return self.table.__table__.c.id  # type: ignore[attr-defined]

    def placed(self) -> Mapping[str, Any]:
        """Scope column to the noun's column or predicate."""
        columns = self.table.__table__.c  # type: ignore[attr-defined]
        return {name: columns[name] for name in PLACE if name in columns} | dict(self.places)

    def select(self, *more: Any, only: Columns = None) -> Select[Any]:
        """The view's columns (or `only` these), and `more`, from the noun's table."""
        shown = columns_of(self.table, self.view, **self.computed)
        shown = [each for each in shown if only is None or each.key in only] or shown[:1]
        chosen = select(*shown, *more)
        return chosen.select_from(self.table if self.joined is None else self.joined)

    def listed(self, shape: Shape, *, published: bool) -> ColumnElement[bool]:
        """The predicate of a list: what lies in the scope, or what is published to the actor."""
        if published and self.audience is not None:
            return self.audience(bindparam("audience", type_=ARRAY(Uuid)))
        return within(shape, self.placed())

    def condition(self, name: str) -> ColumnElement[bool]:
        """The predicate of one filter: equality, or what the filter's function makes of its value."""
        column = self.filters[name]
        if isinstance(column, Callable):  # type: ignore[arg-type]
            return column(bindparam(f"filter_{name}"))  # type: ignore[no-any-return]
        return column == bindparam(f"filter_{name}", type_=column.type)  # type: ignore[no-any-return]

    def _arguments(self, scope: Scope, prefix: str) -> dict[str, Any]:
        """The scope's arguments, without those for which the noun has no column."""
        known = self.placed()
        return {f"{prefix}_{name}": ids for name, ids in scope.values.items() if name in known}

    def _order(self, sort: str) -> list[Any]:
        """The columns of a sort, ending in the key."""
        columns = self.sorts.get(sort.removeprefix("-"))
        if columns is None:
            raise UnknownSort(sort=sort[:40], allowed=", ".join(self.sorts))
        return [*columns, self.key]


@lru_cache(maxsize=1024)
def _get(door: Door, reach: Shape, scope: Shape, published: bool, lock: bool) -> Statement:
    allowed = within(scope, door.placed())
    seen = within(reach, door.placed(), prefix="reach")
    if door.audience is not None:
        offered = door.audience(bindparam("audience", type_=ARRAY(Uuid)))
        seen = or_(seen, offered)
        if published:
            allowed = or_(allowed, offered)
    query = door.select(allowed.label("_allowed")).where(
        door.key == bindparam("key", type_=Uuid), seen
    )
    return Statement(query.with_for_update(of=door.table) if lock else query)


@lru_cache(maxsize=2048)
def _page(
    door: Door, shape: Shape, filters: tuple[str, ...], sort: str, resumed: bool, published: bool
) -> Statement:
    order = door._order(sort)  # noqa: SLF001  statements are the other half of the door
    descending = sort.startswith("-")
    query = door.select(*(column.label(f"_key_{n}") for n, column in enumerate(order)))
    query = query.where(door.listed(shape, published=published))
    query = query.where(*(door.condition(name) for name in filters))
    if resumed:
        query = query.where(after(order, descending=descending))
    query = query.order_by(*(c.desc() if descending else c.asc() for c in order))
    return Statement(query.limit(bindparam("limit")))


@lru_cache(maxsize=512)
def _count(door: Door, shape: Shape, filters: tuple[str, ...], published: bool) -> Statement:
    query = select(func.count()).select_from(door.table if door.joined is None else door.joined)
    query = query.where(door.listed(shape, published=published))
    return Statement(query.where(*(door.condition(name) for name in filters)))


@lru_cache(maxsize=1024)
def _rows_of(
    door: Door, owner: Any, shape: Shape, filters: tuple[str, ...], sort: str, bounded: bool,
    only: Columns,
) -> Statement:  # fmt: skip
    order = door._order(sort)  # noqa: SLF001
    ordering = [c.desc() if sort.startswith("-") else c.asc() for c in order]
    conditions = and_(within(shape, door.placed()), *(door.condition(name) for name in filters))
    owner_ids = bindparam("owner_ids", type_=ARRAY(Uuid))
    if not bounded:
        query = door.select(owner.label("_owner"), only=only).where(conditions)
        return Statement(query.where(owner == any_(owner_ids)).order_by(*ordering))
    owners = func.unnest(owner_ids).table_valued("owner_id", name="owners").render_derived()
    rows = (
        door.select(only=only).where(owner == owners.c.owner_id, conditions).order_by(*ordering)
        .limit(bindparam("first")).lateral("rows_of_owner")
    )  # fmt: skip
    query = select(owners.c.owner_id.label("_owner"), *rows.c)
    return Statement(query.select_from(owners.join(rows, true())))


@lru_cache(maxsize=512)
def _by_id(door: Door, shape: Shape, only: Columns) -> Statement:
    seen = within(shape, door.placed())
    if door.audience is not None:
        seen = or_(seen, door.audience(bindparam("audience", type_=ARRAY(Uuid))))
    among = door.key == any_(bindparam("keys", type_=ARRAY(Uuid)))
    return Statement(door.select(door.key.label("_key"), only=only).where(among, seen))
