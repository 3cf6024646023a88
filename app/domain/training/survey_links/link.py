"""A link: its table, its door, making it and revoking it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, LargeBinary, Uuid, bindparam, delete, or_, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Columns, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Command, Table, key, text_enum
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.training.surveys import (
    SURVEY_PLACES,
    SURVEYS,
    Survey,
    SurveyAudience,
    SurveyState,
    check_survey_state,
)
from app.sql import Connection, Row, Statement, new_id

MOST_TOKENS = 2_000
"""How many single tokens one link has at most."""


class LinkKind(StrEnum):
    """How often each token of a link is used (方式)."""

    SHARED = "shared"
    """共用链接"""
    SINGLE = "single"
    """一次性链接"""


class SurveyLinkFields(BaseModel):
    """For which school a link is, and how it is used."""

    school_id: UUID = Field(description="学校 / school", foreign_key="unit.id", sa_type=Uuid)
    kind: LinkKind = Field(description="方式 / kind", sa_type=text_enum(LinkKind))


class SurveyLink(SurveyLinkFields, Table, table=True):
    """A link, below its survey."""

    __table_args__ = (Index(None, "survey_id", "id"),)

    id: UUID = key()
    survey_id: UUID = Field(foreign_key="survey.id", sa_type=Uuid)
    tokens: int
    created_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)
    created_at: datetime = Field(sa_type=MOMENT)
    revoked_at: datetime | None = Field(default=None, sa_type=MOMENT)


class SurveyToken(Table, table=True):
    """A token by its hash; a single one is deleted by the answer that uses it."""

    __table_args__ = (Index(None, "link_id"),)

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    link_id: UUID = Field(foreign_key="survey_link.id", sa_type=Uuid)


class SurveyLinkView(SurveyLinkFields):
    """A link as both faces show it: never its tokens."""

    id: UUID = Field(description="标识 / key")
    survey_id: UUID = Field(description="问卷 / survey")
    tokens: int = Field(description="链接数 / how many tokens it was given")
    created_at: datetime = Field(description="生成时间 / when it was made")
    revoked_at: datetime | None = Field(description="作废时间 / when it was revoked")


class IssuedSurveyLink(SurveyLinkView):
    """A new link with its tokens, which are shown this once."""

    issued: list[str] = Field(
        description="链接口令，仅显示一次；填写地址为 /survey-forms/{口令} / tokens, shown once"
    )


class NewSurveyLink(SurveyLinkFields, Command):
    """A link to be made for the parents of a school."""

    tokens: int = Field(
        default=1,
        ge=1,
        le=MOST_TOKENS,
        description="一次性链接的个数，共用链接为 1 / how many single tokens; a shared link has one",
    )


# What can be refused.


class SurveyLinkNotFound(NotFound):
    """There is no such link for the one who asks."""

    code = "survey_link_not_found"
    zh = "未找到该问卷链接。"
    en = "There is no such link to a survey."


class SurveyNotAnonymous(Conflict):
    """Whoever answers by a link has no name: a named survey has no links."""

    code = "survey_not_anonymous"
    zh = "实名问卷不能通过链接作答。"
    en = "A survey that asks for names cannot be answered by a link."


class LinkOutsideAudience(Invalid):
    """A link is for a school that the survey is for."""

    code = "survey_link_outside_audience"
    zh = "该学校不在问卷的调查对象之内，或不是学校。"
    en = "The survey is not for this school, or it is no school."


class SharedLinkOfOne(Invalid):
    """A shared link has one token."""

    code = "survey_shared_link_of_one"
    zh = "共用链接只有一个口令。"
    en = "A shared link has one token."


# What may be asked.

SURVEY_LINKS = Door(
    table=SurveyLink,
    view=SurveyLinkView,
    read=Permission.SURVEY_RESULT_READ,
    missing=SurveyLinkNotFound,
    places=SURVEY_PLACES,
    joined=SurveyLink.__table__.join(  # type: ignore[attr-defined]
        Survey.__table__,  # type: ignore[attr-defined]
        col(SurveyLink.survey_id) == col(Survey.id),
    ),
    filters={"survey_id": col(SurveyLink.survey_id)},
    sorts={"created": ()},
)
"""Links, placed by their survey."""


async def list_survey_links(
    db: Connection, actor: Actor, *, survey_id: UUID, page: PageRequest
) -> Page:
    """The links of one survey, without their tokens."""
    await SURVEYS.get(db, actor, survey_id, permission=Permission.SURVEY_RESULT_READ)
    return await SURVEY_LINKS.page(db, actor, page, filters={"survey_id": survey_id})


async def survey_links_of(
    db: Connection,
    actor: Actor,
    *,
    survey_ids: Sequence[UUID],
    page: PageRequest,
    columns: Columns = None,
) -> dict[UUID, Page]:
    """The links of each of many surveys."""
    owner = col(SurveyLink.survey_id)
    return await SURVEY_LINKS.pages_of(db, actor, owner, survey_ids, page, columns=columns)


# What may be done.


_ADDRESSED = Statement(
    select(col(Unit.id)).where(
        col(Unit.id) == bindparam("school_id", type_=Uuid),
        col(Unit.level) == "school",
        select(col(SurveyAudience.target_id))
        .where(
            col(SurveyAudience.survey_id) == bindparam("survey_id", type_=Uuid),
            or_(
                *(
                    col(SurveyAudience.target_id) == col(column)
                    for column in (Unit.id, Unit.county_id, Unit.city_id)
                )
            ),
        )
        .exists(),
    )
)


async def create_survey_link(
    db: Connection,
    actor: Actor,
    *,
    survey_id: UUID,
    new: NewSurveyLink,
    secrets: Mapping[str, bytes],
    now: datetime,
) -> Row:
    """Make a link for the parents of a school; `secrets` are new tokens with their hashes."""
    permission = Permission.SURVEY_WRITE
    survey = await SURVEYS.get(db, actor, survey_id, permission=permission, lock=True)
    if new.kind is LinkKind.SHARED and new.tokens != 1:
        raise SharedLinkOfOne
    check_survey_state(survey, SurveyState.DRAFT, SurveyState.OPEN)
    if not survey["anonymous"]:
        raise SurveyNotAnonymous
    if await db.value(_ADDRESSED, survey_id=survey_id, school_id=new.school_id) is None:
        raise LinkOutsideAudience
    row = {
        "id": new_id(),
        **new.model_dump(),
        "survey_id": survey_id,
        "created_by": actor.account_id,
        "created_at": now,
    }
    await db.insert(SurveyLink, row)
    rows = [{"token_hash": each, "link_id": row["id"]} for each in secrets.values()]
    await db.insert_all(SurveyToken, rows)
    return {**await SURVEY_LINKS.get(db, actor, row["id"]), "issued": list(secrets)}


_REVOKE = Statement(
    update(SurveyLink)
    .where(
        col(SurveyLink.id) == bindparam("link_id", type_=Uuid),
        col(SurveyLink.revoked_at).is_(None),
    )
    .values(revoked_at=bindparam("now", type_=MOMENT))
)
_FORGET = Statement(
    delete(SurveyToken).where(col(SurveyToken.link_id) == bindparam("link_id", type_=Uuid))
)


async def revoke_survey_link(db: Connection, actor: Actor, *, link_id: UUID, now: datetime) -> Row:
    """Let a link be used no more; what was answered by it stays."""
    permission = Permission.SURVEY_WRITE
    await SURVEY_LINKS.get(db, actor, link_id, permission=permission, lock=True)
    await db.run(_REVOKE, link_id=link_id, now=now)
    await db.run(_FORGET, link_id=link_id)
    return await SURVEY_LINKS.get(db, actor, link_id)
