from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.statistics import Measure
from app.domain.organisation.units import Level, Stage, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.facts.merits import HONOUR, Honour, HonourLevel
from app.domain.quality.stated_figures import (
    FigureBound,
    FigureConcludedByAuthor,
    FigureConclusion,
    FigureDuePast,
    FigureExplainedElsewhere,
    FigureExplanation,
    FigureOutcome,
    FigurePeriodUnfit,
    FigureReason,
    FigureState,
    FigureUnit,
    FigureVerdict,
    FigureWithoutStanding,
    NewStatedFigure,
    StatedFigureClosed,
    StatedFigureNotFound,
    StatedFigureWrongState,
    check_stated_figure,
    conclude_stated_figure,
    explain_stated_figure,
    get_stated_figure,
    list_figure_check_rows,
    list_figure_checks,
    list_figure_examples,
    list_stated_figures,
    state_figure,
)
from app.domain.quality.stated_figures.numbers import limits
from app.domain.quality.stated_figures.shipped import figure_examples
from app.domain.quality.stated_figures.vocabulary import StatedValue, ValueRole
from app.domain.quality.stated_figures.wording import clean_text
from app.domain.training.activities import ActivityState
from app.domain.training.attendance import AttendanceRole
from app.request import Resources
from app.sql import Connection, Row
from tests.make import (
    NOW,
    TODAY,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_fact,
    make_teacher,
    make_unit,
)
from tests.make_organisation import make_statistic
from tests.make_stated_figures import STATED, counting, make_explained, make_stated_figure

PAGE = PageRequest(limit=50)
YEAR = {"since": "2026-09-01", "until": str(TODAY)}
V, R = FigureVerdict, FigureReason

ANSWERS: dict[str, list[tuple[FigureVerdict, set[FigureReason]]]] = {
    "D1": [(V.DIFFERS, {R.PARTS_DIFFER})],
    "D2": [(V.CANNOT_BOTH_HOLD, {R.EXCEEDS_WHOLE})],
    "D3": [(V.CANNOT_BOTH_HOLD, {R.VALUES_DIFFER})],
    "D4": [(V.CANNOT_BOTH_HOLD, {R.DATES_CONTRADICT})],
    "D5": [(V.CANNOT_BOTH_HOLD, {R.DATES_CONTRADICT})],
    "D6": [(V.CANNOT_BE_DECIDED, {R.NAME_MASKED})],
    "D7": [
        (V.CANNOT_BE_DECIDED, {R.OTHER_UNIT_OF_COUNTING}),
        (V.CANNOT_BOTH_HOLD, {R.EXCEEDS_WHOLE}),
    ],
    "D8": [(V.CANNOT_BE_DECIDED, {R.NAME_MASKED, R.NOT_ALL_NAMED})],
    "D9": [
        (V.DIFFERS, {R.NUMBER_REPEATED}),
        (V.TEXT_DAMAGED, {R.PAGE_FURNITURE, R.MIXED_SCRIPTS}),
    ],
    "D10": [(V.TEXT_DAMAGED, {R.INSERTED_PINYIN, R.BROKEN_CHARACTERS})],
    "D11": [(V.CANNOT_BE_DECIDED, {R.NOT_ALL_NAMED})],
    "D12": [
        (V.CANNOT_BOTH_HOLD, {R.NO_COMMON_BASE, R.STATED_BASE_UNFIT, R.PERSON_TIMES_AS_PERSONS})
    ],
    "D13": [(V.CANNOT_BE_DECIDED, {R.BASE_MISSING, R.PERSON_TIMES_AS_PERSONS})],
    "D14": [(V.CANNOT_BOTH_HOLD, {R.STATED_BASE_UNFIT, R.BASES_DIFFER, R.PERSON_TIMES_AS_PERSONS})],
    "D15": [(V.CANNOT_BOTH_HOLD, {R.RULES_CONFLICT})],
    "D16": [(V.FOR_PEOPLE, {R.HUMAN_JUDGEMENT})],
    "D17": [(V.FOR_PEOPLE, {R.HUMAN_JUDGEMENT})],
    "D18": [(V.DIFFERS, {R.NUMBER_MISSING, R.NUMBER_REPEATED})],
    "D19": [(V.TEXT_DAMAGED, {R.PLACEHOLDER, R.PAGE_FURNITURE, R.FOREIGN_TOKEN})],
    "D20": [(V.UNDEFINED_TERM, {R.NOT_DEFINED})],
    "D21": [(V.UNDEFINED_TERM, {R.NOT_DEFINED})],
    "D22": [(V.CANNOT_BOTH_HOLD, {R.VALUES_DIFFER})],
    "D23": [(V.CANNOT_BE_DECIDED, {R.NAME_INCOMPLETE, R.NAME_SHARED})],
    "D24": [(V.TEXT_DAMAGED, {R.PLACEHOLDER})],
    "D25": [(V.TEXT_DAMAGED, {R.MACHINE_TRANSLATED})],
    "D26": [(V.DIFFERS, {R.NUMBER_MISSING})],
    "D27": [(V.TEXT_DAMAGED, {R.PUNCTUATION_LOST}), (V.AGREES, {R.FITS})],
    "D28": [(V.TEXT_DAMAGED, {R.PUNCTUATION_LOST})],
    "D29": [(V.CANNOT_BOTH_HOLD, {R.VALUES_DIFFER})],
    "D30": [(V.UNDEFINED_TERM, {R.NOT_DEFINED})],
    "D31": [(V.CANNOT_BOTH_HOLD, {R.VALUES_DIFFER})],
    "D32": [(V.CANNOT_BE_DECIDED, {R.JURISDICTIONS_DIFFER})],
}
"""What is answered to each defect of the source documents, written down by hand."""


