"""What a report counts of people: each once, of those on the register on the day of counting."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.base import holds_on
from app.domain.credits.assessments import Assessment
from app.domain.organisation.units import Level
from app.domain.people.facts.engagement import Establishment, TeacherEstablishment
from app.domain.people.facts.merits import Honour, HonourLevel, TeacherHonour
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import holds_any, is_among
from app.domain.people.trainees import Trainee
from app.domain.quality.measures.behind import rows_credited, rows_of_teachers
from app.domain.quality.measures.figure_row import row
from app.domain.quality.measures.happened import (
    AS_OF,
    CAME,
    HELD,
    IS_COUNTED,
    Key,
    in_period,
    in_units,
)
from app.domain.quality.measures.ranking import highest_of, level_of, rank_in
from app.domain.quality.reports.source import PERSONS, THINGS, FigureCode, Source
from app.domain.training.activities import Activity
from app.domain.training.activity_trainees.part import TraineeAttendance
from app.domain.training.attendance import WERE_THERE, Attendance, AttendanceRole
from app.domain.training.contest_results import Award, ContestResult


def _established(key: Key) -> Select[Any]:
    in_post = is_among(col(TeacherEstablishment.establishment), (Establishment.ESTABLISHED,))
    return rows_of_teachers(key, counts=holds_any(TeacherEstablishment, in_post, AS_OF))


def _took_part(key: Key, *more: Any) -> Any:
    """Who of the place came to anything that was held in the period, wherever it was organised."""
    return (
        select(col(Attendance.teacher_id).label("owner_id"))
        .join_from(Attendance, Activity, col(Activity.id) == col(Attendance.activity_id))
        .where(in_units(key(Attendance)), CAME, HELD, *more)
        .distinct()
        .subquery("took_part")
    )


def _demonstrated(key: Key) -> Select[Any]:
    shown = is_among(col(Attendance.role), (AttendanceRole.DEMONSTRATOR,))
    return rows_of_teachers(key, _took_part(key, shown))


def _winners(key: Key) -> Select[Any]:
    """Who won a prize in a contest held in the period; its level is that of who organised it."""
    won = (
        select(
            col(ContestResult.teacher_id).label("owner_id"),
            func.min(rank_in(col(Activity.level), Level)).label("highest"),
        )
        .join_from(ContestResult, Activity, col(Activity.id) == col(ContestResult.activity_id))
        .where(
            in_units(key(ContestResult)),
            col(ContestResult.superseded_at).is_(None),
            col(ContestResult.award) != Award.NONE,
            HELD,
        )
        .group_by(col(ContestResult.teacher_id))
        .subquery("won")
    )
    return rows_of_teachers(key, won, part=level_of(won.c.highest, Level))


def _titled(key: Key, *which: Any) -> Select[Any]:
    held = (
        highest_of(TeacherHonour, HonourLevel, TeacherHonour.teacher_id)
        .where(*which)
        .subquery("held")
    )
    return rows_of_teachers(key, held, part=level_of(held.c.highest, HonourLevel))


_conferred = (col(TeacherHonour.superseded_at).is_(None), in_period(col(TeacherHonour.valid_from)))
_expert = is_among(col(TeacherHonour.honour), (Honour.TEACHING_EXPERT,))


def _others(key: Key) -> Select[Any]:
    """Trainees who are no teachers here, each once, at what the place organised and held."""
    came = (
        select(col(TraineeAttendance.trainee_id).label("owner_id"))
        .join_from(
            TraineeAttendance, Activity, col(Activity.id) == col(TraineeAttendance.activity_id)
        )
        .where(
            in_units(key(Activity)),
            HELD,
            is_among(col(TraineeAttendance.status), WERE_THERE),
        )
        .distinct()
        .subquery("came")
    )
    found = row(
        col(Trainee.id), col(Trainee.name), col(Trainee.unit_id), part=cast(col(Trainee.category), Text)
    )  # fmt: skip
    return found.join_from(Trainee, came, came.c.owner_id == col(Trainee.id))


def _assessments(key: Key) -> Select[Any]:
    """Results of terms that end in the period: semesters beside years, told apart by their part."""
    found = row(
        col(Assessment.id), col(Teacher.name), col(Assessment.school_id), on=col(Assessment.ends_on),
        part=cast(col(Assessment.term), Text),
    )  # fmt: skip
    return found.join_from(
        Assessment, Teacher, col(Teacher.id) == col(Assessment.teacher_id)
    ).where(
        in_units(key(Assessment)),
        IS_COUNTED,
        col(Assessment.superseded_at).is_(None),
        in_period(col(Assessment.ends_on)),
    )


_NAMED = Permission.TEACHER_READ
"""The rows name people: whoever asks for them must be allowed to read them."""

OF_PEOPLE: dict[FigureCode, Source] = {
    FigureCode.TEACHERS: Source(
        PERSONS, False, "在册教师", "teachers on the register", "名", rows_of_teachers, permission=_NAMED
    ),
    FigureCode.ESTABLISHED_TEACHERS: Source(
        PERSONS, True, "在编教师", "of the teachers, those established", "人", _established, permission=_NAMED
    ),
    FigureCode.TRAINED_TEACHERS: Source(
        PERSONS, True, "参加培训、研修的教师", "of the teachers, those who came to anything; each once",
        "人", lambda key: rows_of_teachers(key, _took_part(key)), permission=_NAMED,
    ),
    FigureCode.TRAINED_OTHERS: Source(
        PERSONS, False, "参训的非教师学员", "trainees who are no teachers here; each once", "人",
        _others, permission=_NAMED,
    ),
    FigureCode.CREDITED_TEACHERS: Source(
        PERSONS, True, "取得学分的教师", "of the teachers, those with credit of the period", "人",
        rows_credited, permission=_NAMED,
    ),
    FigureCode.DEMONSTRATING_TEACHERS: Source(
        PERSONS, True, "承担公开课、示范课的教师", "of the teachers, those who demonstrated; each once",
        "人", _demonstrated, permission=_NAMED,
    ),
    FigureCode.CONTEST_WINNERS: Source(
        PERSONS, True, "教学竞赛获奖教师",
        "of the teachers, those who won a prize; each once, at the highest level", "人", _winners,
        permission=_NAMED,
    ),
    FigureCode.TITLE_HOLDERS: Source(
        PERSONS, True, "持有荣誉称号的教师",
        "of the teachers, those who hold a title; each once, at the highest level", "人",
        lambda key: _titled(key, holds_on(TeacherHonour, AS_OF)), permission=_NAMED,
    ),
    FigureCode.TITLES_CONFERRED: Source(
        PERSONS, True, "新获荣誉称号的教师",
        "of the teachers, those who were given a title in the period; each once, at the highest level",
        "人", lambda key: _titled(key, *_conferred), permission=_NAMED,
    ),
    FigureCode.TEACHING_EXPERTS: Source(
        PERSONS, True, "新获教学能手称号的教师",
        "of the teachers, those made 教学能手 in the period; each once, at the highest level", "人",
        lambda key: _titled(key, *_conferred, _expert), permission=_NAMED,
    ),
    FigureCode.ASSESSMENTS: Source(
        THINGS, False, "研修考核结果", "assessments of teachers, by term", "份", _assessments,
        permission=Permission.ASSESSMENT_READ,
    ),
}  # fmt: skip
