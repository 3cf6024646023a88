"""Recording (记录): acts are written where what they did is written, or not at all.

What was done is recorded in its own transaction, by one statement at the end of it. A refusal is an
outcome: it is recorded in a transaction of its own, and so often at most, before it is answered.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import INET
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.access.audit.act import THIS_TRANSACTION, AuditAct, Provenance
from app.domain.access.audit.change import AuditChange
from app.domain.access.doors import PLACE
from app.sql import Connection, Statement, new_id

MOST_REFUSALS = 100
"""How many refusals of one kind are recorded of one account in an hour: nobody can fill the disk."""

_TRANSACTION: ColumnElement[int] = literal_column(THIS_TRANSACTION.text)
_GIVEN: dict[str, ColumnElement[Any]] = {
    "id": bindparam("act_id", type_=Uuid),
    "account_id": bindparam("account_id", type_=Uuid),
    "on_behalf_of": bindparam("on_behalf_of", type_=Uuid),
    "client_id": bindparam("client_id", type_=Uuid),
    "operation": bindparam("operation", type_=Text),
    "request_id": bindparam("request_id", type_=Text),
    "address": cast(bindparam("address", type_=Text), INET),
    "agent": bindparam("agent", type_=Text),
}
_IS_KEY = col(AuditChange.row_key).regexp_match("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def _act_before() -> CTE:
    """The act before this one in the transaction."""
    last = select(func.coalesce(func.max(col(AuditAct.sequence)), 0).label("since"))
    return last.where(col(AuditAct.transaction) == _TRANSACTION).cte("act_before")


def _same(column: Any) -> ColumnElement[Any]:
    """The value that all rows have in this column (before PostgreSQL 18, uuid has no `min`)."""
    return cast(func.min(cast(column, Text)), Uuid)


def _changed(before: CTE) -> CTE:
    """What was changed since, in sum: how many rows, where they lie, the first that was made."""
    city, county, school = (col(getattr(AuditChange, name)) for name in PLACE)
    in_one_county = func.count(county.distinct()) == 1
    in_one_school = (func.count(school.distinct()) == 1) & (func.count(school) == func.count(city))
    since = select(before.c.since).scalar_subquery()
    of_this = (col(AuditChange.transaction) == _TRANSACTION, col(AuditChange.id) > since)
    first_made = select(cast(col(AuditChange.row_key), Uuid)).where(
        *of_this, col(AuditChange.before).is_(None), _IS_KEY
    )
    return (
        select(
            func.count().label("changed_rows"),
            _same(city).label("city_id"),
            case((in_one_county, _same(county)), else_=_same(city)).label("county_id"),
            case((in_one_school, _same(school))).label("school_id"),
            first_made.order_by(col(AuditChange.id)).limit(1).scalar_subquery().label("made"),
        )
        .where(*of_this)
        .cte("changed")
    )


def _act() -> tuple[list[str], Select[Any]]:
    """The columns of an act, and the query that makes its row at the end of a transaction."""
    before = _act_before()
    changed = _changed(before)
    placed = changed.c.city_id.is_not(None)
    values = {
        **_GIVEN,
        "target_id": func.coalesce(bindparam("target_id", type_=Uuid), changed.c.made),
        "refusal": bindparam("refusal", type_=Text),
        "since": before.c.since,
        "changed_rows": changed.c.changed_rows,
        **{
            name: case((placed, changed.c[name]), else_=col(getattr(Account, name)))
            for name in PLACE
        },
    }
    account = col(Account.id) == _GIVEN["account_id"]
    rows = changed.join(before, true()).outerjoin(Account.__table__, account)  # type: ignore[attr-defined]
    return list(values), select(*values.values()).select_from(rows)


_NAMES, _ROW = _act()
_TABLE = AuditAct.__table__  # type: ignore[attr-defined]
_RECORD = Statement(insert(_TABLE).from_select(_NAMES, _ROW, include_defaults=False))
_LIKE_IT = (
    select(literal(1))
    .where(
        col(AuditAct.account_id) == _GIVEN["account_id"],
        col(AuditAct.refusal) == bindparam("refusal", type_=Text),
        col(AuditAct.at) > func.now() - literal_column("interval '1 hour'"),
    )
    .limit(MOST_REFUSALS)
    .subquery()
)
_RECORD_REFUSAL = Statement(
    insert(_TABLE).from_select(
        _NAMES,
        _ROW.where(select(func.count()).select_from(_LIKE_IT).scalar_subquery() < MOST_REFUSALS),
        include_defaults=False,
    )
)


def act_arguments(actor: Actor | None, operation: str, provenance: Provenance) -> dict[str, Any]:
    """What every statement that records an act is given."""
    return {
        "act_id": new_id(),
        "account_id": None if actor is None else actor.account_id,
        "on_behalf_of": None if actor is None else actor.on_behalf_of,
        "client_id": None if actor is None else actor.client_id,
        "operation": operation,
        **provenance._asdict(),
    }


async def record_act(
    db: Connection,
    actor: Actor | None,
    *,
    operation: str,
    target_id: UUID | None,
    provenance: Provenance,
) -> None:
    """Record that the actor did this, in the transaction in which it was done, at the end of it.

    Whatever the transaction changed since the act before it belongs to this one. Without a target it
    is the first thing that was made. Nobody, as an actor, is the operator on the host.
    """
    arguments = act_arguments(actor, operation, provenance)
    await db.run(_RECORD, target_id=target_id, refusal=None, **arguments)


async def record_refusal(
    db: Connection,
    actor: Actor,
    *,
    operation: str,
    target_id: UUID | None,
    refusal: str,
    provenance: Provenance,
) -> bool:
    """Record that the actor was refused this, with the refusal's code; False where it was too often."""
    arguments = act_arguments(actor, operation, provenance)
    return await db.run(_RECORD_REFUSAL, target_id=target_id, refusal=refusal, **arguments) > 0


def recorded_with(made: CTE, target: ColumnElement[UUID]) -> CTE:
    """The act of a write that is a single statement: it is recorded by that same statement.

    `made` is the part that writes a placed row and returns it; without a row there is no act. The
    statement is given `act_arguments` besides its own.
    """
    values = {
        **_GIVEN,
        "target_id": target,
        "refusal": null(),
        "since": literal(0, BigInteger),
        "changed_rows": literal(0, Integer),
        **{name: made.c[name] for name in PLACE},
    }
    row = select(*values.values()).select_from(made)
    return insert(_TABLE).from_select(list(values), row, include_defaults=False).cte("act")