@pytest.mark.parametrize("defect", [f"D{n}" for n in range(1, 33)])
def test_every_defect_of_the_sources_has_its_answer(defect: str) -> None:
    passages = [each for each in figure_examples() if each.defect == defect]
    answers = [each.answered() for each in passages]
    assert [(a.verdict, set(a.reasons)) for a in answers] == ANSWERS[defect]


def _found(defect: str, at: int = 0) -> dict[str, tuple[str | None, str | None]]:
    answer = [each for each in figure_examples() if each.defect == defect][at].answered()
    return {line["label"]: (line["found"], line["difference"]) for line in answer.lines}


def test_the_answers_show_what_was_computed() -> None:
    assert _found("D1")["中小学校"] == ("20", "1")
    assert _found("D2")["培训中小学教师"] == ("107.09%", "73")
    assert _found("D12") == {
        "骨干教师：占在岗教师": ("109–112", None), "获奖教师：占比": ("126–131", None),
        "成熟教师：占比": ("112", None), "在编教师": ("均不成立", None),
    }  # fmt: skip
    assert _found("D7")["培训教师人次"] == ("平均 1.94", None)
    assert _found("D26")["Eight"] == ("缺 5、6、7", None)
    assert _found("D27")["201357"] == ("2013-05-07 / 〔2013〕57号", None)
    assert _found("D28")["20102020"] == ("2010—2020", None)
    assert _found("D15")["初级和中级职务教师／中高职务教师"] == ("中级", None)


def test_a_sound_text_has_no_damage_and_a_damaged_one_keeps_its_words() -> None:
    raw = "我縣現(xiàn)有中小學校21所,電教中心主任、 1\n市級示范基地校校長"
    assert clean_text(raw) == "我縣現有中小學校21所,電教中心主任、市級示范基地校校長"
    sound = "全县现有中小学校21所，在编教师1030人（2016年9月1日）。"
    assert clean_text(sound) == sound


