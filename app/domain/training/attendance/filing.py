"""A register as a file (考勤表): CSV or JSON Lines, read through first, then entered as a whole.

A line names its teacher by the key, or by name and school as the paper does: the two must mean one
person among those whom the activity is for. ID numbers have no business in a register, and there is
no column for them. A file is entered whole or not at all; what is wrong with which line is told before.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ARRAY, Integer, String, Uuid, bindparam, column, func, or_, select, union_all
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.errors import Invalid
from app.domain.organisation.units import Unit
from app.domain.people.teachers import Teacher
from app.domain.training.activities import Activity
from app.domain.training.attendance.lines import ReadRegister, RegisterFile, read_register
from app.domain.training.attendance.record import AttendanceMethod
from app.domain.training.attendance.register import check_begun, hold_register
from app.domain.training.attendance.writing import IS_EXPECTED, write_records
from app.sql import Connection, Row, Statement


class LineRefused(BaseModel):
    """A line that cannot be entered, and why."""

    line: int = Field(description="行号，从 1 起，含列名行 / line of the file, from 1")
    code: str = Field(description="原因代码 / stable code of the reason")
    zh: str = Field(description="原因（中文） / the reason in Chinese")
    en: str = Field(description="原因（英文） / the reason in English")


class RegisterPreview(BaseModel):
    """What entering a file would do."""

    session_id: UUID = Field(description="场次 / session")
    lines: int = Field(description="数据行数 / lines")
    ready: int = Field(description="可登记行数 / lines that can be entered")
    refused: list[LineRefused] = Field(description="有误的行 / lines that cannot, and why")


# What can be refused.


class RegisterRefused(Invalid):
    """Lines of the file cannot be entered, so that none was; the first hundred are named."""

    code = "attendance_file_refused"
    zh = "考勤表有 {count} 行有误，未登记任何记录。"
    en = "{count} lines of the file cannot be entered, so nothing was."


_REASONS: Final[dict[str, tuple[str, str]]] = {
    "attendance_line_malformed": (
        "列或取值不正确：须有教师标识或姓名与学校，并有出勤状态。",
        "Wrong columns or values: it has a teacher's key, or name and school, and a status.",
    ),
    "attendance_line_unknown": (
        "参训对象中没有该教师。",
        "There is no such teacher among those whom the activity is for.",
    ),
    "attendance_line_ambiguous": (
        "该校有同名教师，请改用教师标识。",
        "The school has several teachers of this name: give the key instead.",
    ),
    "attendance_line_twice": (
        "该教师在表中出现不止一次。",
        "The teacher stands in the file more than once.",
    ),
}


# What may be asked.

_named = (
    func.unnest(
        bindparam("numbers", type_=ARRAY(Integer)),
        bindparam("teacher_ids", type_=ARRAY(Uuid)),
        bindparam("names", type_=ARRAY(String)),
        bindparam("schools", type_=ARRAY(String)),
    )
    .table_valued(
        column("number", Integer), column("teacher_id", Uuid), column("name", String),
        column("school", String), name="named",
    )
    .render_derived()
)  # fmt: skip
_by_key = (
    select(_named.c.number, col(Teacher.id).label("teacher_id"))
    .join_from(_named, Teacher, col(Teacher.id) == _named.c.teacher_id)
    .where(or_(_named.c.name.is_(None), _named.c.name == col(Teacher.name)), IS_EXPECTED)
)
_by_name = (
    select(_named.c.number, col(Teacher.id))
    .select_from(_named)
    .join(Activity, col(Activity.id) == bindparam("activity_id", type_=Uuid))
    .join(
        Teacher,
        (col(Teacher.city_id) == col(Activity.city_id)) & (col(Teacher.name) == _named.c.name),
    )
    .join(Unit, (col(Unit.id) == col(Teacher.school_id)) & (col(Unit.name) == _named.c.school))
    .where(_named.c.teacher_id.is_(None), IS_EXPECTED)
)
_MEANT = Statement(union_all(_by_key, _by_name))


async def _find_meant(db: Connection, session: Row, read: ReadRegister) -> dict[int, UUID]:
    """Whom each line means; `read` learns of the lines that mean nobody, or more than one."""
    lines = read.lines
    found: dict[int, list[UUID]] = {number: [] for number in lines}
    for row in await db.all(
        _MEANT,
        numbers=list(lines),
        teacher_ids=[line.teacher_id for line in lines.values()],
        names=[line.name for line in lines.values()],
        schools=[line.school for line in lines.values()],
        activity_id=session["activity_id"],
    ):
        found[row["number"]].append(row["teacher_id"])
    first: dict[UUID, int] = {}
    for number, teachers in found.items():
        if len(teachers) != 1:
            reason = "ambiguous" if teachers else "unknown"
            read.refused[number] = f"attendance_line_{reason}"
        elif first.setdefault(teachers[0], number) != number:
            read.refused[number] = "attendance_line_twice"
    return {number: teacher_id for teacher_id, number in first.items()}


def _refused(read: ReadRegister) -> list[Row]:
    rows = []
    for number, code in sorted(read.refused.items()):
        zh, en = _REASONS[code]
        rows.append({"line": number, "code": code, "zh": zh, "en": en})
    return rows


async def preview_register_file(
    db: Connection, actor: Actor, *, session_id: UUID, file: RegisterFile, now: datetime
) -> Row:
    """What entering a file would do at a session whose register the actor keeps; nothing is changed."""
    session = await hold_register(db, actor, session_id=session_id)
    read = read_register(file)
    meant = await _find_meant(db, session, read)
    check_begun(session, [read.lines[number].status for number in meant], now)
    return {
        "session_id": session_id,
        "lines": len(meant) + len(read.refused),
        "ready": len(meant),
        "refused": _refused(read),
    }


# What may be done.

_MOST_NAMED = 100


async def enter_register_file(
    db: Connection, actor: Actor, *, session_id: UUID, file: RegisterFile, now: datetime
) -> Row:
    """Enter a file whole, if each of its lines can be; entering it again changes nothing."""
    session = await hold_register(db, actor, session_id=session_id)
    read = read_register(file)
    meant = await _find_meant(db, session, read)
    if read.refused:
        lines = _refused(read)
        raise RegisterRefused(count=len(lines), lines=lines[:_MOST_NAMED])
    check_begun(session, [read.lines[number].status for number in meant], now)
    recorded = await write_records(
        db,
        session=session,
        given=[
            (teacher_id, read.lines[number].status, read.lines[number].role)
            for number, teacher_id in meant.items()
        ],
        method=AttendanceMethod.IMPORT,
        by=actor.account_id,
        now=now,
    )
    return {"session_id": session_id, "recorded": len(recorded)}
