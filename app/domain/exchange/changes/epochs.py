"""Epochs: after a restoration from a copy no cursor of before can be trusted."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, literal_column, select
from sqlmodel import Field, col

from app.domain.base import MOMENT, Table
from app.domain.errors import Conflict
from app.domain.exchange.changes.sources import SOURCES
from app.sql import Connection, Statement


class ChangeEpoch(Table, table=True):
    """A restoration of the database from a copy; the highest number is the present epoch."""

    epoch: int = Field(primary_key=True)
    raised_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()})


# What can be refused.


class EpochRaised(Conflict):
    """The database was restored after the cursor was given: what it points to may never have been."""

    code = "change_epoch_raised"
    zh = "数据库曾从备份恢复，游标已失效，请从头读取。"
    en = "The database was restored meanwhile: read the feed again from its beginning."


class VersionsAhead(Conflict):
    """Rows have versions that this server has not come to: they were loaded from another's dump."""

    code = "change_versions_ahead"
    zh = (
        "数据中的变更版本（{newest}）超前于本服务器的事务号（{present}）：数据由转储文件载入，"
        "变更流和批次将会遗漏。请改用物理备份恢复。"
    )
    en = (
        "The data has change versions ({newest}) beyond this server's transactions ({present}): it was"
        " loaded from a dump, and the feed and the batches would miss changes. Restore a physical copy."
    )


# What may be asked.

_OLDEST_SINCE = """
CASE WHEN pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot()) THEN now()
ELSE (
    SELECT least(now(), max(xact_start)) FROM pg_stat_activity
    WHERE backend_xid = pg_snapshot_xmin(pg_current_snapshot())::xid
) END
"""
"""When the oldest transaction that still runs began; now where none runs, null where that is hidden."""
PRESENT: Any = select(
    func.coalesce(
        select(func.max(col(ChangeEpoch.epoch))).scalar_subquery(), literal_column("0")
    ).label("epoch"),
    literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint").label("horizon"),
    literal_column(f"({_OLDEST_SINCE})").label("through"),
)
HORIZON = Statement(PRESENT)
"""The present epoch, the oldest transaction that still runs, and the moment through which whatever lies
below it is everything that was committed."""

# What may be done.

_RAISE = Statement(
    ChangeEpoch.__table__.insert()  # type: ignore[attr-defined]
    .from_select(
        ["epoch"], select(func.coalesce(func.max(col(ChangeEpoch.epoch)), literal(0)) + literal(1))
    )
    .returning(col(ChangeEpoch.epoch))
)


_NEWEST = Statement(
    select(
        func.greatest(
            *(
                select(func.max(source.door.table.__table__.c.change_transaction)).scalar_subquery()  # type: ignore[attr-defined]
                for source in SOURCES.values()
            )
        ).label("newest"),
        literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint").label("present"),
    )
)


async def raise_change_epoch(db: Connection) -> int:
    """Begin a new epoch after the database was restored from a copy; the operator's to call.

    Refused where the copy was a dump that another server wrote: its versions mean nothing here.
    """
    [versions] = await db.all(_NEWEST)
    if versions["newest"] is not None and versions["newest"] >= versions["present"]:
        raise VersionsAhead(**versions)
    return int(await db.value(_RAISE))
