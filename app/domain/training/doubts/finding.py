"""Finding doubts and putting them up: when an activity is closed, and every night over a city.

Finding again changes nothing but the figures of what is still open: who is concerned may have become
more. What was decided stays decided.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlmodel import col

from app.domain.access.doors import PLACE
from app.domain.base import MOMENT, text_enum
from app.domain.organisation.units import Level, Unit
from app.domain.training.activities import Activity
from app.domain.training.doubts.doubt import AttendanceDoubt, DoubtKind, DoubtState
from app.domain.training.doubts.kinds import FINDERS, OF_ACTIVITY, OF_CITY
from app.sql import Connection, Row, Statement, new_id

_FIND_IN_ACTIVITY = {kind: Statement(find(OF_ACTIVITY)) for kind, find in FINDERS.items()}
_FIND_IN_CITY = {kind: Statement(find(OF_CITY)) for kind, find in FINDERS.items()}


def _put_up() -> Statement:
    """What was found, as one array for each column; the people of each as the text of an array."""
    table: Any = AttendanceDoubt.__table__  # type: ignore[attr-defined]
    kinds: dict[str, Any] = {
        "id": Uuid(), "activity_id": Uuid(), "session_id": Uuid(), "kind": table.c.kind.type,
        "about": table.c.about.type, "people": Text(), "figures": JSONB(),
    }  # fmt: skip
    found = (
        func.unnest(
            *(
                bindparam(f"each_{name}", type_=ARRAY(kind, dimensions=1))
                for name, kind in kinds.items()
            )
        )
        .table_valued(*(column(name, kind) for name, kind in kinds.items()), name="found")
        .render_derived()
    )
    values: dict[str, Any] = {
        **{name: found.c[name] for name in kinds},
        "people": cast(found.c.people, ARRAY(Uuid)),
        **{name: col(getattr(Activity, name)) for name in PLACE},
        "state": bindparam("state", DoubtState.OPEN, type_=text_enum(DoubtState)),
        "found_at": bindparam("now", type_=MOMENT),
    }
    rows = select(*values.values()).join_from(
        found, Activity, col(Activity.id) == found.c.activity_id
    )
    made = insert(AttendanceDoubt).from_select(list(values), rows)
    told = ("people", "figures")
    return Statement(
        made.on_conflict_do_update(
            index_elements=["activity_id", "kind", "about"],
            set_={name: made.excluded[name] for name in told},
            where=(table.c.state == DoubtState.OPEN)
            & or_(*(table.c[name] != made.excluded[name] for name in told)),
        )
    )


_PUT_UP = _put_up()


async def find_doubts(db: Connection, *, activity_id: UUID, now: datetime) -> int:
    """Put up the doubts about one activity; how many are new, or newly more.

    A part of closing an activity: whoever closes it asks for nothing else.
    """
    return await _find(db, _FIND_IN_ACTIVITY, {"activity_id": activity_id}, now)


async def find_doubts_of_city(
    db: Connection, *, city_id: UUID, since: datetime, now: datetime
) -> int:
    """Put up the doubts about all sessions of which teachers of a city were recorded since a moment."""
    return await _find(db, _FIND_IN_CITY, {"city_id": city_id, "since": since}, now)


_CITIES = Statement(select(col(Unit.id)).where(col(Unit.level) == Level.CITY))


async def list_cities(db: Connection) -> list[UUID]:
    """The cities in which doubts are looked for, one after the other."""
    return [row["id"] for row in await db.all(_CITIES)]


async def _find(
    db: Connection, statements: Mapping[DoubtKind, Statement], scope: dict[str, Any], now: datetime
) -> int:
    found: list[Row] = []
    for kind, statement in statements.items():
        more = {"now": now} if kind is DoubtKind.NO_CHECK_OUT else {}
        found += [row | {"kind": kind} for row in await db.all(statement, **scope, **more)]
    if not found:
        return 0
    # In the order of their key, so that two who find the same at once wait for each other.
    found.sort(key=lambda row: (row["activity_id"], row["kind"], row["about"]))
    for row in found:
        row["people"] = "{" + ",".join(map(str, row["people"])) + "}"
    names = ("activity_id", "session_id", "kind", "about", "people", "figures")
    columns = {f"each_{name}": [row[name] for row in found] for name in names}
    return await db.run(_PUT_UP, each_id=[new_id() for _ in found], now=now, **columns)
