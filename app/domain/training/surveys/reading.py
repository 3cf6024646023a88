"""The results of a survey as they are asked for: by its owner, from above, by a school, by everybody.

Every figure has its base, which is how many answered that question. Groups that are shown, and what they
leave of the whole, are never a few people (`cells`). Words that somebody wrote are the owner's alone, and
stand beside nothing that tells who wrote them.
"""

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.oneself import speaks_for
from app.domain.access.roles import Permission
from app.domain.errors import Conflict, NotAllowed
from app.domain.organisation.units import Unit
from app.domain.training.activities.joint import ACCEPTED
from app.domain.training.surveys.cells import FEWEST, is_shown
from app.domain.training.surveys.counting import (
    WHOLE,
    Tally,
    count_answers,
    count_both,
    find_homes,
    has_share,
)
from app.domain.training.surveys.questions import QuestionKind
from app.domain.training.surveys.results import OVERLAPPING, Breakup, result_of
from app.domain.training.surveys.survey import SURVEYS
from app.domain.training.surveys.vocabulary import Breakdown, SurveyState
from app.sql import Connection, Row, Statement


class ResultScope(StrEnum):
    """Whose answers are counted (范围)."""

    WHOLE = "whole"
    """全部答卷"""
    SHARE = "share"
    """本单位所属学校的答卷"""


class OptionResult(BaseModel):
    """How many chose an option, or a step of a scale; in a ranking, how many put it first."""

    value: str = Field(description="选项代码 / code of the option")
    text: str = Field(description="选项 / option")
    count: int = Field(description="人数（分子） / how many chose it")
    share: Decimal = Field(description="占比，四位小数 / share of those who answered the question")
    mean_place: Decimal | None = Field(description="平均名次：排序题 / mean place in the ranking")


class QuestionResult(BaseModel):
    """What was answered to one question."""

    code: str = Field(description="题目代码 / code of the question")
    kind: QuestionKind = Field(description="题型 / kind")
    text: str = Field(description="题目 / question")
    base: int | None = Field(description="作答人数（分母），隐藏时为空 / how many answered it")
    hidden: bool = Field(description="是否因人数过少等原因隐藏 / whether it is not shown")
    options: list[OptionResult] = Field(description="各选项 / options")
    mean: Decimal | None = Field(description="平均值：量表、数值题 / mean, of scales and numbers")
    texts: list[str] = Field(description="文字回答，仅所属者可见 / texts, for the owner alone")


class GroupResult(BaseModel):
    """What one group answered."""

    group: str = Field(description="组别：单位标识或代码 / key of the unit, or code of the group")
    name: str | None = Field(description="单位名称 / name, of a school or a county")
    responses: int = Field(description="答卷数 / how many answered")
    questions: list[QuestionResult] = Field(description="各题结果 / questions")


class BreakdownResult(BaseModel):
    """The answers told apart by one thing."""

    by: Breakdown = Field(description="分组口径 / by what")
    groups: list[GroupResult] = Field(description="各组 / groups that may be shown")
    hidden_groups: int = Field(description="因人数过少隐藏的组数 / how many groups are hidden")


class SurveyResults(BaseModel):
    """What a survey has shown, as far as the one who asks may see it."""

    survey_id: UUID = Field(description="问卷 / survey")
    scope: ResultScope = Field(description="范围 / whose answers are counted")
    responses: int | None = Field(description="答卷数，过少时为空 / how many answered")
    fewest: int = Field(description="最小展示人数 / the fewest people that a figure is shown of")
    questions: list[QuestionResult] = Field(description="各题结果 / questions")
    breakdowns: list[BreakdownResult] = Field(description="分组结果 / told apart")


class ComparedQuestion(BaseModel):
    """One question of two surveys."""

    code: str = Field(description="题目代码 / code of the question")
    before: QuestionResult = Field(description="上一期 / in the earlier survey")
    after: QuestionResult = Field(description="本期 / in this survey")


class SurveyComparison(BaseModel):
    """A survey beside the one that it repeats: the questions that both ask in the same way."""

    survey_id: UUID = Field(description="本期问卷 / survey")
    previous_id: UUID = Field(description="上一期问卷 / the earlier one")
    questions: list[ComparedQuestion] = Field(description="可比题目 / questions of both")


# What can be refused.


class SurveyStillOpen(Conflict):
    """Results are shown when no more answers are to come: before, each new one would stand out."""

    code = "survey_still_open"
    zh = "问卷尚未截止，截止后方可查看结果。"
    en = "The survey is not closed yet: its results are shown once it is."


class NoPreviousSurvey(Conflict):
    """There is nothing to compare a survey with that repeats none."""

    code = "survey_without_previous"
    zh = "该问卷没有上一期调查，无法比较。"
    en = "The survey repeats no earlier one: there is nothing to compare it with."


# What may be asked.

_UNITS = Statement(
    select(col(Unit.id), col(Unit.name)).where(
        col(Unit.id) == any_(bindparam("unit_ids", type_=ARRAY(Uuid)))
    )
)


def _check_over(survey: Row) -> None:
    if survey["state"] not in {SurveyState.CLOSED, SurveyState.PUBLISHED}:
        raise SurveyStillOpen


def _owns(actor: Actor, owned: Row) -> bool:
    """Whether the actor acts for whose the survey or the partnership is, not merely from above."""
    owners = [owned.get(name) for name in ("group_id", "network_id", "department_id")]
    owner = next((each for each in owners if each is not None), owned["unit_id"])
    owners_unit = {owner, owned["unit_id"]}
    permission = Permission.SURVEY_RESULT_READ
    holds = any(speaks_for(actor, each, permission) for each in owners_unit)
    return holds and actor.allows(permission)


