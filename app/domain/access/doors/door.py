"""What may be asked of a noun through its door."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Scope
from app.domain.access.doors import statements
from app.domain.access.doors.described import CURSORS, Columns, Described
from app.domain.access.roles import Permission
from app.domain.errors import NotAllowed
from app.domain.paging import Page, PageRequest, Total, Unread, decode_cursor
from app.sql import Connection, Row


class Door(Described):
    """One noun's guarded door.

    Rows are dictionaries; where `columns` say what is wanted of them they are the driver's own, to be
    read and not to be changed.
    """

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

        With `lock` the row stays locked until the transaction ends. One that has become another is
        refused, naming the other.
        """
        wanted = permission or self.read
        scope = actor.scope(wanted)
        addressed = self._is_addressed(actor)
        published = wanted is self.read and addressed and actor.allows(wanted)
        row = await db.one(
            statements.get(
                self, actor.reach.shape, scope.shape, published, lock,
                wanted in self.shared_for, addressed,
            ),
            key=row_id,
            **self._arguments(actor.reach, "reach"),
            **self._arguments(scope, "scope"),
            **self._asker(actor),
            **({"audience": actor.audience} if addressed else {}),
        )  # fmt: skip
        if row is None:
            raise self.missing
        if not row.pop("_allowed"):
            raise NotAllowed(wanted.value)
        if self.succeeded is not None and (became := row.pop("_became")) is not None:
            raise self.succeeded(became)
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
        order = self.order(sort)
        scope = self._nowhere(actor) if published else actor.require(self.read)
        arguments = self._arguments(scope, "scope") | self._asker(actor)
        arguments |= {f"filter_{n}": v for n, v in given.items()}
        if published:
            arguments["audience"] = actor.audience
        limit = request.rows
        shape = (scope.shape, tuple(sorted(given)), sort, request.cursor is not None, published)
        statement = statements.page(self, *shape)
        beyond = self._beyond(request, sort)
        if request.unread:
            whole = Unread(statement, {"limit": None, **arguments, **beyond})
            return Page(whole, [], sort, more=False)
        rows = await db.all(statement, limit=limit + 1, **arguments, **beyond)
        keys = [_take_keys(row, len(order)) for row in rows]

        async def count(db: Connection, owners: Sequence[Any]) -> Mapping[Any, int]:
            number = int(await db.value(statements.count(self, *shape[:2], published), **arguments))
            return dict.fromkeys(owners, number)

        return Page(rows[:limit], keys[:limit], sort, more=len(rows) > limit, total=Total(count))

    async def pages_of(
        self,
        db: Connection,
        actor: Actor,
        owner: Any,
        owner_ids: Sequence[UUID],
        request: PageRequest,
        *,
        sort: str | None = None,
        columns: Columns = None,
    ) -> dict[UUID, Page]:
        """A page for each of many owners by one statement: of the rows whose column `owner` is it.

        The request is the same for all: so many rows of each, after the same cursor. Where
        `columns` are given without `CURSORS`, a page has no cursors and does not say whether rows
        follow it. The totals of all owners are counted by one statement.
        """
        sort = request.sort or sort or next(iter(self.sorts))
        keys = len(self.order(sort)) if columns is None or CURSORS in columns else 0
        scope, limit = actor.scope(self.read), request.rows
        arguments = self._arguments(scope, "scope") | self._asker(actor)
        owners = list(dict.fromkeys(owner_ids))
        found: list[tuple[list[Row], list[list[Any]]]] = [([], []) for _ in owners]
        if scope.shape and found:
            shape = (scope.shape, sort, request.cursor is not None, columns)
            bounds = {"limit": limit + (keys > 0), **self._beyond(request, sort)}
            statement = statements.pages_of(self, owner, *shape)
            read = db.all if columns is None else db.records
            taken = [f"_key_{n}" for n in range(keys)]
            for row in await read(statement, owner_ids=owners, **bounds, **arguments):
                rows, cursors = found[row["_place"] - 1]
                rows.append(row)
                if taken:
                    cursors.append([row[name] for name in taken])
                if columns is None:
                    _drop(row, "_place", *taken)

        async def count(db: Connection, owners: Sequence[Any]) -> Mapping[Any, int]:
            counted = statements.counts_of(self, owner, scope.shape)
            rows = await db.all(counted, owner_ids=list(owners), **arguments)
            return dict.fromkeys(owners, 0) | {row["owner"]: row["rows"] for row in rows}

        return {
            key: Page(rows[:limit], cursors[:limit], sort, len(rows) > limit, Total(count, key))
            for key, (rows, cursors) in zip(owners, found, strict=True)
        }

    async def rows_of(
        self,
        db: Connection,
        actor: Actor,
        owner: Any,
        owner_ids: Sequence[UUID],
        *,
        filters: Mapping[str, Any] | None = None,
        columns: Columns = None,
    ) -> dict[UUID, list[Row]]:
        """All rows of many owners by one statement: for each id, those whose column `owner` is it.

        For what is bounded, in the order of the first sort; what is not is read in `pages_of`.
        """
        given = {name: value for name, value in (filters or {}).items() if value is not None}
        scope = actor.scope(self.read)
        answer: dict[UUID, list[Row]] = {owner_id: [] for owner_id in owner_ids}
        if not scope.shape or not answer:
            return answer
        arguments = self._arguments(scope, "scope") | self._asker(actor)
        arguments |= {f"filter_{n}": v for n, v in given.items()}
        shape = (scope.shape, tuple(sorted(given)), columns)
        read = db.all if columns is None else db.records
        if len(answer) == 1:
            (owner_id,) = answer
            statement = statements.rows_of_one(self, owner, *shape)
            return {owner_id: await read(statement, owner_id=owner_id, **arguments)}
        statement = statements.rows_of(self, owner, *shape)
        for row in await read(statement, owner_ids=list(answer), **arguments):
            answer[row["_owner"]].append(row)
            if columns is None:
                _drop(row, "_owner")
        return answer

    async def by_id(
        self, db: Connection, actor: Actor, row_ids: Sequence[UUID], *, columns: Columns = None
    ) -> dict[UUID, Row | None]:
        """Many rows by their keys with one statement; None for what the actor may not see."""
        answer: dict[UUID, Row | None] = dict.fromkeys(row_ids)
        scope = actor.scope(self.read)
        published = self._is_addressed(actor) and actor.allows(self.read)
        if not (scope.shape or published) or not answer:
            return answer
        arguments = self._arguments(scope, "scope") | self._asker(actor)
        if self.audience is not None:
            arguments["audience"] = actor.audience
        statement = statements.by_id(self, scope.shape, columns)
        read = db.all if columns is None else db.records
        for row in await read(statement, keys=list(answer), **arguments):
            answer[row["_key"]] = row
            if columns is None:
                _drop(row, "_key")
        return answer

    def _is_addressed(self, actor: Actor) -> bool:
        """Whether what is published to the actor is there for them at all, to be read or refused.

        Where only holders see it, it is to all others as if there were none. To ask this is no use of
        the permission, which `Actor.scope` counts.
        """
        if self.audience is None or not self.for_holders:
            return self.audience is not None
        return actor.allows(self.read) and bool(Scope(actor.grants, self.read).shape)

    def _nowhere(self, actor: Actor) -> Scope:
        """The scope of what is published, which no place decides; an application needs the permission."""
        if self.for_holders:
            actor.require(self.read)
        if not actor.allows(self.read):
            raise NotAllowed(self.read.value)
        return Scope(())

    def _arguments(self, scope: Scope, prefix: str) -> dict[str, Any]:
        """The scope's arguments, without those for which the noun has no column."""
        return scope.parameters(self.placed(), prefix=prefix)

    def _asker(self, actor: Actor) -> dict[str, Any]:
        """The accounts from which something may be kept."""
        return {} if self.withheld is None else {"accounts": list(actor.accounts)}

    def _beyond(self, request: PageRequest, sort: str) -> dict[str, Any]:
        """The arguments that say after which row a page begins."""
        if request.cursor is None:
            return {}
        # SQLModel's type of texts says what it is through the type behind it alone.
        kinds = [getattr(c.type, "impl", c.type).python_type for c in self.order(sort)]
        values = decode_cursor(request.cursor, sort, kinds)
        return {f"after_{n}": value for n, value in enumerate(values)}


def _drop(row: Row, *names: str) -> None:
    """Take out of a row what is not part of the view."""
    for name in names:
        del row[name]


def _take_keys(row: Row, number: int) -> list[Any]:
    """The keys of the order, which are not part of the view, taken out of a row."""
    return [row.pop(f"_key_{n}") for n in range(number)]
