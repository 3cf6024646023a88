"""Ticks (清单确认): that a teacher has done what a checklist asks and no register counts."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CheckConstraint, Index, Uuid, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.oneself import is_oneself
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.facts import DayInFuture
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, Teacher, follows_teacher
from app.domain.quality.checklists.checklist import CHECKLISTS
from app.sql import Connection, Row, UniqueViolationError, new_id


class TickFields(BaseModel):
    """What was done, of which item, on which day."""

    number: int = Field(ge=1, description="事项序号 / number of the item")
    done_on: date = Field(description="完成日期 / day on which it was done")
    remark: str | None = Field(
        default=None, min_length=1, max_length=500, description="完成情况 / what was done"
    )


class ChecklistTick(TickFields, Placed, Table, table=True):
    """A tick; it is withdrawn, never deleted. Of one item a teacher has one on a day."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_because) IN (0, 3)",
            name="withdrawn_whole",
        ),
        Index(
            "uq_checklist_tick_stands", "teacher_id", "checklist_id", "number", "done_on",
            unique=True, postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(None, "checklist_id", "teacher_id"),
        *(Index(None, place, "done_on", "id") for place in ("teacher_id", *PLACE)),
    )  # fmt: skip

    id: UUID = key()
    checklist_id: UUID = Field(foreign_key="checklist.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)
    ticked_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    ticked_at: datetime = Field(sa_type=MOMENT)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    withdrawn_at: datetime | None = Field(default=None, sa_type=MOMENT)
    withdrawn_because: str | None = Field(default=None, max_length=200)


class ChecklistTickView(TickFields):
    """A tick as the teacher and the school see it."""

    id: UUID = Field(description="标识 / key")
    checklist_id: UUID = Field(description="清单 / checklist")
    teacher_id: UUID = Field(description="教师 / teacher")
    name: PersonName = Field(description="姓名 / name")
    school_id: UUID = Field(description="学校 / school")
    ticked_at: datetime = Field(description="确认时间 / when it was ticked")
    withdrawn_at: datetime | None = Field(description="撤销时间 / when it was withdrawn")
    withdrawn_because: str | None = Field(description="撤销原因 / why it was withdrawn")


class NewTick(TickFields, Command):
    """A tick for a teacher: the checklist, the item, the day, and in words what was done."""

    checklist_id: UUID = Field(description="清单 / checklist")


class TickWithdrawal(Command):
    """Why a tick does not stand."""

    reason: str = Field(min_length=1, max_length=200, description="撤销原因 / reason")


# What can be refused.


class ChecklistTickNotFound(NotFound):
    """There is no such tick for the one who asks."""

    code = "checklist_tick_not_found"
    zh = "未找到该清单确认记录。"
    en = "There is no such tick."


class ChecklistItemNotFound(Invalid):
    """The checklist has no item of that number."""

    code = "checklist_item_not_found"
    zh = "该清单没有第{number}项。"
    en = "The checklist has no item {number}."


class ChecklistItemCounted(Conflict):
    """The item counts by itself: nobody ticks it."""

    code = "checklist_item_counted"
    zh = "该事项由系统自动计数，无需人工确认。"
    en = "This item is counted from the register and is not ticked."


class ChecklistOfAnotherSchool(Invalid):
    """The checklist is of another school than the teacher's."""

    code = "checklist_of_another_school"
    zh = "该清单不属于该教师所在学校。"
    en = "The checklist is not of the teacher's school."


class ChecklistNotInForce(Conflict):
    """The checklist was not asked on that day."""

    code = "checklist_not_in_force"
    zh = "该清单在{day}不适用。"
    en = "The checklist was not asked on {day}."


class ChecklistTickOfOneself(Conflict):
    """Nobody ticks, or takes back, what is their own."""

    code = "checklist_tick_of_oneself"
    zh = "不能确认或撤销本人的清单事项。"
    en = "Nobody ticks their own items, or withdraws such a tick."


class TickedAlready(Conflict):
    """The item is ticked for that day."""

    code = "checklist_item_ticked"
    zh = "该事项在此日期已确认。"
    en = "The item is ticked for that day."


class TickWithdrawn(Conflict):
    """It was withdrawn before."""

    code = "checklist_tick_withdrawn"
    zh = "该确认已撤销。"
    en = "The tick was withdrawn before."


# What may be asked.

TICKS = Door(
    table=ChecklistTick,
    view=ChecklistTickView,
    read=Permission.ASSESSMENT_READ,
    missing=ChecklistTickNotFound,
    places={"teacher_id": col(ChecklistTick.teacher_id)},
    computed={"name": col(Teacher.name)},
    joined=ChecklistTick.__table__.join(  # type: ignore[attr-defined]
        Teacher.__table__,  # type: ignore[attr-defined]
        col(ChecklistTick.teacher_id) == col(Teacher.id),
    ),
    filters={
        "checklist_id": col(ChecklistTick.checklist_id),
        "teacher_id": col(ChecklistTick.teacher_id),
        "stands": lambda wanted: col(ChecklistTick.withdrawn_at).is_(None) == wanted,
    },
    sorts={"done_on": (col(ChecklistTick.done_on),), "created": ()},
)


async def list_checklist_ticks(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    checklist_id: UUID | None = None,
    teacher_id: UUID | None = None,
    stands: bool | None = None,
) -> Page:
    """The ticks in the actor's place, and one's own, by the day on which something was done."""
    filters = {"checklist_id": checklist_id, "teacher_id": teacher_id, "stands": stands}
    return await TICKS.page(db, actor, page, filters=filters)


# What may be done.


async def tick_checklist_item(
    db: Connection, actor: Actor, *, teacher_id: UUID, new: NewTick, now: datetime
) -> Row:
    """Confirm that a teacher has done what an item asks."""
    write = Permission.ASSESSMENT_WRITE
    teacher = await TEACHERS.get(db, actor, teacher_id, permission=write)
    checklist = await CHECKLISTS.get(db, actor, new.checklist_id, permission=write)
    if await is_oneself(db, actor, teacher_ids=[teacher_id]):
        raise ChecklistTickOfOneself
    if checklist["school_id"] != teacher["school_id"]:
        raise ChecklistOfAnotherSchool
    _check_item(checklist, new, civil_date(now))
    tick_id = new_id()
    row = {
        "id": tick_id,
        "teacher_id": teacher_id,
        **{name: teacher[name] for name in PLACE},
        **new.model_dump(),
        "ticked_by": actor.account_id,
        "ticked_at": now,
    }
    try:
        await db.insert(ChecklistTick, row)
    except UniqueViolationError:
        raise TickedAlready from None
    return await TICKS.get(db, actor, tick_id)


def _check_item(checklist: Row, new: NewTick, today: date) -> None:
    item = next((each for each in checklist["items"] if each["number"] == new.number), None)
    if item is None:
        raise ChecklistItemNotFound(number=new.number)
    if item["measure"] is not None:
        raise ChecklistItemCounted
    if new.done_on > today:
        raise DayInFuture(today=today.isoformat())
    ends = checklist["valid_to"]
    if new.done_on < checklist["valid_from"] or (ends is not None and new.done_on >= ends):
        raise ChecklistNotInForce(day=new.done_on.isoformat())


async def withdraw_checklist_tick(
    db: Connection, actor: Actor, *, tick_id: UUID, withdrawal: TickWithdrawal, now: datetime
) -> Row:
    """Take a tick back, with the reason; it stays to be seen."""
    write = Permission.ASSESSMENT_WRITE
    held = await TICKS.get(db, actor, tick_id, permission=write, lock=True)
    if await is_oneself(db, actor, teacher_ids=[held["teacher_id"]]):
        raise ChecklistTickOfOneself
    if held["withdrawn_at"] is not None:
        raise TickWithdrawn
    values = {
        "withdrawn_at": now, "withdrawn_by": actor.account_id,
        "withdrawn_because": withdrawal.reason,
    }  # fmt: skip
    await db.change(ChecklistTick, tick_id, values)
    return await TICKS.get(db, actor, tick_id)
