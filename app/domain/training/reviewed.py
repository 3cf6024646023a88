"""What is handed in to a superior (报上级审定): plans, courses. Where the superior is, and how a step is taken.

    draft ──submit──▶ submitted ──approve──▶ approved ──publish──▶ published
      ▲ withdraw          │ return
      └───────────────────┘

Such a noun has a table with `state`, `since`, `version`, `in_force`, `submitted_by` and `published_at`, one of
its versions (`number`, `submitted_by`) and one of the steps that were taken with it. What else a step asks,
and what else may be done, each noun says itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select, update

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.base import MOMENT
from app.sql import Connection, Row, Statement, new_id


def place_of_superior(row: Row, *, parts: Collection[str]) -> dict[str, Any] | None:
    """Where the right to review this must be held: the superior's place; None where there is none.

    What is of a part of a unit (one of these columns is not null) is reviewed by that unit.
    """
    city_id, county_id, school_id = (row[name] for name in ("city_id", "county_id", "school_id"))
    if any(row[name] is not None for name in parts):
        return {"city_id": city_id, "county_id": county_id, "school_id": school_id}
    if school_id is not None:
        return {"city_id": city_id, "county_id": county_id}
    return None if county_id == city_id else {"city_id": city_id, "county_id": city_id}


@dataclass(frozen=True, eq=False)
class Reviewed:
    """One noun that is handed in: its door, its tables, the column by which those name it, its states.

    `leads_to` says into which state a step leads; in the `agreed` states the last version that was
    handed in is in force. Whoever calls has opened the noun's door and holds its row.
    """

    door: Door
    versions: Any
    steps: Any
    key: str
    leads_to: dict[Any, StrEnum]
    agreed: Collection[StrEnum]

    async def take(
        self,
        db: Connection,
        actor: Actor,
        row: Row,
        step: StrEnum,
        *,
        opinion: str | None = None,
        now: datetime,
    ) -> Row:
        """Bring a row into the state to which a step leads, and keep that the step was taken."""
        state = self.leads_to[step]
        is_handed_in = step == "submit" or row["version"] == 0
        version = row["version"] + is_handed_in
        in_force = row["in_force"] or version
        await db.run(
            self._enter,
            row_id=row["id"],
            new_state=state,
            new_version=version,
            by=actor.on_behalf_of or actor.account_id if is_handed_in else None,
            now=now,
            published=now if state == "published" else None,
            agreed=in_force if state in self.agreed else None,
        )
        about = in_force if step == "publish" else version
        return await self.keep(db, actor, row["id"], step, about, opinion=opinion, now=now)

    async def keep(
        self,
        db: Connection,
        actor: Actor,
        row_id: UUID,
        step: StrEnum,
        version: int,
        *,
        opinion: str | None = None,
        now: datetime,
    ) -> Row:
        """Keep that a step was taken with a version; the row as it stands then."""
        taken = {
            "id": new_id(), self.key: row_id, "version": version, "step": step,
            "opinion": opinion, "taken_at": now, "taken_by": actor.account_id,
        }  # fmt: skip
        await db.insert(self.steps, taken)
        return await self.door.get(db, actor, row_id)

    async def was_submitted_by(self, db: Connection, actor: Actor, row_id: UUID) -> bool:
        """Whether who asks, or somebody for whom they act, handed the last version in."""
        submitters = await db.one(self._submitters, row_id=row_id) or {}
        return not actor.accounts.isdisjoint(submitters.values())

    @property
    def _columns(self) -> Any:
        return self.door.table.__table__.c  # type: ignore[attr-defined]

    @cached_property
    def _enter(self) -> Statement:
        columns = self._columns
        return Statement(
            update(self.door.table)
            .where(columns.id == bindparam("row_id", type_=Uuid))
            .values(
                state=bindparam("new_state", type_=columns.state.type),
                since=bindparam("now", type_=MOMENT),
                version=bindparam("new_version", type_=Integer),
                submitted_by=func.coalesce(bindparam("by", type_=Uuid), columns.submitted_by),
                published_at=bindparam("published", type_=MOMENT),
                in_force=bindparam("agreed", type_=Integer),
            )
        )

    @cached_property
    def _submitters(self) -> Statement:
        columns, versions = self._columns, self.versions.__table__.c
        return Statement(
            select(columns.submitted_by, versions.submitted_by.label("by"))
            .join_from(self.door.table, self.versions, versions[self.key] == columns.id)
            .where(
                columns.id == bindparam("row_id", type_=Uuid), versions.number == columns.version
            )
        )
