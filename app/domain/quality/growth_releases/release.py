"""A release (成长档案提供授权): what of a growth file a person lets go to whom, for what, and until when.

The person alone decides, kind by kind; a release can be revoked until the record has left. Whoever keeps the
file hands it over, which is a provision, and the person is shown it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import ARRAY, CheckConstraint, Index, Integer, Text, Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Placed, Table, civil_date, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.optional_data import require_oneself
from app.domain.people.teachers import Teacher, follows_teacher
from app.domain.quality.archive_volumes import GROWTH_KINDS, PieceKind
from app.sql import Connection, Row, Statement, new_id


class ReleaseState(StrEnum):
    """What became of a release (状态)."""

    GIVEN = "given"
    """已授权，待提供"""
    REVOKED = "revoked"
    """已撤回"""
    HANDED_OVER = "handed_over"
    """已提供"""


class GrowthReleaseFields(BaseModel):
    """What goes to whom, and for what."""

    recipient_name: str = Field(
        min_length=2, max_length=200, description="接收单位 / who is to get it"
    )
    purpose: str = Field(min_length=2, max_length=500, description="用途 / what for")
    kinds: list[PieceKind] = Field(
        min_length=1, max_length=len(PieceKind), description="同意提供的材料类别 / kinds that may leave",
        sa_type=ARRAY(Text),
    )  # fmt: skip
    school_years: list[int] = Field(
        default_factory=list, max_length=60, sa_type=ARRAY(Integer),
        description="限定学年，不填为全部 / only of these school years; none: all",
    )  # fmt: skip
    valid_until: date = Field(description="有效期至（含） / last day on which it may leave")


class GrowthRelease(GrowthReleaseFields, Placed, Table, table=True):
    """A release; it goes along with its teacher."""

    __table_args__ = (
        follows_teacher(),
        CheckConstraint("cardinality(kinds) >= 1", name="kinds"),
        CheckConstraint("(revoked_at IS NOT NULL) = (state = 'revoked')", name="revoked"),
        CheckConstraint(
            "num_nonnulls(handed_over_at, handed_over_by, record_sha256, pieces)"
            " = CASE WHEN state = 'handed_over' THEN 4 ELSE 0 END",
            name="handed_over",
        ),
        *(Index(None, name, "id") for name in ("teacher_id", *PLACE)),
    )

    id: UUID = key()
    teacher_id: UUID = Field(sa_type=Uuid)
    school_id: UUID = Placed.model_fields["school_id"]  # type: ignore[assignment]
    state: ReleaseState = Field(sa_type=text_enum(ReleaseState))
    given_at: datetime = Field(sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)
    handed_over_at: datetime | None = Field(default=None, sa_type=MOMENT)
    handed_over_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    record_sha256: str | None = Field(default=None, max_length=64)
    pieces: int | None = None


class GrowthReleaseView(GrowthReleaseFields):
    """A release as both faces show it."""

    id: UUID = Field(description="标识 / key")
    teacher_id: UUID = Field(description="教师 / teacher")
    state: ReleaseState = Field(description="状态 / state")
    given_at: datetime = Field(description="授权时间 / when it was given")
    revoked_at: datetime | None = Field(description="撤回时间 / when it was revoked")
    handed_over_at: datetime | None = Field(description="提供时间 / when the record left")
    record_sha256: str | None = Field(description="所提供记录的摘要 / SHA-256 of what left")
    pieces: int | None = Field(description="所提供件数 / how many pieces left")


class NewGrowthRelease(GrowthReleaseFields, Command):
    """A release that a person gives."""

    @model_validator(mode="after")
    def _kinds_are_of_a_growth_file(self) -> Self:
        if len(set(self.kinds)) < len(self.kinds) or not GROWTH_KINDS.issuperset(self.kinds):
            raise Unfit("材料类别重复或不属于成长档案。", "A kind twice, or none of a growth file.")
        return self


# What can be refused.


class GrowthReleaseNotFound(NotFound):
    """There is no such release for the one who asks."""

    code = "growth_release_not_found"
    zh = "未找到该成长档案授权。"
    en = "There is no such release of a growth file."


class GrowthReleaseOver(Conflict):
    """It was revoked, or the record has left, or its time is over."""

    code = "growth_release_over"
    zh = "该授权已撤回、已提供或已过期。"
    en = "The release was revoked, is over, or the record has left."


class GrowthReleasePast(Invalid):
    """It ends before it begins."""

    code = "growth_release_past"
    zh = "有效期须不早于今天（{today}）。"
    en = "A release lasts until today ({today}) at least."


# What may be asked.

GROWTH_RELEASES = Door(
    table=GrowthRelease,
    view=GrowthReleaseView,
    read=Permission.ARCHIVE_READ,
    missing=GrowthReleaseNotFound,
    places={"teacher_id": col(GrowthRelease.teacher_id)},
    filters={"teacher_id": col(GrowthRelease.teacher_id), "state": col(GrowthRelease.state)},
    sorts={"created": ()},
)


async def get_growth_release(db: Connection, actor: Actor, *, release_id: UUID) -> Row:
    """One release."""
    return await GROWTH_RELEASES.get(db, actor, release_id)


async def list_growth_releases(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    teacher_id: UUID | None = None,
    state: ReleaseState | None = None,
) -> Page:
    """The releases of people in the actor's place, and one's own."""
    filters = {"teacher_id": teacher_id, "state": state}
    return await GROWTH_RELEASES.page(db, actor, page, filters=filters)


# What may be done.

_OWN_PLACE = Statement(
    select(*(col(getattr(Teacher, name)) for name in PLACE)).where(
        col(Teacher.id) == bindparam("teacher_id", type_=Uuid)
    )
)


async def give_growth_release(
    db: Connection, actor: Actor, *, new: NewGrowthRelease, now: datetime
) -> Row:
    """Let some kinds of one's own growth file leave; nobody does this for another."""
    actor.require_in_person()
    teacher_id = require_oneself(actor)
    today = civil_date(now)
    if new.valid_until < today:
        raise GrowthReleasePast(today=today.isoformat())
    place = await db.one(_OWN_PLACE, teacher_id=teacher_id)
    row = {
        "id": new_id(),
        "teacher_id": teacher_id,
        **(place or {}),
        **new.model_dump(),
        "state": ReleaseState.GIVEN,
        "given_at": now,
    }
    await db.insert(GrowthRelease, row)
    return await GROWTH_RELEASES.get(db, actor, row["id"])


async def revoke_growth_release(
    db: Connection, actor: Actor, *, release_id: UUID, now: datetime
) -> Row:
    """Take a release back, as long as nothing has left under it."""
    own = Permission.RECORD_OWN
    held = await GROWTH_RELEASES.get(db, actor, release_id, permission=own, lock=True)
    actor.require_in_person()
    if held["state"] != ReleaseState.GIVEN:
        raise GrowthReleaseOver
    values = {"state": ReleaseState.REVOKED, "revoked_at": now}
    await db.change(GrowthRelease, release_id, values)
    return await GROWTH_RELEASES.get(db, actor, release_id)
