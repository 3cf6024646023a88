"""Drafting a survey: a new one, its changes, and a later one like it."""

from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.organisation.departments import open_department
from app.domain.organisation.networks import open_network
from app.domain.organisation.units import Level, hold_unit
from app.domain.training.groups import GROUPS
from app.domain.training.surveys.audience import write_audience
from app.domain.training.surveys.commands import (
    OWNERS,
    NewSurvey,
    SurveyChanges,
    SurveyRepetition,
)
from app.domain.training.surveys.survey import (
    SURVEYS,
    Survey,
    SurveyAudience,
    SurveyFields,
)
from app.domain.training.surveys.vocabulary import SurveyPurpose, SurveyState
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class SurveyWrongState(Conflict):
    """This is done in another state of a survey."""

    code = "survey_wrong_state"
    zh = "问卷当前状态为“{state}”，此操作只能在以下状态进行：{allowed}。"
    en = "The survey is '{state}'; this can be done only while it is: {allowed}."


class SurveyWindowWrong(Conflict):
    """With this change the survey would close before it opens, or a template would open."""

    code = "survey_window_wrong"
    zh = "截止时间须晚于开始时间；模板没有开放时间。"
    en = "A survey closes after it opens, and a template does neither."


def check_survey_state(survey: Row, *allowed: SurveyState) -> None:
    """Refuse what is not done in the survey's state."""
    if survey["state"] not in allowed:
        raise SurveyWrongState(state=survey["state"], allowed=", ".join(allowed))


# What may be done.


async def _place_of_owner(db: Connection, actor: Actor, new: NewSurvey) -> Row:
    """The place of whose it is to be, where the actor may hold surveys."""
    wanted = Permission.SURVEY_WRITE
    if new.unit_id is not None:
        unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=wanted)
        school_id = unit["id"] if unit["level"] == Level.SCHOOL else None
        return {"city_id": unit["city_id"], "county_id": unit["county_id"], "school_id": school_id}
    if new.group_id is not None:
        owner = await GROUPS.get(db, actor, new.group_id, permission=wanted)
    elif new.network_id is not None:
        owner = await open_network(db, actor, network_id=new.network_id, permission=wanted)
    else:
        department_id = cast("UUID", new.department_id)
        owner = await open_department(db, actor, department_id=department_id, permission=wanted)
    return {column: owner[column] for column in PLACE}


async def create_survey(db: Connection, actor: Actor, *, new: NewSurvey) -> Row:
    """Draft a survey of a unit, a group, a network or a department, or a template of one."""
    place = await _place_of_owner(db, actor, new)
    survey_id = new_id()
    row = {
        "id": survey_id,
        **new.model_dump(include=set(SurveyFields.model_fields)),
        **place,
        **{name: getattr(new, name) for name in OWNERS if name != "unit_id"},
        "questions": [question.model_dump(mode="json") for question in new.questions],
        "state": SurveyState.DRAFT,
        "created_by": actor.account_id,
    }
    await db.insert(Survey, row)
    owner = next(getattr(new, name) for name in OWNERS if getattr(new, name) is not None)
    if new.department_id is not None:
        # A department has no members of its own: what it asks is for its unit.
        owner = place["school_id"] or place["county_id"]
    unit_id = place["school_id"] or place["county_id"]
    await write_audience(db, survey=row | {"unit_id": unit_id}, targets=new.audience or [owner])
    return await SURVEYS.get(db, actor, survey_id)


@lru_cache(maxsize=256)
def _change(names: tuple[str, ...]) -> Statement:
    columns = Survey.__table__.c  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=columns[name].type) for name in names
    }
    chosen = update(Survey).where(col(Survey.id) == bindparam("survey_id", type_=Uuid))
    return Statement(chosen.values(values))


async def update_survey(
    db: Connection, actor: Actor, *, survey_id: UUID, changes: SurveyChanges
) -> Row:
    """Change a draft; what has opened stands, for people have answered it."""
    permission = Permission.SURVEY_WRITE
    survey = await SURVEYS.get(db, actor, survey_id, permission=permission, lock=True)
    check_survey_state(survey, SurveyState.DRAFT)
    values: dict[str, Any] = changes.model_dump(exclude_unset=True, mode="python")
    targets = values.pop("audience", None)
    if changes.questions is not None:
        values["questions"] = [each.model_dump(mode="json") for each in changes.questions]
    opens_at, closes_at = ((survey | values)[name] for name in ("opens_at", "closes_at"))
    given = {"opens_at", "closes_at"} & values.keys()
    if given and (survey["is_template"] or closes_at <= opens_at):
        raise SurveyWindowWrong
    if values:
        new = {f"new_{name}": value for name, value in values.items()}
        await db.run(_change(tuple(sorted(values))), survey_id=survey_id, **new)
    if targets is not None:
        await write_audience(db, survey=survey, targets=targets)
    return await SURVEYS.get(db, actor, survey_id)


async def copy_survey(
    db: Connection, actor: Actor, *, survey_id: UUID, new: SurveyRepetition
) -> Row:
    """Hold a survey again: the same questions with the same codes for the same people, as a draft.

    Of a template it is the first; of a survey it is the next, and compares with it.
    """
    survey = await SURVEYS.get(db, actor, survey_id, permission=Permission.SURVEY_WRITE)
    row = copied(survey, actor) | {
        "title": new.title,
        "opens_at": new.opens_at,
        "closes_at": new.closes_at,
        "previous_id": None if survey["is_template"] else survey_id,
        "state": SurveyState.DRAFT,
    }
    await db.insert(Survey, row | {name: survey[name] for name in (*PLACE, *OWNERS[1:])})
    rows = [{"survey_id": row["id"], "target_id": target} for target in survey["audience"]]
    await db.insert_all(SurveyAudience, rows)
    return await SURVEYS.get(db, actor, row["id"])


def copied(survey: Row, actor: Actor) -> Row:
    """What a new survey has from another: what it asks and how, not whose it is nor when."""
    names = ("purpose", "introduction", "anonymous", "breakdowns", "questions")
    return {
        "id": new_id(),
        **{name: survey[name] for name in names},
        "purpose": SurveyPurpose(survey["purpose"]),
        "is_template": False,
        "created_by": actor.account_id,
    }
