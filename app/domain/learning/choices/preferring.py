"""Which preference a choice is to have: each of a teacher's in a round has another, up to the most."""

from sqlalchemy import Integer, Uuid, bindparam, exists, func, select, update
from sqlmodel import col

from app.domain.errors import Conflict
from app.domain.learning.choices.choice import STANDS
from app.domain.learning.choices.table import Choice
from app.domain.training.enrolments import Enrolment
from app.sql import Connection, Row, Statement

# What can be refused.


class ChosenAlready(Conflict):
    """One activity is chosen once."""

    code = "choice_made_already"
    zh = "已选报该活动。"
    en = "You have chosen this activity already."


class ChoicesExhausted(Conflict):
    """The teacher has chosen as many as one may."""

    code = "choices_exhausted"
    zh = "已选报 {most} 项，达到本轮上限。"
    en = "You have made all {most} choices of this round."


class PreferenceTaken(Conflict):
    """Another choice of the teacher has this preference."""

    code = "choice_preference_taken"
    zh = "第 {preference} 志愿已有其他选报。"
    en = "Another choice of yours has preference {preference}."


# What may be asked.

_round, _teacher = bindparam("round_id", type_=Uuid), bindparam("teacher_id", type_=Uuid)
_activity = bindparam("activity_id", type_=Uuid)
_LET_GO = Statement(
    update(Choice)
    .where(
        col(Choice.round_id) == _round,
        col(Choice.teacher_id) == _teacher,
        STANDS,
        col(Enrolment.activity_id) == col(Choice.activity_id),
        col(Enrolment.teacher_id) == col(Choice.teacher_id),
        col(Choice.accepted_at).is_not(None),
        col(Enrolment.withdrawn_at).is_not(None),
    )
    .values(withdrawn_at=col(Enrolment.withdrawn_at))
)
"""Whoever gave a place back outside the round may use that preference again."""
_preferences = (
    select(func.generate_series(1, bindparam("most", type_=Integer)).label("preference"))
).subquery("preferences")
OF_TEACHER = (
    col(Choice.round_id) == _round, col(Choice.teacher_id) == _teacher, STANDS
)  # fmt: skip
_next_preference = (
    select(func.min(_preferences.c.preference))
    .where(
        ~exists(
            select(col(Choice.id)).where(
                *OF_TEACHER, col(Choice.preference) == _preferences.c.preference
            )
        )
    )
    .scalar_subquery()
)
_NEXT = Statement(
    select(
        _next_preference.label("next"),
        exists(
            select(col(Choice.id)).where(*OF_TEACHER, col(Choice.activity_id) == _activity)
        ).label("chosen"),
        exists(
            select(col(Choice.id)).where(
                *OF_TEACHER, col(Choice.preference) == bindparam("wanted", type_=Integer)
            )
        ).label("taken"),
    )
)


async def choose_preference(db: Connection, *, round_: Row, asked: Row, wanted: int | None) -> int:
    """The preference that the choice is to have, or why there is none."""
    most = round_["most_choices"]
    await db.run(_LET_GO, round_id=asked["round_id"], teacher_id=asked["teacher_id"])
    known = await db.one(_NEXT, **asked, most=most, wanted=wanted) or {}
    if known["chosen"]:
        raise ChosenAlready
    preference: int | None = known["next"] if wanted is None else wanted
    if preference is None or preference > most or known["next"] is None:
        raise ChoicesExhausted(most=most)
    if known["taken"]:
        raise PreferenceTaken(preference=preference)
    return preference
