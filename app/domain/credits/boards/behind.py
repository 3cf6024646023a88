"""The lists behind a board's figures: the same conditions, one row each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Boolean, ColumnElement, Date, and_, bindparam
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.credits.boards.figures import (
    CHECKED,
    FIGURES,
    RECORDS,
    BoardFigure,
    carried_out,
    was_held,
)
from app.domain.organisation.units import UNITS, Level
from app.domain.paging import Page, PageRequest
from app.domain.people.teachers import place_column
from app.domain.people.teachers.strata import is_among
from app.domain.training.activities import ACTIVITIES, Activity, ActivityKind, ActivityState
from app.domain.training.groups import GROUPS
from app.domain.training.plan_items import PLAN_ITEMS
from app.domain.training.plans import AGREED, Plan, PlanItem
from app.sql import Connection


class BoardActivityView(BaseModel):
    """An activity as a board counts it."""

    id: UUID = Field(description="活动标识 / key of the activity")
    title: str = Field(description="名称 / title")
    kind: ActivityKind = Field(description="活动形式 / kind")
    state: ActivityState = Field(description="状态 / state")
    level: Level = Field(description="级别 / level: its organiser's")
    organiser_unit_id: UUID = Field(description="组织单位 / unit that organises it")
    organiser_group_id: UUID | None = Field(description="组织教研组 / group that organises it")
    starts_on: date = Field(description="开始日期 / first day")
    held: bool = Field(description="已举办 / whether it was held")
    noted: bool = Field(description="已举办且材料齐全 / held, with all the records asked for")
    recognised: bool = Field(description="已认定学分 / closed, with credit recognised")
    records: int = Field(description="研修材料份数 / notes, sheets and pieces of evidence")
    checked: int = Field(description="已检查的材料份数 / of these, checked by the school")


# What may be asked.


def _came_so_far(figure: BoardFigure) -> Callable[[Any], ColumnElement[bool]]:
    """Of those of which the figure is a part, the counted ones, or the others."""
    of, reached = FIGURES[figure]
    return lambda wanted: and_(of, reached == bindparam(wanted.key, type_=Boolean))


def _within(column: Any, *, first: bool) -> Callable[[Any], ColumnElement[bool]]:
    """The filter of a period's first, or last, day."""

    def condition(day: Any) -> ColumnElement[bool]:
        given = bindparam(day.key, type_=Date)
        within: ColumnElement[bool] = column >= given if first else column <= given
        return within

    return condition


_of_closed, _recognised = FIGURES[BoardFigure.RECOGNISED]
BOARD_ACTIVITIES = replace(
    ACTIVITIES,
    view=BoardActivityView,
    computed={
        "held": was_held,
        "noted": and_(*FIGURES[BoardFigure.NOTED]),
        "recognised": and_(_of_closed, _recognised),
        "records": RECORDS,
        "checked": CHECKED,
    },
    filters={
        **{name: col(getattr(Activity, name)) for name in PLACE},
        "group_id": col(Activity.organiser_group_id),
        "since": _within(col(Activity.starts_on), first=True),
        "until": _within(col(Activity.starts_on), first=False),
        **{figure.value: _came_so_far(figure) for figure in BoardFigure},
    },
    sorts={"starts_on": (col(Activity.starts_on),)},
)
"""Activities through their own door, seen as a board sees them."""

BOARD_PLAN_ITEMS = replace(
    PLAN_ITEMS,
    audience=None,
    filters={
        **{name: col(getattr(Plan, name)) for name in PLACE},
        "group_id": col(Plan.group_id),
        "since": _within(col(PlanItem.starts_on), first=True),
        "until": _within(col(PlanItem.starts_on), first=False),
        "carried_out": lambda wanted: carried_out() == bindparam(wanted.key, type_=Boolean),
        "agreed": lambda wanted: (
            (is_among(col(Plan.state), AGREED) & col(Plan.teacher_id).is_(None))
            == bindparam(wanted.key, type_=Boolean)
        ),
    },
)
"""Plan items through their own door, those that a board counts."""


async def _where(
    db: Connection,
    actor: Actor,
    permission: Permission,
    unit_id: UUID | None,
    group_id: UUID | None,
) -> dict[str, Any]:
    """The filters of a unit with all below it, of a group, or of all that the actor sees."""
    found: dict[str, Any] = {}
    if unit_id is not None:
        unit = await UNITS.get(db, actor, unit_id, permission=permission)
        found[place_column(unit)] = unit_id
    if group_id is not None:
        await GROUPS.get(db, actor, group_id, permission=permission)
        found["group_id"] = group_id
    return found


async def list_board_activities(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    figure: BoardFigure | None = None,
    lacking: bool = False,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The activities behind a figure, by first day: those counted, or with `lacking` those that it lacks.

    Of a unit with all below it, of a group, or of all that the actor sees; `since` and `until` keep those
    that begin in that period, both included.
    """
    where = await _where(db, actor, Permission.ACTIVITY_READ, unit_id, group_id)
    of_figure = {} if figure is None else {figure.value: not lacking}
    filters = {**where, **of_figure, "since": since, "until": until}
    return await BOARD_ACTIVITIES.page(db, actor, page, filters=filters)


async def list_board_plan_items(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    unit_id: UUID | None = None,
    group_id: UUID | None = None,
    carried_out: bool | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page:
    """The items behind `planned`, by first day: all, those carried out, or those that were not."""
    where = await _where(db, actor, Permission.PLAN_READ, unit_id, group_id)
    filters = {**where, "agreed": True, "carried_out": carried_out, "since": since, "until": until}
    return await BOARD_PLAN_ITEMS.page(db, actor, page, filters=filters)