@pytest.mark.parametrize(
    ("bound", "number", "low", "high"),
    [("exact", "34", 34, 34), ("at_least", "2000", 2000, None), ("at_most", "400", 0, 400),
     ("about", "2000", 1500, 2500), ("about", "1030", 1025, 1035)],
)  # fmt: skip
def test_a_number_means_what_it_is_stated_to_mean(
    bound: str, number: str, low: int, high: int | None
) -> None:
    value = StatedValue(
        role=ValueRole.VALUE, label="填报数", number=Decimal(number),
        counted_in=FigureUnit.PERSON, bound=FigureBound(bound), says=None, scope=None, stage=None,
    )  # fmt: skip
    least, most = limits(value)
    assert (least, most) == (low, float("inf") if high is None else high)


async def _county_of_the_report(db: Connection, city: City) -> tuple[Row, Person]:
    """A county with 21 schools: of these one is a nine-year school, which the report counts nowhere."""
    county = await make_unit(db, "汇报县", Level.COUNTY, city.city)
    kinds = [[Stage.SENIOR_SECONDARY]] + 3 * [[Stage.JUNIOR_SECONDARY]] + 16 * [[Stage.PRIMARY]]
    kinds.append([Stage.PRIMARY, Stage.JUNIOR_SECONDARY])
    for number, stages in enumerate(kinds, 1):
        await make_unit(db, f"第{number}学校", Level.SCHOOL, county, stages=stages)
    return county, await make_account(db, "county.of.report", Role.COUNTY_ADMIN, county)


async def _answer(db: Connection, by: Person, figure: Row) -> Row:
    page = await list_figure_checks(db, by.actor, page=PAGE, figure_id=figure["id"])
    return page.items[-1]


async def test_the_gap_between_21_schools_and_their_parts_is_shown_with_the_schools(
    db: Connection, city: City
) -> None:
    county, by = await _county_of_the_report(db, city)
    figure = await make_stated_figure(db, by, county)
    assert (figure["state"], figure["verdict"]) == (FigureState.OPEN, V.DIFFERS)
    assert figure["quote"].startswith("我縣現(xiàn)有")
    assert figure["cleaned"].startswith("我縣現有")
    answer = await _answer(db, by, figure)
    assert [each["code"] for each in answer["reasons"]] == [
        R.PARTS_DIFFER, R.COUNTED_IN_SEVERAL_PARTS,
    ]  # fmt: skip
    assert (answer["difference"], answer["numerator"], answer["as_of"]) == (1, 21, TODAY)
    shown = [(each["label"], each["found"], each["difference"]) for each in answer["lines"]]
    assert shown == [
        ("中小学校", "20", "1"), ("中小学校", "21", "0"), ("高中", "1", "0"), ("初中", "4", "-1"),
        ("小学", "17", "-1"),
    ]  # fmt: skip
    rows = await list_figure_check_rows(db, by.actor, check_id=answer["id"])
    assert len(rows) == 21
    assert {row["numerator"] for row in rows} == {1}


async def test_trained_persons_are_counted_once_and_differing_schools_are_told(
    db: Connection, city: City
) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD, sessions=2
    )
    for session in activity["sessions"]:
        await make_attendance(db, session, city.school_admin, city.teacher, city.colleague)
    by, this = city.county_admin, {"school_year": 2026}
    await make_statistic(db, city.school, by, Measure.TRAINED_PERSONS, 4, **this)
    await make_statistic(db, city.sibling, by, Measure.TRAINED_PERSONS, 0, **this)
    persons = counting("trained_persons", "2", "person", **YEAR)
    agreed = await make_stated_figure(db, by, city.county, **persons)
    assert (agreed["state"], agreed["verdict"]) == (FigureState.AGREED, V.AGREES)
    answer = await _answer(db, by, agreed)
    rows = await list_figure_check_rows(db, by.actor, check_id=answer["id"], differing=True)
    assert [(row["unit_id"], row["numerator"], row["own"]) for row in rows] == [
        (city.school["id"], 2, 4)
    ]
    times = counting("trained_person_times", "4", "person", **YEAR)
    mixed = await make_stated_figure(db, by, city.county, **times)
    answer = await _answer(db, by, mixed)
    assert mixed["verdict"] == V.CANNOT_BE_DECIDED
    assert answer["reasons"][0]["code"] == R.PERSON_TIMES_AS_PERSONS
    assert (answer["lines"][0]["stated"], answer["numerator"]) == ("4人", 4)
    sessions = counting("training_sessions", "3", "session", **YEAR)
    figure = await make_stated_figure(db, by, city.county, **sessions)
    assert (await _answer(db, by, figure))["difference"] == 1


