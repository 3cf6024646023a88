"""The tables of activities and their sessions: what an organiser decides, where it lies and stands."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlmodel import Field

from app.domain.base import (
    AMOUNT,
    MOMENT,
    Placed,
    Table,
    Versioned,
    key,
    place_constraints,
    text_enum,
)
from app.domain.organisation.units import Level
from app.domain.people.teachers.strata import Stratum
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
    ActivityState,
    Delivery,
)


class ActivityFields(BaseModel):
    """What the organiser decides about an activity."""

    title: str = Field(min_length=1, max_length=200, description="名称 / title")
    kind: ActivityKind = Field(description="活动形式 / kind", sa_type=text_enum(ActivityKind))
    mode: ActivityMode = Field(description="研修方式 / mode", sa_type=text_enum(ActivityMode))
    channel: ActivityChannel = Field(
        description="培训渠道 / channel", sa_type=text_enum(ActivityChannel)
    )
    form_id: UUID | None = Field(
        default=None, description="活动样式（某一版本） / version of its form, if any", sa_type=Uuid
    )
    content: list[ActivityContent] = Field(
        default_factory=list,
        max_length=len(ActivityContent),
        description="研修内容 / what it is about",
        sa_type=ARRAY(Text),
    )
    hours: Decimal = Field(
        gt=0,
        max_digits=8,
        decimal_places=2,
        description="总学时，等于各场次学时之和 / hours in all, the sum of its sessions'",
        sa_type=AMOUNT,
    )
    capacity: int | None = Field(
        default=None, ge=1, le=100_000, description="人数上限，不限时为空 / places; null: no limit"
    )
    requires_note: bool = Field(
        default=False,
        description="是否须提交研修笔记或反思 / whether a note or reflection is required",
    )
    requires_session_plans: bool = Field(
        default=False,
        description="各场次须有审核通过的培训者方案方可发布 / whether each session needs a plan that was"
        " approved before it is published",
        sa_column_kwargs={"server_default": text("false")},
    )
    strata: list[Stratum] = Field(
        default_factory=list,
        max_length=len(Stratum),
        description="仅面向参训对象中属于这些类别之一的教师（分层分类分岗），不填为全部 / of the"
        " audience only teachers who count in one of these strata on its first day; none: all",
        sa_type=ARRAY(Text),
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    starts_on: date = Field(description="开始日期 / first day")
    ends_on: date = Field(description="结束日期 / last day")


class Activity(ActivityFields, Placed, Versioned, Table, table=True):
    """An activity, placed by its organiser; its level is its organiser's."""

    __table_args__ = (
        *place_constraints(),
        ForeignKeyConstraint(
            ["organiser_group_id", "organiser_unit_id"],
            ["research_group.id", "research_group.unit_id"],
        ),
        ForeignKeyConstraint(
            ["organiser_network_id", "organiser_unit_id"], ["network.id", "network.unit_id"]
        ),
        ForeignKeyConstraint(
            ["organiser_department_id", "organiser_unit_id"],
            ["department.id", "department.unit_id"],
        ),
        ForeignKeyConstraint(["form_id", "kind"], ["activity_form.id", "activity_form.kind"]),
        CheckConstraint(
            "num_nonnulls(organiser_group_id, organiser_network_id, organiser_department_id) <= 1",
            name="organised_once",
        ),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_begins"),
        CheckConstraint(
            "(published_at IS NOT NULL) = (state IN ('published', 'held', 'closed'))"
            " OR state = 'cancelled'",
            name="published_at",
        ),
        CheckConstraint("(closed_at IS NOT NULL) = (state = 'closed')", name="closed_at"),
        Index(None, "school_id", "starts_on", "id"),
        Index(None, "county_id", "starts_on", "id"),
        Index(None, "city_id", "starts_on", "id"),
        Index(None, "organiser_unit_id", "starts_on", "id"),
        Index(None, "organiser_group_id", "starts_on", "id"),
        Index(
            None, "organiser_network_id", "starts_on", "id",
            postgresql_where=text("organiser_network_id IS NOT NULL"),
        ),
        Index(
            None, "organiser_department_id", "starts_on", "id",
            postgresql_where=text("organiser_department_id IS NOT NULL"),
        ),
        Index(
            None, "form_id", "starts_on", "id", postgresql_where=text("form_id IS NOT NULL"),
        ),
        Index(
            None, "series_id", "starts_on", "id", postgresql_where=text("series_id IS NOT NULL"),
        ),
        Index(None, "change_transaction", "change_sequence"),
    )  # fmt: skip

    id: UUID = key()
    level: Level = Field(
        sa_type=text_enum(Level),
        sa_column_args=(
            Computed(
                "CASE WHEN school_id IS NOT NULL THEN 'school'"
                " WHEN county_id = city_id THEN 'city' ELSE 'county' END",
                persisted=True,
            ),
        ),
    )
    organiser_unit_id: UUID = Field(
        sa_type=Uuid,
        sa_column_args=(Computed("coalesce(school_id, county_id)", persisted=True),),
    )
    organiser_group_id: UUID | None = Field(default=None, sa_type=Uuid)
    organiser_network_id: UUID | None = Field(default=None, sa_type=Uuid)
    organiser_department_id: UUID | None = Field(default=None, sa_type=Uuid)
    series_id: UUID | None = Field(default=None, foreign_key="activity_series.id", sa_type=Uuid)
    state: ActivityState = Field(sa_type=text_enum(ActivityState))
    published_at: datetime | None = Field(default=None, sa_type=MOMENT)
    closed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class SessionFields(BaseModel):
    """When and where a session takes place, who speaks, and the hours it is worth."""

    starts_at: datetime = Field(description="开始时间 / when it begins", sa_type=MOMENT)
    ends_at: datetime = Field(description="结束时间 / when it ends", sa_type=MOMENT)
    place: str | None = Field(default=None, max_length=100, description="地点 / place")
    speaker: str | None = Field(default=None, max_length=60, description="主讲人 / speaker")
    delivery: Delivery = Field(
        default=Delivery.IN_PERSON,
        description="举行方式 / how people come together",
        sa_type=text_enum(Delivery),
        sa_column_kwargs={"server_default": Delivery.IN_PERSON.value},
    )
    link: str | None = Field(
        default=None, max_length=500, description="线上会议链接 / where it is held online"
    )
    step: str | None = Field(
        default=None, max_length=60, description="承担的样式环节 / step of the form it carries out"
    )
    hours: Decimal = Field(
        gt=0, max_digits=8, decimal_places=2, description="学时 / hours", sa_type=AMOUNT
    )
    occurrence_of: UUID | None = Field(
        default=None,
        description="与哪一场次内容相同、任选其一参加 / session of which this is another occurrence:"
        " whoever attends one of them has attended it, and is credited once",
        sa_type=Uuid,
    )
    places: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="本场次名额，不限时为空 / places in this occurrence; null: no limit",
    )


class ActivitySession(SessionFields, Versioned, Table, table=True):
    """A session; `secret` is what its rotating check-in code is signed with, shown to nobody."""

    __table_args__ = (
        UniqueConstraint("activity_id", "ordinal"),
        UniqueConstraint("id", "activity_id"),
        ForeignKeyConstraint(
            ["occurrence_of", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
        ),
        CheckConstraint("occurrence_of <> id", name="occurrence_of_another"),
        CheckConstraint("places > 0", name="places"),
        CheckConstraint("ends_at > starts_at", name="ends_after_it_begins"),
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("octet_length(secret) >= 16", name="secret"),
        CheckConstraint("link IS NULL OR delivery <> 'in_person'", name="link"),
        Index(None, "change_transaction", "change_sequence"),
    )

    id: UUID = key()
    activity_id: UUID = Field(foreign_key="activity.id", sa_type=Uuid)
    ordinal: int
    secret: bytes = Field(sa_type=LargeBinary)
