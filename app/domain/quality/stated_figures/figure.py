"""What may be asked of stated figures: the figures, the answers that each was given, the rows behind these."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Columns, Door
from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.organisation.units import Unit
from app.domain.paging import Page, PageRequest
from app.domain.quality.stated_figures.table import (
    FigureCheck,
    FigureCheckRow,
    FigureOutcome,
    FigureState,
    StatedFigure,
    StatedFigureFields,
)
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureLine,
    FigureReason,
    FigureVerdict,
    StatedValue,
)
from app.sql import Connection, Row, Statement


class StatedFigureView(StatedFigureFields):
    """A stated figure as both faces show it, with the verdict of its last answer."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="填报单位 / unit whose document states it")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    quote: str = Field(description="原文，一字不改 / the words as they stand there")
    cleaned: str = Field(
        description="清理后的文本：去除混入的拼音和页码 / the same without pinyin and page numbers"
    )
    stated: list[StatedValue] = Field(description="文中数据项 / numbers, dates and names in it")
    state: FigureState = Field(description="状态 / how far it has come")
    verdict: FigureVerdict = Field(description="最近一次核对结论 / verdict of the last answer")
    stated_at: datetime = Field(description="录入时间 / when it was entered")
    explanation: str | None = Field(description="单位说明 / what the unit says of the difference")
    explained_at: datetime | None = Field(description="说明时间 / when it said so")
    outcome: FigureOutcome | None = Field(description="办结结果 / what became of it")
    conclusion: str | None = Field(description="办结意见 / what the bureau says")
    concluded_at: datetime | None = Field(description="办结时间 / when it was concluded")


class FigureReasonView(BaseModel):
    """A reason of an answer, in words."""

    code: FigureReason = Field(description="理由代码 / reason")
    zh: str = Field(description="中文 / in Chinese")
    en: str = Field(description="英文 / in English")


class FigureCheckView(BaseModel):
    """An answer to a stated figure: kept as it was given, whatever the register says later."""

    id: UUID = Field(description="标识 / key")
    figure_id: UUID = Field(description="所核对的数据 / stated figure")
    number: int = Field(description="第几次核对 / which answer, from 1")
    verdict: FigureVerdict = Field(description="结论 / verdict")
    reasons: list[FigureReasonView] = Field(description="理由 / why")
    lines: list[FigureLine] = Field(description="逐项对照 / line by line")
    difference: Decimal | None = Field(description="差：文中数减核对数 / stated less found")
    numerator: int | None = Field(description="登记数或分子 / registered number, or numerator")
    denominator: int | None = Field(description="分母，非百分比为空 / denominator of a share")
    since: date | None = Field(description="统计期起始日 / first day of the period")
    until: date | None = Field(description="统计期截止日 / last day of the period")
    as_of: date = Field(description="取数日 / day as of which the register was read")
    checked_at: datetime = Field(description="核对时间 / when it was checked")


class FigureCheckRowView(BaseModel):
    """What one unit has in the register's number, beside what it stated itself."""

    unit_id: UUID = Field(description="单位 / unit")
    unit_name: str = Field(description="单位名称 / name")
    numerator: int = Field(description="登记数或分子 / registered number, or numerator")
    denominator: int | None = Field(description="分母 / denominator of a share")
    own: int | None = Field(
        description="该单位自己填报的年度统计数 / what it stated itself for the school year"
    )
    differs: bool = Field(description="自报数与登记数是否不一致 / whether these two differ")


# What can be refused.


class StatedFigureNotFound(NotFound):
    """There is no such stated figure for the one who asks."""

    code = "stated_figure_not_found"
    zh = "未找到该核对数据。"
    en = "There is no such stated figure."


class FigureCheckNotFound(NotFound):
    """There is no such answer for the one who asks."""

    code = "figure_check_not_found"
    zh = "未找到该核对结果。"
    en = "There is no such answer to a stated figure."


# What may be asked.

STATED_FIGURES = Door(
    table=StatedFigure,
    view=StatedFigureView,
    read=Permission.GUIDANCE_READ,
    missing=StatedFigureNotFound,
    filters={
        "unit_id": col(StatedFigure.unit_id),
        "state": col(StatedFigure.state),
        "verdict": col(StatedFigure.verdict),
        "comparison": col(StatedFigure.comparison),
    },
    sorts={"created": ()},
)
"""Stated figures, seen where the unit lies whose document states them."""
FIGURE_CHECKS = Door(
    table=FigureCheck,
    view=FigureCheckView,
    read=Permission.GUIDANCE_READ,
    missing=FigureCheckNotFound,
    joined=FigureCheck.__table__.join(  # type: ignore[attr-defined]
        StatedFigure.__table__,  # type: ignore[attr-defined]
        col(FigureCheck.figure_id) == col(StatedFigure.id),
    ),
    places={name: col(getattr(StatedFigure, name)) for name in PLACE},
    filters={"figure_id": col(FigureCheck.figure_id)},
    sorts={"created": ()},
)
"""Answers, seen where their figures are."""


async def get_stated_figure(db: Connection, actor: Actor, *, figure_id: UUID) -> Row:
    """One stated figure within the actor's reach."""
    return await STATED_FIGURES.get(db, actor, figure_id)


async def list_stated_figures(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    state: FigureState | None = None,
    verdict: FigureVerdict | None = None,
    comparison: FigureComparison | None = None,
) -> Page:
    """The stated figures that the actor may see, in the order in which they were entered."""
    filters = {"unit_id": unit_id, "state": state, "verdict": verdict, "comparison": comparison}
    return await STATED_FIGURES.page(db, actor, page, filters=filters)


async def stated_figures_by_id(
    db: Connection, actor: Actor, *, figure_ids: Sequence[UUID], columns: Columns = None
) -> dict[UUID, Row | None]:
    """Many stated figures by their keys; None where the actor may not see one."""
    return await STATED_FIGURES.by_id(db, actor, figure_ids, columns=columns)


async def list_figure_checks(
    db: Connection, actor: Actor, *, page: PageRequest, figure_id: UUID | None = None
) -> Page:
    """The answers that were given to stated figures, one after the other."""
    return await FIGURE_CHECKS.page(db, actor, page, filters={"figure_id": figure_id})


async def get_figure_check(db: Connection, actor: Actor, *, check_id: UUID) -> Row:
    """One answer within the actor's reach."""
    return await FIGURE_CHECKS.get(db, actor, check_id)


_ROWS = Statement(
    select(
        col(FigureCheckRow.unit_id), col(Unit.name).label("unit_name"),
        col(FigureCheckRow.numerator), col(FigureCheckRow.denominator), col(FigureCheckRow.own),
        (col(FigureCheckRow.own) != col(FigureCheckRow.numerator)).is_(True).label("differs"),
    )
    .join(Unit, col(Unit.id) == col(FigureCheckRow.unit_id))
    .where(col(FigureCheckRow.check_id) == bindparam("check_id", type_=Uuid))
    .order_by(col(Unit.name), col(FigureCheckRow.unit_id))
)  # fmt: skip


async def list_figure_check_rows(
    db: Connection, actor: Actor, *, check_id: UUID, differing: bool | None = None
) -> list[Row]:
    """What each unit has in the number of an answer; of `differing`, those who state another themselves."""
    await FIGURE_CHECKS.get(db, actor, check_id)
    rows = await db.all(_ROWS, check_id=check_id)
    return [row for row in rows if differing is None or row["differs"] == differing]