async def test_of_a_period_without_data_nothing_is_said(db: Connection, city: City) -> None:
    old = counting("training_sessions", "34", "session", since="2016-01-01", until="2016-12-31")
    figure = await make_stated_figure(db, city.county_admin, city.county, **old)
    answer = await _answer(db, city.county_admin, figure)
    assert figure["verdict"] == V.CANNOT_BE_DECIDED
    assert [each["code"] for each in answer["reasons"]] == [R.NOTHING_REGISTERED]
    assert answer["as_of"] == date(2016, 12, 31)


async def test_title_holders_are_counted_once_at_their_highest_level(
    db: Connection, city: City
) -> None:
    kind = HONOUR
    expert = {"honour": Honour.TEACHING_EXPERT, "issuer": "教育厅", "title": ""}
    day = date(2016, 9, 10)
    await make_fact(db, city.teacher, kind, day, level=HonourLevel.PROVINCIAL, **expert)
    await make_fact(db, city.teacher, kind, day, level=HonourLevel.COUNTY, **expert)
    await make_fact(db, city.colleague, kind, day, level=HonourLevel.COUNTY, **expert)
    year = {"since": "2016-01-01", "until": "2016-12-31"}
    for level, number in ((None, "2"), ("provincial", "1"), ("county", "1")):
        of_level = counting("title_holders", number, "person", level=level, **year)
        figure = await make_stated_figure(db, city.county_admin, city.county, **of_level)
        assert figure["verdict"] == V.AGREES, level
    twice = counting("title_holders", "3", "person", **year)
    figure = await make_stated_figure(db, city.county_admin, city.county, **twice)
    assert (await _answer(db, city.county_admin, figure))["difference"] == 1


async def test_demonstrators_and_serving_teachers_are_persons(
    db: Connection, city: City, resources: Resources
) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.HELD, sessions=2
    )
    for session in activity["sessions"]:
        await make_attendance(
            db, session, city.school_admin, city.teacher, role=AttendanceRole.DEMONSTRATOR
        )
    one = counting("demonstrators", "1", "person", **YEAR)
    by = city.school_admin
    assert (await make_stated_figure(db, by, city.school, **one))["verdict"] == V.AGREES
    await make_teacher(db, resources.cipher, city.school)
    three = counting("teachers", "3", "person")
    assert (await make_stated_figure(db, by, city.school, **three))["verdict"] == V.AGREES


async def test_a_share_is_checked_against_a_measure_with_both_its_figures(
    db: Connection, city: City
) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.HELD)
    await make_attendance(db, activity["sessions"][0], city.school_admin, city.teacher)
    said = counting("teachers", "100", "percent", **YEAR) | {
        "comparison": "share", "counts": None, "measure": "attendance_share",
        "stated": [{"role": "share", "label": "到会率", "number": "100", "counted_in": "percent"}],
    }  # fmt: skip
    figure = await make_stated_figure(db, city.school_admin, city.school, **said)
    answer = await _answer(db, city.school_admin, figure)
    assert [each["code"] for each in answer["reasons"]] == [R.BASE_MISSING]
    assert (answer["numerator"], answer["denominator"]) == (1, 1)
    assert answer["lines"][0]["found"] == "1/1 = 100.00%"


