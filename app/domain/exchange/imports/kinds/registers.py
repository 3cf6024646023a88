"""How activities and attendance of a file are written, given back and taken back; and their declaration."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.exchange.imports.kind import Draft, Ground, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds.activities import (
    Where,
    activities_of,
    at_session,
    find_lines,
    where_of,
)
from app.domain.exchange.imports.kinds.activity_lines import (
    COLUMNS,
    ActivityLine,
    identify_line,
    refuse_differing,
)
from app.domain.exchange.imports.places import plain_value
from app.domain.exchange.imports.reasons import ChangedSince, RestedOn, RowRepeated
from app.domain.training.activities import (
    NewActivity,
    NewSession,
    add_session,
    create_activity,
    hold_activity,
    publish_activity,
)
from app.domain.training.attendance import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
    OutsideAudience,
    write_records,
)
from app.domain.training.attendance.register import check_begun, hold_register
from app.sql import Connection, Row, Statement

_CORRECTED, _TAKEN_BACK = "导入更正", "导入撤回"


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    await find_lines(db, ground=ground, drafts=drafts, lock=lock)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    together: dict[tuple[Where, int], list[Draft]] = {}
    for draft in drafts:
        if not draft.refused:
            together.setdefault((where_of(draft), draft.said.session), []).append(draft)
    for lines in together.values():
        await _write_session(db, actor, ground, lines)


async def _write_session(
    db: Connection, actor: Actor, ground: Ground, lines: Sequence[Draft]
) -> None:
    """Write what the lines say of one session, which the first of them sets up where it is not there."""
    first, session = lines[0], lines[0].work.session
    if session is None:
        session = await _there_by_now(db, first) or await _set_up(db, actor, ground, first)
        for draft in lines[1:]:
            refuse_differing(draft, session)
    seen: dict[UUID, Draft] = {}
    for draft in lines:
        teacher_id = draft.work.teacher_id
        if teacher_id is None:
            draft.target_id = session["activity_id"]
        elif (earlier := seen.setdefault(teacher_id, draft)) is not draft:
            draft.refuse(RowRepeated(first=earlier.number))
    people = {key: draft for key, draft in seen.items() if not draft.refused}
    if people:
        await _record(db, actor, ground, session, people)


async def _there_by_now(db: Connection, draft: Draft) -> Row | None:
    """The session that another half of a part has set up, which was refused as a whole."""
    found = (await activities_of(db, drafts=[draft], lock=True)).get(where_of(draft))
    session = found[0]["sessions"].get(draft.said.session) if found else None
    return at_session(found[0], session) if found and session else None


async def _set_up(db: Connection, actor: Actor, ground: Ground, draft: Draft) -> Row:
    """Set up the activity that a row is the first to name, held; the row says so, for taking it back."""
    said, unit = draft.said, draft.unit or {}
    new = NewActivity(
        organiser_unit_id=unit["id"],
        title=said.title,
        kind=said.kind,
        mode=said.mode,
        channel=said.channel,
        content=said.content or [],
        hours=said.hours,
        starts_on=said.starts_on,
        ends_on=said.last_day,
    )
    activity = await create_activity(db, actor, new=new)
    when = NewSession(
        starts_at=said.starts_at,
        ends_at=said.ends_at,
        place=said.place,
        speaker=said.speaker,
        hours=said.hours,
    )
    session = await add_session(db, actor, activity_id=activity["id"], new=when)
    await publish_activity(db, actor, activity_id=activity["id"], now=ground.now)
    await hold_activity(db, actor, activity_id=activity["id"], now=ground.now)
    draft.after["new_activity"] = str(activity["id"])
    return at_session(activity, session)


_OF = Statement(
    select(col(Attendance.id), col(Attendance.teacher_id)).where(
        col(Attendance.session_id) == bindparam("session_id", type_=Uuid),
        col(Attendance.teacher_id) == any_(bindparam("teacher_ids", type_=ARRAY(Uuid))),
    )
)


async def _record(
    db: Connection, actor: Actor, ground: Ground, session: Row, people: Mapping[UUID, Draft]
) -> None:
    """Record attendance as the register does; who is not expected is refused."""
    session = await hold_register(db, actor, session_id=session["id"])
    check_begun(session, [draft.said.status for draft in people.values()], ground.now)
    written = await write_records(
        db,
        session=session,
        given=[(key, draft.said.status, draft.said.role) for key, draft in people.items()],
        method=AttendanceMethod.IMPORT,
        by=actor.account_id,
        now=ground.now,
        reason=_CORRECTED,
    )
    for key in people.keys() - set(written):
        refusal = OutsideAudience(count=1, teachers=[str(key)])
        if "new_activity" in people[key].after:
            # The activity goes with the row that set it up; the next one does so anew.
            raise refusal
        people[key].refuse(refusal)
    ids = await db.all(_OF, session_id=session["id"], teacher_ids=written)
    for row in ids:
        people[row["teacher_id"]].target_id = row["id"]


_KEPT = Statement(
    select(
        *(
            col(getattr(Attendance, name))
            for name in ("id", "session_id", "teacher_id", "status", "role")
        )
    ).where(col(Attendance.id) == any_(bindparam("ids", type_=ARRAY(Uuid))))
)


async def _restore(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """Give back what records were before; refused where one was corrected since, or is closed."""
    kept = {row["id"]: row for row in await db.all(_KEPT, ids=[row["target_id"] for row in rows])}
    for row in rows:
        record = kept.get(row["target_id"])
        if record is None or any(
            plain_value(record[name]) != value for name, value in row["after"].items()
        ):
            raise ChangedSince
        before: dict[str, Any] = record | row["before"]
        session = await hold_register(db, actor, session_id=record["session_id"])
        status, role = AttendanceStatus(before["status"]), AttendanceRole(before["role"])
        await write_records(
            db,
            session=session,
            given=[(record["teacher_id"], status, role)],
            method=AttendanceMethod.IMPORT,
            by=actor.account_id,
            now=ground.now,
            reason=_TAKEN_BACK,
        )


_given = (
    func.unnest(bindparam("row_ids", type_=ARRAY(Uuid))).table_valued("id").render_derived("given")
)
_REMOVE = Statement(select(func.take_back_imported_attendance(_given.c.id).label("outcome")))
"""Removed by the database itself, as with other kinds; the application removes no attendance."""


async def _remove(db: Connection, _: Actor, __: Ground, rows: Sequence[Row]) -> None:
    for row in await db.all(_REMOVE, row_ids=[row["id"] for row in rows]):
        if row["outcome"] == "changed":
            raise ChangedSince
        if row["outcome"] == "rested":
            raise RestedOn


ACTIVITIES = ImportKind(
    subject=ImportSubject.ACTIVITIES,
    words="活动及考勤 / past activities with attendance",
    permission=Permission.ACTIVITY_WRITE,
    columns=COLUMNS,
    row=ActivityLine,
    identified_by=("title", "starts_on"),
    identify=identify_line,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    part=500,
)
