"""Drafting a survey: a new one, its changes, and a later one like it."""

from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.errors import Conflict
from app.domain.training.owning import place_of_owner
from app.domain.training.surveys.audience import write_audience
from app.domain.training.surveys.commands import (
    OWNERS,
    NewSurvey,
    SurveyChanges,
    SurveyRepetition,
)
from app.domain.training.surveys.survey import AUDIENCE, SURVEYS
from app.domain.training.surveys.table import Survey, SurveyFields
from app.domain.training.surveys.vocabulary import SurveyPurpose, SurveyState
from app.sql import Connection, Row, new_id

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


async def create_survey(db: Connection, actor: Actor, *, new: NewSurvey) -> Row:
    """Draft a survey of a unit, a group, a network or a department, or a template of one."""
    place = await place_of_owner(
        db,
        actor,
        permission=Permission.SURVEY_WRITE,
        unit_id=new.unit_id,
        group_id=new.group_id,
        network_id=new.network_id,
        department_id=new.department_id,
    )
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
    await db.change(Survey, survey_id, values)
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
    await AUDIENCE.add(db, thing_id=row["id"], targets=survey["audience"])
    return await SURVEYS.get(db, actor, row["id"])


def copied(survey: Row, actor: Actor) -> Row:
    """What a new survey has from another: what it asks and how, not whose it is nor when."""
    names = ("purpose", "introduction", "anonymous", "breakdowns", "questions", "strata")
    return {
        "id": new_id(),
        **{name: survey[name] for name in names},
        "purpose": SurveyPurpose(survey["purpose"]),
        "is_template": False,
        "created_by": actor.account_id,
    }