async def test_names_are_looked_up_in_the_city(db: Connection, city: City) -> None:
    names = [city.sibling["name"], "旬阳", "**中学"]
    said = {
        "comparison": "names", "counts": None,
        "stated": [{"role": "name", "label": each, "says": each} for each in names],
    }  # fmt: skip
    figure = await make_stated_figure(db, city.school_admin, city.school, **said)
    answer = await _answer(db, city.school_admin, figure)
    assert [each["reason"] for each in answer["lines"]] == [None, R.NAME_UNKNOWN, R.NAME_MASKED]


async def test_a_difference_is_explained_by_the_unit_and_concluded_above_it(
    db: Connection, city: City
) -> None:
    row = await make_explained(db, city)
    assert row["state"] == FigureState.EXPLAINED
    verdict = FigureConclusion(outcome=FigureOutcome.EXPLAINED, conclusion="九年一贯制学校未单列")
    act: Any = {"figure_id": row["id"], "conclusion": verdict, "now": NOW}
    with pytest.raises(NotAllowed):
        await conclude_stated_figure(db, city.school_admin.actor, **act)
    done = await conclude_stated_figure(db, city.county_admin.actor, **act)
    assert (done["state"], done["outcome"]) == (FigureState.CLOSED, FigureOutcome.EXPLAINED)
    for again in (
        conclude_stated_figure(db, city.county_admin.actor, **act),
        check_stated_figure(db, city.county_admin.actor, figure_id=row["id"], now=NOW),
    ):
        with pytest.raises(StatedFigureClosed):
            await again
    kept = await get_stated_figure(db, city.county_admin.actor, figure_id=row["id"])
    assert kept == done


async def test_nobody_concludes_of_their_own_unit_or_what_they_explained(
    db: Connection, city: City
) -> None:
    of_county = await make_stated_figure(db, city.county_admin, city.county)
    of_city = await make_stated_figure(db, city.city_admin, city.city)
    said = FigureExplanation(explanation="口径不同")
    verdict = FigureConclusion(outcome=FigureOutcome.UNRESOLVED, conclusion="存疑")
    for person, figure in ((city.county_admin, of_county), (city.city_admin, of_city)):
        await explain_stated_figure(db, person.actor, figure_id=figure["id"], said=said, now=NOW)
    act: Any = {"conclusion": verdict, "now": NOW}
    refusals: list[tuple[Person, Row, type[DomainError]]] = [
        (city.county_admin, of_county, FigureWithoutStanding),
        (city.city_admin, of_city, FigureConcludedByAuthor),
    ]
    for person, figure, refusal in refusals:
        with pytest.raises(refusal):
            await conclude_stated_figure(db, person.actor, figure_id=figure["id"], **act)
        row = await get_stated_figure(db, person.actor, figure_id=figure["id"])
        assert (row["state"], row["concluded_at"]) == (FigureState.EXPLAINED, None)
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    for person, figure in ((city.city_admin, of_county), (other, of_city)):
        done = await conclude_stated_figure(db, person.actor, figure_id=figure["id"], **act)
        assert done["state"] == FigureState.CLOSED


async def test_who_does_not_explain_is_concluded_of_once_the_day_is_over(
    db: Connection, city: City
) -> None:
    figure = await make_stated_figure(db, city.county_admin, city.school, due_on=str(TODAY))
    verdict = FigureConclusion(outcome=FigureOutcome.DOCUMENT_CORRECTED, conclusion="已更正")
    act: Any = {"figure_id": figure["id"], "conclusion": verdict}
    actor = city.county_admin.actor
    with pytest.raises(StatedFigureWrongState):
        await conclude_stated_figure(db, actor, **act, now=NOW)
    done = await conclude_stated_figure(db, actor, **act, now=NOW + timedelta(days=1))
    assert done["outcome"] == FigureOutcome.DOCUMENT_CORRECTED


