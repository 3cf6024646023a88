"""A merger of two records (重复登记合并): of whom, which stays, how far it has come, who sees it.

Both records are of one person. One stays, the other becomes a record that says who it is. Two sides
agree, for it cannot be undone: who administers the one proposes, who administers the other accepts.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, SecretStr, model_validator
from sqlalchemy import CheckConstraint, Index, Uuid, any_, or_, text
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.domain.people.identity import IdKind
from app.domain.people.teachers import PersonName, Teacher
from app.sql import Connection, Row


class MergerState(StrEnum):
    """How far it has come (状态)."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class MergerSide(StrEnum):
    """For which of the two records the proposer spoke (提出方所管): one of them, or both."""

    SURVIVOR = "survivor"
    MERGED = "merged"
    BOTH = "both"


class PersonMergerFields(BaseModel):
    """Why the two are one person."""

    reason: str = Field(
        min_length=4, max_length=500, description="理由与核实情况 / why, and how it was checked"
    )


class PersonMerger(PersonMergerFields, Table, table=True):
    """A merger; of one record at most one is open in which it would cease."""

    __table_args__ = (
        CheckConstraint("survivor_id <> merged_id", name="of_two"),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'merged') = (carried_over IS NOT NULL)", name="says_what_it_did"),
        Index(
            "uq_person_merger_open", "merged_id", unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(None, "merged_id", "id"),
        Index(None, "survivor_id", "id"),
    )  # fmt: skip

    id: UUID = key()
    survivor_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    merged_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    proposed_for: MergerSide = Field(sa_type=text_enum(MergerSide))
    state: MergerState = Field(sa_type=text_enum(MergerState))
    proposed_at: datetime = Field(sa_type=MOMENT)
    proposed_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    decided_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)
    opinion: str | None = Field(default=None, max_length=500)
    carried_over: int | None = None
    struck: int | None = None


class PersonMergerView(PersonMergerFields):
    """A merger as both sides see it, with what they may know of the other record."""

    id: UUID = Field(description="标识 / key")
    survivor_id: UUID = Field(description="存续记录 / record that stays")
    survivor_name: PersonName = Field(description="存续记录姓名 / its name")
    survivor_school_id: UUID = Field(description="存续记录学校 / its school")
    merged_id: UUID = Field(description="被合并记录 / record that is merged into it")
    merged_name: PersonName = Field(description="被合并记录姓名 / its name")
    merged_school_id: UUID = Field(description="被合并记录学校 / its school")
    proposed_for: MergerSide = Field(
        description="提出方所管的记录 / whose administrator proposed it"
    )
    state: MergerState = Field(description="状态 / state")
    proposed_at: datetime = Field(description="提出时间 / when it was proposed")
    proposed_by: UUID = Field(description="提出账号 / account that proposed it")
    decided_at: datetime | None = Field(description="答复时间 / when it was answered")
    decided_by: UUID | None = Field(description="答复账号 / account that answered")
    opinion: str | None = Field(description="答复意见 / what was answered")
    carried_over: int | None = Field(
        description="转入存续记录台账的记录数 / entries carried over into the ledger that stays"
    )
    struck: int | None = Field(
        description="同一来源两方均有记录、只冲销其一的记录数"
        " / entries reversed alone, since the other record has one of the same source that stays"
    )


def _is_meant(confirmed: bool) -> bool:
    if not confirmed:
        raise Unfit("合并后不能撤销，请确认。", "It cannot be undone: please confirm it.")
    return confirmed


Confirmed = Annotated[bool, AfterValidator(_is_meant)]
"""True: whoever agrees to what cannot be undone says so."""


class NewPersonMerger(PersonMergerFields, Command):
    """A merger to be proposed; a record that one cannot see is named by its ID number."""

    survivor_id: UUID | None = Field(default=None, description="存续记录 / record that stays")
    merged_id: UUID | None = Field(default=None, description="被合并记录 / record to be merged")
    id_kind: IdKind | None = Field(
        default=None, description="未填一方的证件类型 / kind of document of the one not named"
    )
    id_number: SecretStr | None = Field(
        default=None,
        description="未填一方的证件号码，不保存 / number of the one not named; it is not kept here",
    )
    confirmed: Confirmed = Field(
        description="确认：合并后不能撤销，须为 true / said knowing that it cannot be undone: true"
    )

    @model_validator(mode="after")
    def _names_two(self) -> Self:
        keys = [each for each in (self.survivor_id, self.merged_id) if each is not None]
        by_number = self.id_number is not None
        if by_number != (self.id_kind is not None) or len(keys) + by_number != 2:
            raise Unfit(
                "请填写两条记录的标识，或一条的标识与另一条的证件类型和号码。",
                "Name both records by key, or one by key and the other by its ID number and kind.",
            )
        if len(set(keys)) < len(keys):
            raise Unfit("不能与自身合并。", "A record is not merged with itself.")
        return self


class MergerConsent(Command):
    """What the other side says when it agrees."""

    opinion: str = Field(min_length=2, max_length=500, description="意见 / opinion")
    confirmed: Confirmed = Field(
        description="确认：合并后不能撤销，须为 true / said knowing that it cannot be undone: true"
    )


class MergerRefusal(Command):
    """Why it does not come about."""

    opinion: str = Field(min_length=2, max_length=500, description="意见 / opinion")


# What can be refused.


class PersonMergerNotFound(NotFound):
    """There is no such merger for the one who asks."""

    code = "person_merger_not_found"
    zh = "未找到该合并申请。"
    en = "There is no such merger."


# What may be asked.

SURVIVOR, MERGED = (Teacher.__table__.alias(name) for name in ("survivor", "merged"))  # type: ignore[attr-defined]


def _on_either_side(name: str) -> Any:
    return lambda ids: or_(SURVIVOR.c[name] == any_(ids), MERGED.c[name] == any_(ids))


PERSON_MERGERS = Door(
    table=PersonMerger,
    view=PersonMergerView,
    read=Permission.CAREER_READ,
    missing=PersonMergerNotFound,
    places={name: _on_either_side(name) for name in PLACE} | {"teacher_id": _on_either_side("id")},
    computed={
        f"{which}_{name}": side.c[name]
        for which, side in (("survivor", SURVIVOR), ("merged", MERGED))
        for name in ("name", "school_id")
    },
    joined=PersonMerger.__table__.join(  # type: ignore[attr-defined]
        SURVIVOR, col(PersonMerger.survivor_id) == SURVIVOR.c.id
    ).join(MERGED, col(PersonMerger.merged_id) == MERGED.c.id),
    filters={
        "survivor_id": col(PersonMerger.survivor_id),
        "merged_id": col(PersonMerger.merged_id),
        "state": col(PersonMerger.state),
    },
    sorts={"proposed": ()},
)
"""Mergers, seen from both places and by the person."""


async def get_person_merger(db: Connection, actor: Actor, *, merger_id: UUID) -> Row:
    """One merger of which a record lies in the actor's place, or is one's own."""
    return await PERSON_MERGERS.get(db, actor, merger_id)


async def list_person_mergers(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    survivor_id: UUID | None = None,
    merged_id: UUID | None = None,
    state: MergerState | None = None,
) -> Page:
    """The mergers of the actor's place, the first proposed first."""
    filters = {"survivor_id": survivor_id, "merged_id": merged_id, "state": state}
    return await PERSON_MERGERS.page(db, actor, page, filters=filters)
