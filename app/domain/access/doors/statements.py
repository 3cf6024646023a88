"""The statements of the doors, compiled once per shape of scope, filters and order, and kept."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select, true

from app.domain.access.actors import Shape, within
from app.domain.access.doors.described import CURSORS, Columns, Described
from app.domain.paging import after
from app.sql import Statement


@lru_cache(maxsize=1024)
def get(
    door: Described,
    reach: Shape,
    scope: Shape,
    published: bool,
    lock: bool,
    shared: bool,
    addressed: bool,
) -> Statement:
    """One row within the reach, or meant for the actor who is `addressed`, and whether they may do this."""
    allowed = placed = within(scope, door.placed())
    seen = within(reach, door.placed(), prefix="reach")
    if door.shared:
        seen = or_(seen, within(reach, door.shared, prefix="reach"))
        if shared:
            allowed = or_(allowed, within(scope, door.shared))
    if door.audience is not None and addressed:
        offered = door.audience(bindparam("audience", type_=ARRAY(Uuid)))
        seen = or_(seen, offered)
        if published:
            allowed = or_(allowed, offered)
    became = () if door.successor is None else (door.successor.label("_became"),)
    lies = placed if published else None
    query = door.select(allowed.label("_allowed"), *became, within=lies).where(
        door.key == bindparam("key", type_=Uuid), seen, *door.open
    )
    return door.statement(query.with_for_update(of=door.table) if lock else query)


@lru_cache(maxsize=2048)
def page(
    door: Described,
    shape: Shape,
    filters: tuple[str, ...],
    sort: str,
    resumed: bool,
    published: bool,
) -> Statement:
    """A part of a list, with the keys of its order beside the view."""
    order = door.order(sort)
    descending = sort.startswith("-")
    keys = (column.label(f"_key_{n}") for n, column in enumerate(order))
    query = door.select(*keys, within=within((), {}) if published else None)
    query = query.where(door.listed(shape, published=published), *door.present)
    query = query.where(*(door.condition(name) for name in filters))
    if resumed:
        query = query.where(after(order, descending=descending))
    query = query.order_by(*(c.desc() if descending else c.asc() for c in order))
    return door.statement(query.limit(bindparam("limit")))


@lru_cache(maxsize=512)
def count(door: Described, shape: Shape, filters: tuple[str, ...], published: bool) -> Statement:
    """How many rows a list has."""
    query = select(func.count()).select_from(door.rows)
    query = query.where(door.listed(shape, published=published), *door.present)
    return door.statement(query.where(*(door.condition(name) for name in filters)))


@lru_cache(maxsize=1024)
def rows_of(
    door: Described, owner: Any, shape: Shape, filters: tuple[str, ...], only: Columns
) -> Statement:
    """All rows of many owners."""
    query = door.select(owner.label("_owner"), only=only).where(
        owner == any_(bindparam("owner_ids", type_=ARRAY(Uuid))),
        within(shape, door.placed()),
        *door.present,
        *(door.condition(name) for name in filters),
    )
    return door.statement(query.order_by(*door.order(next(iter(door.sorts)))))


@lru_cache(maxsize=1024)
def rows_of_one(
    door: Described, owner: Any, shape: Shape, filters: tuple[str, ...], only: Columns
) -> Statement:
    """All rows of one owner, which an index that leads with the owner has in their order."""
    query = door.select(only=only).where(
        owner == bindparam("owner_id", type_=Uuid),
        within(shape, door.placed()),
        *door.present,
        *(door.condition(name) for name in filters),
    )
    return door.statement(query.order_by(*door.order(next(iter(door.sorts)))))


@lru_cache(maxsize=1024)
def pages_of(
    door: Described, owner: Any, shape: Shape, sort: str, resumed: bool, only: Columns
) -> Statement:
    """For each owner the rows of its page, found by an index that leads with the owner.

    A row says of which owner it is by its place among them: a key would be read and hashed for each row.
    """
    order, descending = door.order(sort), sort.startswith("-")
    keys = [column.label(f"_key_{n}") for n, column in enumerate(order)]
    owner_ids = func.unnest(bindparam("owner_ids", type_=ARRAY(Uuid)))
    owners = owner_ids.table_valued(
        "owner_id", with_ordinality="place", name="owners"
    ).render_derived()
    query = (
        door.select(*(keys if only is None or CURSORS in only else ()), only=only)
        .where(owner == owners.c.owner_id, within(shape, door.placed()), *door.present)
        .order_by(*(c.desc() if descending else c.asc() for c in order))
        .limit(bindparam("limit"))
    )
    if resumed:
        query = query.where(after(order, descending=descending))
    rows = query.lateral("rows_of_owner")
    chosen = select(owners.c.place.label("_place"), *rows.c)
    return door.statement(chosen.select_from(owners.join(rows, true())))


@lru_cache(maxsize=512)
def counts_of(door: Described, owner: Any, shape: Shape) -> Statement:
    """How many rows each of many owners has."""
    among = owner == any_(bindparam("owner_ids", type_=ARRAY(Uuid)))
    query = select(owner.label("owner"), func.count().label("rows"))
    query = query.select_from(door.rows)
    seen = within(shape, door.placed())
    return door.statement(query.where(among, seen, *door.present).group_by(owner))


@lru_cache(maxsize=512)
def by_id(door: Described, shape: Shape, only: Columns) -> Statement:
    """Rows by their keys."""
    seen = placed = within(shape, door.placed())
    if door.audience is not None:
        seen = or_(seen, door.audience(bindparam("audience", type_=ARRAY(Uuid))))
    among = door.key == any_(bindparam("keys", type_=ARRAY(Uuid)))
    chosen = door.select(door.key.label("_key"), only=only, within=placed)
    return door.statement(chosen.where(among, seen, *door.present))
