"""A what-if (试算): the draft, the day, how far the answer is; and what it says of each teacher."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, Uuid, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import AMOUNT, MOMENT, Placed, Table, key, place_constraints, text_enum
from app.domain.credits.rules.judgement import Verdict
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.domain.progress import ProgressFields, progress_constraints
from app.sql import Connection, Row, Statement

COUNT_WHAT_IF = "count_what_if"
"""The job that counts one."""
KEPT = timedelta(days=7)
"""For how long a question and its answer are kept."""
_FORGOTTEN_AT_ONCE = 10_000
"""Teachers of an answer that one statement forgets: an answer for a city has tens of thousands."""


class WhatIfChange(StrEnum):
    """What the draft would mean for somebody."""

    GAINED = "gained"  # 由不达标变为达标: met or not asked for under the draft, and not so today
    FELL = "fell"  # 由达标变为不达标
    UNCLEAR = "unclear"  # 待定: undecided on one side, for want of a fact
    SAME = "same"  # 不变


class WhatIfFields(ProgressFields):
    """What is asked, and how far the answer is; `done` and `total` are teachers."""

    pack_id: str = Field(description="草案编号 / the draft's own id", max_length=80)
    version: int = Field(description="草案版本 / version of the draft")
    title_zh: str = Field(description="草案中文标题 / its title in Chinese", max_length=2000)
    title_en: str = Field(description="草案英文标题 / its title in English", max_length=2000)
    as_of: date = Field(description="试算日 / day on which both sides are judged")
    submitted_at: datetime = Field(description="提交时间 / when it was submitted", sa_type=MOMENT)
    kept_until: datetime = Field(
        description="保留至 / until when the answer is kept", sa_type=MOMENT
    )


class WhatIf(WhatIfFields, Placed, Table, table=True):
    """A question about one draft, for one bureau.

    The same draft and day at the same `position` of the ledger is the same question, asked once.
    """

    __table_args__ = (
        *place_constraints(),
        *progress_constraints(),
        Index(
            "uq_what_if_question", "county_id", "digest", "position",
            unique=True, postgresql_where=text("state IN ('waiting', 'running', 'done')"),
        ),
        *(Index(None, place, "id") for place in PLACE[:2]),
        Index(None, "kept_until"),
    )  # fmt: skip

    id: UUID = key()
    document: dict[str, Any] = Field(sa_type=JSONB)
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 over the draft and the day."""
    position: str = Field(max_length=200)
    """Where the ledger and the facts of the unit's teachers stood: it changes with any of them."""
    submitted_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class WhatIfPerson(Table, table=True):
    """One teacher under both rules; amounts that are missing are in each pack's own unit.

    `at_school_id` and `at_county_id` are where the teacher belonged when it was counted.
    """

    __table_args__ = (
        UniqueConstraint("what_if_id", "teacher_id"),
        Index(None, "what_if_id", "change", "id"),
        Index(None, "teacher_id"),
    )

    id: UUID = key()
    what_if_id: UUID = Field(foreign_key="what_if.id", ondelete="CASCADE", sa_type=Uuid)
    teacher_id: UUID = Field(foreign_key="teacher.id", sa_type=Uuid)
    at_county_id: UUID = Field(sa_type=Uuid)
    at_school_id: UUID = Field(sa_type=Uuid)
    rank: str | None = Field(max_length=40)
    age: int
    verdict_before: Verdict = Field(sa_type=text_enum(Verdict, suffix="_before"))
    verdict_after: Verdict = Field(sa_type=text_enum(Verdict, suffix="_after"))
    credits_before: Decimal = Field(sa_type=AMOUNT)
    credits_after: Decimal = Field(sa_type=AMOUNT)
    missing_before: Decimal = Field(sa_type=AMOUNT)
    missing_after: Decimal = Field(sa_type=AMOUNT)
    change: WhatIfChange = Field(sa_type=text_enum(WhatIfChange))


class WhatIfView(WhatIfFields):
    """A what-if as it is shown; its answer is asked for beside it."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="试算单位（市或县） / the city or county it is for")


# What can be refused.


class WhatIfNotFound(NotFound):
    """There is no such what-if for the one who asks, or it is no longer kept."""

    code = "what_if_not_found"
    zh = "未找到该试算，或其结果已过保留期。"
    en = "There is no such what-if, or it is no longer kept."


# What may be asked.

WHAT_IFS = Door(
    table=WhatIf,
    view=WhatIfView,
    read=Permission.PACK_REFINE,
    missing=WhatIfNotFound,
    computed={"unit_id": col(WhatIf.county_id)},
    filters={"state": col(WhatIf.state)},
    sorts={"submitted": ()},
)
"""Those who decide on packs there: a city's own `county_id` is the city."""


async def get_what_if(db: Connection, actor: Actor, *, what_if_id: UUID) -> Row:
    """One what-if, and how far it is."""
    return await WHAT_IFS.get(db, actor, what_if_id)


async def list_what_ifs(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """Those of the actor's place, the latest first."""
    latest = PageRequest(page.limit, page.cursor, page.sort or "-submitted")
    return await WHAT_IFS.page(db, actor, latest)


# What may be done.

_over = col(WhatIf.kept_until) < bindparam("now", type_=MOMENT)
_FORGET_PEOPLE = Statement(
    delete(WhatIfPerson).where(
        col(WhatIfPerson.id).in_(
            select(col(WhatIfPerson.id))
            .join(WhatIf, col(WhatIf.id) == col(WhatIfPerson.what_if_id))
            .where(_over)
            .limit(bindparam("at_most"))
        )
    )
)
_FORGET = Statement(delete(WhatIf).where(_over))


async def tidy_what_ifs(
    db: Connection, *, now: datetime, at_most: int = _FORGOTTEN_AT_ONCE
) -> None:
    """Forget questions and answers whose time is over, so many people with each statement."""
    while await db.run(_FORGET_PEOPLE, now=now, at_most=at_most) == at_most:
        pass
    await db.run(_FORGET, now=now)
