"""When a thing was last changed (dateLastModified), as far as it is known.

A row has the number of the transaction that changed it last, and the audit trail says when that was. What
no act of the trail wrote (a city's founding, what lies before the trail) has the moment of its key, at
which it was entered.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import BIT
from sqlmodel import col

from app.domain.access.audit.act import AuditAct
from app.domain.access.audit.change import AuditChange
from app.domain.base import MOMENT

_HEX = literal_column("'x'", Text)
_THOUSAND: ColumnElement[Any] = literal_column("1000.0")


def entered_at(key: Any) -> ColumnElement[Any]:
    """The moment in a key: UUID version 7 begins with 48 bits of milliseconds."""
    digits = func.replace(func.substr(cast(key, Text), 1, 13), "-", "")
    milliseconds = cast(cast(_HEX.concat(digits), BIT(48)), BigInteger)
    return func.to_timestamp(milliseconds / _THOUSAND, type_=MOMENT)


def changed_at(table: Any) -> ColumnElement[Any]:
    """When a row with a change version was last changed."""
    acted = select(func.max(col(AuditAct.at))).where(
        col(AuditAct.transaction) == col(table.change_transaction)
    )
    return func.coalesce(acted.scalar_subquery(), entered_at(col(table.id)), type_=MOMENT)


def recorded_at(table: Any) -> ColumnElement[Any]:
    """The same of a row without one, by the changes of it that are in the trail."""
    acted = (
        select(func.max(col(AuditAct.at)))
        .join_from(AuditChange, AuditAct, col(AuditAct.transaction) == col(AuditChange.transaction))
        .where(
            col(AuditChange.row_key) == cast(col(table.id), Text),
            col(AuditChange.table_name) == table.__tablename__,
        )
    )
    return func.coalesce(acted.scalar_subquery(), entered_at(col(table.id)), type_=MOMENT)
