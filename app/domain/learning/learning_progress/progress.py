"""Progress (学习进度): how far a teacher has come in a class, as yielded by what players told.

Nothing is entered here: a row follows from the learning records that count, and can be made again.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, SmallInteger, UniqueConstraint, Uuid
from sqlmodel import Field

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Placed, Table, key
from app.domain.errors import NotFound
from app.domain.learning.learning_records import SCORE
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import TEACHERS, PersonName, follows_teacher
from app.domain.training.activities import ACTIVITIES
from app.domain.training.activities.records import (
    BY_CREATION,
    BY_NAME,
    door_of_organiser,
    door_of_teacher,
)
from app.sql import Connection, Row


class LearningProgressFields(BaseModel):
    """How far somebody has come, and for how long."""

    share: int | None = Field(
        default=None,
        description="完成百分比，未报告时为空 / percent of the class done; null where none was told",
        sa_type=SmallInteger,
    )
    seconds: int = Field(description="学习时长（秒） / seconds spent")
    items_done: int = Field(description="完成的内容项数 / items of the class that were completed")
    score: Decimal | None = Field(
        default=None,
        description="最高得分率（-1 至 1） / best scaled score, from -1 to 1",
        sa_type=SCORE,
    )
    completed_at: datetime | None = Field(
        default=None, description="完成时间 / when the class was completed", sa_type=MOMENT
    )
    first_at: datetime | None = Field(
        default=None, description="首次学习时间 / first moment", sa_type=MOMENT
    )
    last_at: datetime | None = Field(
        default=None, description="最近学习时间 / last moment", sa_type=MOMENT
    )
    records: int = Field(description="计入的学习记录数 / records that count")
    set_aside: int = Field(
        description="因疑点未计入的学习记录数 / records that do not count, being in doubt"
    )
    counted_at: datetime = Field(description="统计时间 / when it was counted", sa_type=MOMENT)


class LearningProgress(LearningProgressFields, Placed, Table, table=True):
    """The progress of one teacher in one class, placed by the teacher."""

    __table_args__ = (
        follows_teacher(),
        UniqueConstraint("activity_id", "teacher_id"),
        Index(None, "teacher_id", "id"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Field(sa_type=Uuid)  # never null for a teacher


class LearningProgressView(LearningProgressFields):
    """Progress as the teacher sees it, and those in charge of the teacher."""

    id: UUID = Field(description="标识 / key")
    activity_id: UUID = Field(description="活动（班） / activity that the class is")
    teacher_id: UUID = Field(description="教师 / teacher")


class LearnerView(LearningProgressView):
    """The same as the organiser sees it, who knows of a teacher only the name and the school."""

    name: PersonName = Field(description="姓名 / name")
    school: str = Field(description="学校 / name of the school")


# What can be refused.


class LearningProgressNotFound(NotFound):
    """There is no such progress for the one who asks."""

    code = "learning_progress_not_found"
    zh = "未找到该学习进度。"
    en = "There is no such progress."


# What may be asked.

LEARNING_PROGRESS = door_of_teacher(
    LearningProgress, LearningProgressView, LearningProgressNotFound
)
"""Progress as it belongs to the teacher."""

LEARNERS = door_of_organiser(
    LearningProgress, LearnerView, LearningProgressNotFound, sorts={**BY_NAME, **BY_CREATION}
)
"""The same rows as they belong to the organiser."""


async def get_learning_progress(db: Connection, actor: Actor, *, progress_id: UUID) -> Row:
    """The progress of one teacher in one class, of a teacher whom the actor may see."""
    return await LEARNING_PROGRESS.get(db, actor, progress_id)


async def list_learners(
    db: Connection, actor: Actor, *, activity_id: UUID, page: PageRequest
) -> Page:
    """How far those have come who learn in a class that the actor organises, by name."""
    await ACTIVITIES.get(db, actor, activity_id, permission=Permission.ATTENDANCE_READ)
    return await LEARNERS.page(db, actor, page, filters={"activity_id": activity_id})


async def list_teacher_learning_progress(
    db: Connection, actor: Actor, *, teacher_id: UUID, page: PageRequest
) -> Page:
    """How far one teacher whom the actor may see has come, class by class."""
    await TEACHERS.get(db, actor, teacher_id)
    return await LEARNING_PROGRESS.page(db, actor, page, filters={"teacher_id": teacher_id})
