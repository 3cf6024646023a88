"""Entering what a document states; it is checked at once."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command, civil_date
from app.domain.errors import Invalid, Unfit
from app.domain.organisation.units import hold_unit, place_of
from app.domain.quality.measures.periods import is_countable
from app.domain.quality.stated_figures.checking import answer_figure
from app.domain.quality.stated_figures.comparing import MOST, check_values
from app.domain.quality.stated_figures.table import (
    FigureState,
    StatedFigure,
    StatedFigureFields,
)
from app.domain.quality.stated_figures.vocabulary import (
    FigureComparison,
    FigureCount,
    FigureVerdict,
    NewStatedValue,
)
from app.domain.quality.stated_figures.wording import clean_text
from app.sql import Connection, Row, new_id

Quote = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=False)]
_OF_A_PERIOD = {
    FigureCount.TRAINED_PERSONS, FigureCount.TRAINED_PERSON_TIMES, FigureCount.TRAINING_SESSIONS,
    FigureCount.DEMONSTRATORS,
}  # fmt: skip
_OF_LEVELS = {FigureCount.TITLE_HOLDERS, FigureCount.DESIGNATED_SCHOOLS}
_REGISTERED = {
    FigureComparison.COUNT, FigureComparison.PARTS, FigureComparison.SHARE,
    FigureComparison.JOINT_SHARES, FigureComparison.WITHIN,
}  # fmt: skip
"""The comparisons that may ask the register."""


class NewStatedFigure(StatedFigureFields, Command):
    """What a unit's document states: the words, and the numbers, dates and names in them."""

    quote: Quote = Field(description="原文，一字不改 / the words as they stand there, unchanged")
    stated: list[NewStatedValue] = Field(
        default_factory=list, max_length=MOST,
        description="文中数据项 / numbers, dates and names in it",
    )  # fmt: skip

    @model_validator(mode="after")
    def _can_be_compared(self) -> Self:
        check_values(self.comparison, self.stated)
        asks = self.counts is not None or self.measure is not None
        if self.counts is not None and self.measure is not None:
            raise Unfit("登记数与计量项只能选一。", "Either a number of the register or a measure.")
        if asks and self.comparison not in _REGISTERED:
            raise Unfit("该核对方式不涉及登记数。", "This comparison asks nothing of the register.")
        if self.comparison is FigureComparison.COUNT and not asks:
            raise Unfit("须说明与何登记数核对。", "It is said against what it is checked.")
        if self.level is not None and self.counts not in _OF_LEVELS:
            raise Unfit("只有称号和挂牌分级别。", "Only titles and designations have levels.")
        return self


# What can be refused.


class FigurePeriodUnfit(Invalid):
    """What is counted of a period has a first and a last day, and is over."""

    code = "figure_period_unfit"
    zh = "须同时填写统计期起止日，先起后止，不超过五年，且不晚于今天。"
    en = "A period has both its days, the first before the last, lasts five years at most and is over."


class FigureDuePast(Invalid):
    """Whoever is asked has time to answer."""

    code = "figure_due_past"
    zh = "说明期限不能早于今天。"
    en = "The last day for an explanation has passed already."


def _check_days(new: NewStatedFigure, today: date) -> None:
    needed = new.measure is not None or new.counts in _OF_A_PERIOD
    since, until = new.since, new.until
    if since is None or until is None:
        if needed or since != until:
            raise FigurePeriodUnfit
    elif not is_countable(since, until, today):
        raise FigurePeriodUnfit
    if new.due_on is not None and new.due_on < today:
        raise FigureDuePast


# What may be done.


async def state_figure(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewStatedFigure, now: datetime
) -> Row:
    """Enter what a document of a unit states, and answer it from the register as of today.

    The words are kept as they came, with a cleaned copy beside them; neither is ever changed.
    """
    right = Permission.STATISTIC_WRITE
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=right)
    _check_days(new, civil_date(now))
    figure = {
        "id": new_id(),
        **new.model_dump(exclude={"stated"}),
        **place_of(unit),
        "cleaned": clean_text(new.quote),
        "stated": [each.model_dump(mode="json") for each in new.stated],
        "state": FigureState.OPEN,
        "verdict": FigureVerdict.FOR_PEOPLE,
        "stated_at": now,
        "stated_by": actor.account_id,
    }
    await db.insert(StatedFigure, figure)
    return await answer_figure(db, actor, figure=figure, unit=unit, now=now)