async def get_survey_results(
    db: Connection, actor: Actor, *, survey_id: UUID, scope: ResultScope | None = None
) -> Row:
    """The results of a survey that is closed.

    Where the survey is placed in the actor's reach, or evaluates what the actor organises jointly, all of
    them. Else the share of the schools where the
    actor may see results; and, where that is asked for or the actor has no such school, the whole
    without its breakdowns once it is published.
    """
    survey = await SURVEYS.get(db, actor, survey_id)
    permission = Permission.SURVEY_RESULT_READ
    held = actor.scope(permission)
    _check_over(survey)
    if held.covers(survey):
        whose = [survey]
    elif survey["activity_id"] is not None:
        partners = await db.all(ACCEPTED, activity_id=survey["activity_id"])
        whose = [partner for partner in partners if held.covers(partner)]
    else:
        whose = []
    if whose:
        tally = await count_answers(db, actor, survey=survey)
        texts = any(_owns(actor, each) for each in whose)
        all_shown = texts and not survey["anonymous"]
        return await _results(db, actor, survey, tally, texts=texts, all_shown=all_shown)
    if scope is not ResultScope.WHOLE and has_share(held):
        return await _share(db, actor, survey)
    if survey["state"] != SurveyState.PUBLISHED:
        raise NotAllowed(permission.value)
    tally = await count_answers(db, actor, survey=survey)
    return _as_a_whole(survey, tally, texts=False, all_shown=False)


async def _share(db: Connection, actor: Actor, survey: Row) -> Row:
    """The answers of the schools where the actor may see results, if they are no few of all."""
    whole = await count_answers(db, actor, survey=survey)
    share = await count_answers(db, actor, survey=survey, within_reach=True)
    asked = ("", *(question["code"] for question in survey["questions"]))
    told = {
        code for code in asked
        if is_shown(share.base(WHOLE, "", code), whole.base(WHOLE, "", code))
    }  # fmt: skip
    share = share.only(told) if "" in told else share.only(())
    answer = await _results(db, actor, survey, share, within_reach=True)
    return {**answer, "scope": ResultScope.SHARE}


def _as_a_whole(survey: Row, tally: Tally, *, texts: bool, all_shown: bool) -> Row:
    """The answers of all who are counted, told apart by nothing."""
    responses = tally.base(WHOLE, "")
    few = responses < FEWEST and not all_shown
    questions = [
        result_of(
            question, tally, WHOLE, "", texts=texts,
            shown=all_shown or tally.base(WHOLE, "", question["code"]) >= FEWEST,
        )
        for question in survey["questions"]
    ]  # fmt: skip
    return {
        "survey_id": survey["id"],
        "scope": ResultScope.WHOLE,
        "responses": None if few else responses,
        "fewest": FEWEST,
        "questions": questions,
        "breakdowns": [],
    }


async def _results(
    db: Connection,
    actor: Actor,
    survey: Row,
    tally: Tally,
    *,
    texts: bool = False,
    all_shown: bool = False,
    within_reach: bool = False,
) -> Row:
    """The same, and told apart by what the survey keeps of those who answer."""
    found = [
        group for by in (Breakdown.SCHOOL, Breakdown.COUNTY)
        if by in survey["breakdowns"] for group in tally.groups(by)
    ]  # fmt: skip
    units = await db.all(_UNITS, unit_ids=[UUID(each) for each in found]) if found else []
    names = {str(unit["id"]): unit["name"] for unit in units}
    homes = await find_homes(
        db, actor, survey=survey, tally=tally, overlapping=OVERLAPPING, within_reach=within_reach
    )
    answer = _as_a_whole(survey, tally, texts=texts, all_shown=all_shown)
    return {**answer, "breakdowns": Breakup(survey, tally, homes).rows(names)}


async def get_survey_comparison(db: Connection, actor: Actor, *, survey_id: UUID) -> Row:
    """A survey beside the one that it repeats, for those who may see the whole of both."""
    permission = Permission.SURVEY_RESULT_READ
    survey = await SURVEYS.get(db, actor, survey_id, permission=permission)
    if survey["previous_id"] is None:
        raise NoPreviousSurvey
    previous = await SURVEYS.get(db, actor, survey["previous_id"], permission=permission)
    for each in (survey, previous):
        _check_over(each)
    after, before = await count_both(db, survey=survey, previous=previous)
    earlier = {question["code"]: question for question in previous["questions"]}
    results = {
        tally: {row["code"]: row for row in _as_a_whole(
            each, tally, texts=False, all_shown=False)["questions"]}
        for each, tally in ((survey, after), (previous, before))
    }  # fmt: skip
    questions = [
        {"code": code, "before": results[before][code], "after": results[after][code]}
        for question in survey["questions"]
        if _same(question, earlier.get(code := question["code"]))
    ]
    return {"survey_id": survey_id, "previous_id": previous["id"], "questions": questions}


def _same(question: Row, other: Row | None) -> bool:
    """Whether two surveys ask something in the same way, whatever the words."""
    names = ("kind", "minimum", "maximum")
    if other is None or any(question[name] != other[name] for name in names):
        return False
    options = ([option["code"] for option in each["options"]] for each in (question, other))
    first, second = options
    return first == second
