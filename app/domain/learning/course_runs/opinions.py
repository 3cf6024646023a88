"""What those who took a course thought of it, of no few: the answers to scale questions, class by class.

A cell is a scale question of the evaluation of one class. One that fewer than `FEWEST` answered is left out of
every sum, for what two sums differ by is then always a whole cell, which the survey itself shows.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Numeric,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.domain.training.surveys import Survey, SurveyPurpose, SurveyResponse, SurveyState
from app.domain.training.surveys.cells import FEWEST


def _text(value: Any, name: str) -> ColumnElement[str]:
    return func.jsonb_extract_path_text(value, literal(name, Text))


def evaluated(given: CTE) -> CTE:
    """Of these activities (`id`) the evaluations that are closed and that enough have answered.

    A row is `activity_id`, `survey_id`, its `questions` and how many `answers` there are.
    """
    return (
        select(
            col(Survey.activity_id),
            col(Survey.id).label("survey_id"),
            col(Survey.questions),
            func.count().label("answers"),
        )
        .join_from(Survey, given, col(Survey.activity_id) == given.c.id)
        .join(SurveyResponse, col(SurveyResponse.survey_id) == col(Survey.id))
        .where(
            col(Survey.purpose) == SurveyPurpose.ACTIVITY_EVALUATION,
            or_(
                col(Survey.state) == SurveyState.CLOSED, col(Survey.state) == SurveyState.PUBLISHED
            ),
        )
        .group_by(col(Survey.id))
        .having(func.count() >= FEWEST)
        .cte("enough")
    )


def cells_of(enough: CTE) -> CTE:
    """Each cell of these evaluations: its question, its number of `answers`, and the `shares` of them.

    The share of an answer is its place in the scale, from 0 to 1; `shares` is the sum.
    """
    asked = (
        func.jsonb_array_elements(enough.c.questions)
        .table_valued(column("question", JSONB), name="asked")
        .render_derived()
    )
    question = asked.c.question
    code = _text(question, "code")
    answer = func.jsonb_extract_path_text(col(SurveyResponse.answers), code, literal("0", Text))
    low, high = (cast(_text(question, each), Numeric) for each in ("minimum", "maximum"))
    share = (cast(answer, Numeric) - low) / func.nullif(high - low, 0)
    return (
        select(
            enough.c.activity_id,
            code.label("code"),
            func.min(_text(question, "text")).label("text"),
            func.count(share).label("answers"),
            func.sum(share).label("shares"),
        )
        .select_from(enough)
        .join(asked, _text(question, "kind") == "scale")
        .join(SurveyResponse, col(SurveyResponse.survey_id) == enough.c.survey_id)
        .group_by(enough.c.activity_id, code)
        .having(func.count(share) >= FEWEST)
        .cte("cells")
    )


def satisfaction(cells: Any) -> ColumnElement[Any]:
    """The mean of all answers in these cells as a share of their scales, in per cent; null without one."""
    return func.round(
        100 * func.sum(cells.c.shares) / func.nullif(func.sum(cells.c.answers), 0),
        literal_column("2"),
    )
