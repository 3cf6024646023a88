"""Recording a diagnosis, and answering it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, civil_date
from app.domain.errors import Conflict, Invalid
from app.domain.organisation.facts import check_day
from app.domain.organisation.guidance_visits import GUIDANCE_VISITS, GuidanceVisitNotFound
from app.domain.organisation.units import hold_unit, place_of
from app.domain.training.activities import ACTIVITIES, ActivityNotFound
from app.domain.training.diagnoses.diagnosis import (
    BASES,
    DIAGNOSES,
    Diagnosis,
    DiagnosisAnswer,
    DiagnosisBasis,
    DiagnosisFields,
    NewDiagnosis,
)
from app.domain.training.surveys import SURVEYS, SurveyNotFound
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class DiagnosisAnswered(Conflict):
    """The diagnosis was answered: what was promised stands."""

    code = "diagnosis_answered"
    zh = "该诊断已答复。"
    en = "The diagnosis was answered already."


class DiagnosisAnsweredElsewhere(Invalid):
    """The unit that was diagnosed answers for itself."""

    code = "diagnosis_answered_elsewhere"
    zh = "答复只能由被诊断单位作出。"
    en = "Only the unit that was diagnosed answers."


class MeasureInPast(Invalid):
    """What is promised is done later."""

    code = "diagnosis_measure_in_past"
    zh = "整改期限不能早于今天。"
    en = "A measure is promised for a day to come."


# What may be done.

_VISITS = (GUIDANCE_VISITS, GuidanceVisitNotFound)
_DOORS: dict[str, tuple[Any, Any]] = {
    "survey_id": (SURVEYS, SurveyNotFound),
    "visit_id": _VISITS,
    "activity_id": (ACTIVITIES, ActivityNotFound),
}


async def _rows_of_bases(
    db: Connection, actor: Actor, diagnosis_id: UUID, new: NewDiagnosis
) -> list[Row]:
    """What the diagnosis rests on; whoever cites something may see it."""
    rows = []
    for name in BASES:
        ids = getattr(new, f"{name}s")
        door, missing = _DOORS[name]
        if ids and None in (await door.by_id(db, actor, ids)).values():
            raise missing
        nothing = dict.fromkeys(BASES)
        rows += [
            {"id": new_id(), "diagnosis_id": diagnosis_id, **nothing, name: each} for each in ids
        ]
    return rows


async def record_diagnosis(
    db: Connection, actor: Actor, *, unit_id: UUID, new: NewDiagnosis, now: datetime
) -> Row:
    """Record the diagnosis of a school, or of the training of a whole county or city."""
    unit = await hold_unit(db, actor, unit_id=unit_id, permission=Permission.GUIDANCE_EVALUATE)
    check_day(new.diagnosed_on, today=civil_date(now))
    diagnosis_id = new_id()
    row = {
        "id": diagnosis_id,
        **new.model_dump(include=set(DiagnosisFields.model_fields)),
        **place_of(unit),
        "by_unit_id": unit["county_id"],
        "findings": [finding.model_dump(mode="json") for finding in new.findings],
        "measures": [],
        "recorded_by": actor.account_id,
        "recorded_at": now,
    }
    bases = await _rows_of_bases(db, actor, diagnosis_id, new)
    await db.insert(Diagnosis, row)
    await db.insert_all(DiagnosisBasis, bases)
    return await DIAGNOSES.get(db, actor, diagnosis_id)


_ANSWER = Statement(
    update(Diagnosis)
    .where(col(Diagnosis.id) == bindparam("diagnosis_id", type_=Uuid))
    .values(
        answer=bindparam("new_answer", type_=Text),
        measures=bindparam("new_measures", type_=JSONB),
        answered_at=bindparam("now", type_=MOMENT),
        answered_by=bindparam("account_id", type_=Uuid),
    )
)


async def answer_diagnosis(
    db: Connection, actor: Actor, *, diagnosis_id: UUID, reply: DiagnosisAnswer, now: datetime
) -> Row:
    """Answer for the diagnosed unit, once, with what it will do and by when."""
    right = Permission.GUIDANCE_ANSWER
    row = await DIAGNOSES.get(db, actor, diagnosis_id, permission=right, lock=True)
    if not speaks_for(actor, row["unit_id"], right):
        raise DiagnosisAnsweredElsewhere
    if row["answered_at"] is not None:
        raise DiagnosisAnswered
    today = civil_date(now)
    if any(measure.due_on < today for measure in reply.measures):
        raise MeasureInPast
    await db.run(
        _ANSWER,
        diagnosis_id=diagnosis_id,
        new_answer=reply.answer,
        new_measures=[measure.model_dump(mode="json") for measure in reply.measures],
        now=now,
        account_id=actor.account_id,
    )
    return await DIAGNOSES.get(db, actor, diagnosis_id)