async def test_a_bureau_does_not_explain_for_a_school(db: Connection, city: City) -> None:
    figure = await make_stated_figure(db, city.county_admin, city.school)
    said = FigureExplanation(explanation="代为说明")
    with pytest.raises(FigureExplainedElsewhere):
        await explain_stated_figure(
            db, city.county_admin.actor, figure_id=figure["id"], said=said, now=NOW
        )
    row = await get_stated_figure(db, city.school_admin.actor, figure_id=figure["id"])
    assert (row["state"], row["explanation"]) == (FigureState.OPEN, None)


async def test_what_is_put_right_in_the_register_agrees_when_checked_again(
    db: Connection, city: City, resources: Resources
) -> None:
    by = city.school_admin
    three = counting("teachers", "3", "person")
    figure = await make_stated_figure(db, by, city.school, **three)
    assert figure["state"] == FigureState.OPEN
    await make_teacher(db, resources.cipher, city.school)
    after = await check_stated_figure(db, by.actor, figure_id=figure["id"], now=NOW)
    assert (after["state"], after["verdict"]) == (FigureState.AGREED, V.AGREES)
    page = await list_figure_checks(db, by.actor, page=PAGE, figure_id=figure["id"])
    assert [(row["number"], row["numerator"], row["verdict"]) for row in page.items] == [
        (1, 2, V.DIFFERS), (2, 3, V.AGREES),
    ]  # fmt: skip


async def test_a_school_sees_nothing_of_another(db: Connection, city: City) -> None:
    figure = await make_stated_figure(db, city.school_admin, city.school)
    other = city.sibling_admin.actor
    with pytest.raises(StatedFigureNotFound):
        await get_stated_figure(db, other, figure_id=figure["id"])
    assert (await list_stated_figures(db, other, page=PAGE)).items == []
    new = NewStatedFigure.model_validate(STATED)
    with pytest.raises(UnitNotFound):
        await state_figure(db, other, unit_id=city.school["id"], new=new, now=NOW)
    with pytest.raises(NotAllowed):
        await state_figure(db, city.auditor.actor, unit_id=city.school["id"], new=new, now=NOW)


@pytest.mark.parametrize(
    ("days", "refusal"),
    [
        ({"since": "2026-09-01"}, FigurePeriodUnfit),
        ({"since": "2026-09-02", "until": "2026-09-01"}, FigurePeriodUnfit),
        ({"since": "2026-09-01", "until": str(TODAY + timedelta(days=1))}, FigurePeriodUnfit),
        ({}, FigurePeriodUnfit),
        (YEAR | {"due_on": str(TODAY - timedelta(days=1))}, FigureDuePast),
    ],
    ids=["half", "reversed", "to come", "none", "past due"],
)
async def test_what_cannot_be_meant_is_refused(
    days: dict[str, str], refusal: type[DomainError], db: Connection, city: City
) -> None:
    said = counting("trained_persons", "2", "person", **days)
    with pytest.raises(refusal):
        await make_stated_figure(db, city.school_admin, city.school, **said)
    assert (await list_stated_figures(db, city.school_admin.actor, page=PAGE)).items == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"stated": STATED["stated"][1:]},
        {"stated": [STATED["stated"][0], STATED["stated"][1] | {"counted_in": "person_time"}]},
        {"stated": [STATED["stated"][0], STATED["stated"][1] | {"counted_in": None}]},
        {"measure": "topics"},
        {"comparison": "text", "stated": []},
        {"level": "city"},
        {"quote": ""},
    ],
    ids=["no whole", "mixed units", "no unit", "two registers", "no register", "level", "quote"],
)
def test_a_statement_that_cannot_be_compared_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        NewStatedFigure.model_validate(STATED | wrong)


async def test_the_passages_of_the_sources_are_the_same_for_all_who_read(
    db: Connection, city: City
) -> None:
    found = await list_figure_examples(db, city.school_admin.actor)
    assert [each["defect"] for each in found][:2] == ["D1", "D2"]
    assert len({each["defect"] for each in found}) == 32
    with pytest.raises(NotAllowed):
        await list_figure_examples(db, city.teacher_account.actor)
