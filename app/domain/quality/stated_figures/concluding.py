"""What becomes of a figure that does not agree: the unit explains it, the bureau over it concludes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.quality.stated_figures.checking import StatedFigureClosed
from app.domain.quality.stated_figures.figure import STATED_FIGURES
from app.domain.quality.stated_figures.table import FigureOutcome, FigureState, StatedFigure
from app.sql import Connection, Row, Statement


class FigureExplanation(Command):
    """What the unit says of a difference."""

    explanation: str = Field(min_length=1, max_length=2000, description="说明 / what the unit says")


class FigureConclusion(Command):
    """What becomes of a figure, and why."""

    outcome: FigureOutcome = Field(description="办结结果 / what becomes of it")
    conclusion: str = Field(min_length=1, max_length=2000, description="办结意见 / why")


# What can be refused.


class FigureExplainedElsewhere(Invalid):
    """Only the unit itself says why its document states otherwise."""

    code = "figure_explained_elsewhere"
    zh = "只有填报单位本身可以说明差异。"
    en = "Only the unit itself explains what its document states."


class FigureWithoutStanding(Invalid):
    """Not the unit itself concludes, but the bureau over it."""

    code = "figure_without_standing"
    zh = "须由填报单位的上级教育局办结。"
    en = "The bureau over the unit concludes."


class FigureConcludedByAuthor(Conflict):
    """Nobody concludes what they explained themselves."""

    code = "figure_concluded_by_author"
    zh = "说明人不能自行办结。"
    en = "Nobody concludes what they explained themselves."


class StatedFigureWrongState(Conflict):
    """What is to be done belongs to another moment."""

    code = "stated_figure_wrong_state"
    zh = "核对数据当前状态为“{state}”，不能执行此操作。"
    en = "The stated figure is '{state}': this cannot be done with it now."


# What may be done.


async def explain_stated_figure(
    db: Connection, actor: Actor, *, figure_id: UUID, said: FigureExplanation, now: datetime
) -> Row:
    """Say for the unit why its document states otherwise; until it is concluded, a later word stands."""
    right = Permission.STATISTIC_WRITE
    figure = await STATED_FIGURES.get(db, actor, figure_id, permission=right, lock=True)
    if not speaks_for(actor, figure["unit_id"], right):
        raise FigureExplainedElsewhere
    _check_state(figure, FigureState.OPEN, FigureState.EXPLAINED)
    explained = {
        "explanation": said.explanation,
        "state": FigureState.EXPLAINED,
        "explained_at": now,
        "explained_by": actor.account_id,
    }
    await db.change(StatedFigure, figure_id, explained)
    return await STATED_FIGURES.get(db, actor, figure_id)


_EXPLAINED_BY = Statement(
    select(col(StatedFigure.explained_by)).where(
        col(StatedFigure.id) == bindparam("figure_id", type_=Uuid)
    )
)


async def conclude_stated_figure(
    db: Connection, actor: Actor, *, figure_id: UUID, conclusion: FigureConclusion, now: datetime
) -> Row:
    """Conclude for the bureau over the unit; before it explained itself, once its last day is over."""
    right = Permission.STATISTIC_CONFIRM
    figure = await STATED_FIGURES.get(db, actor, figure_id, permission=right, lock=True)
    _check_standing(actor, figure)
    if await db.value(_EXPLAINED_BY, figure_id=figure_id) in actor.accounts:
        raise FigureConcludedByAuthor
    due = figure["due_on"]
    overdue = due is not None and due < civil_date(now)
    _check_state(figure, FigureState.EXPLAINED, *([FigureState.OPEN] if overdue else []))
    concluded = {
        **conclusion.model_dump(),
        "state": FigureState.CLOSED,
        "concluded_at": now,
        "concluded_by": actor.account_id,
    }
    await db.change(StatedFigure, figure_id, concluded)
    return await STATED_FIGURES.get(db, actor, figure_id)


def _check_standing(actor: Actor, figure: Row) -> None:
    """Refuse whoever is of the unit, or not of a bureau over it; over the city's bureau there is none."""
    city, unit_id = figure["city_id"], figure["unit_id"]
    if unit_id == city:
        return
    over = figure["county_id"] if unit_id != figure["county_id"] else city
    bureau = {"city_id": city, "county_id": over, "school_id": None}
    belongs = any(grant.subject_id == unit_id for grant in actor.grants)
    if belongs or not actor.scope(Permission.STATISTIC_CONFIRM).covers(bureau):
        raise FigureWithoutStanding


def _check_state(figure: Row, *states: FigureState) -> None:
    if figure["state"] == FigureState.CLOSED:
        raise StatedFigureClosed
    if figure["state"] not in states:
        raise StatedFigureWrongState(state=figure["state"])
