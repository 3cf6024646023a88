import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import PageRequest
from app.domain.quality.measures import IndicatorMeasure
from app.domain.quality.model_adoptions import (
    AdoptionActivityChoice,
    AdoptionActivityExists,
    AdoptionActivityOutside,
    ModelAdoptionDaysUnfit,
    ModelAdoptionEnd,
    ModelAdoptionEnded,
    ModelAdoptionExists,
    ModelAdoptionNotFound,
    ModelAdoptionOfOwnCase,
    ModelAdoptionReport,
    ModelCaseUnpublished,
    add_adoption_activity,
    end_model_adoption,
    get_model_adoption,
    list_model_adoption_counts,
    list_model_adoptions,
    report_model_adoption,
)
from app.domain.quality.model_cases import (
    ModelCaseNotFound,
    ModelCaseWithdrawal,
    withdraw_model_case,
)
from app.domain.training.activities import ActivityState
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, make_activity, make_city
from tests.make_demonstrations import (
    make_adoption,
    make_case,
    make_published_case,
    publish_case,
)

PAGE = PageRequest()
EFFECT = "两组教师人人上了展示课，研讨更有针对性。"


async def unchanged(
    db: Connection, row: Row, by: Person, refusal: type[DomainError], act: Any
) -> None:
    """That this is refused, and nothing of the adoption is changed."""
    with pytest.raises(refusal):
        await act
    assert await get_model_adoption(db, by.actor, adoption_id=row["id"]) == row


async def test_what_is_published_is_adopted_by_another_unit(db: Connection, city: City) -> None:
    case = await make_published_case(db, city)
    by = city.sibling_admin
    for refusal, unit, who, more in (
        (ModelAdoptionOfOwnCase, city.school, city.school_admin, {}),
        (ModelCaseNotFound, city.far_school, city.other_county_admin, {}),
        (ModelAdoptionDaysUnfit, city.sibling, by, {"adopted_on": TODAY + timedelta(days=1)}),
        (NotAllowed, city.school, city.teacher_account, {}),
    ):
        with pytest.raises(refusal):
            await make_adoption(db, case, unit, who, **more)
    row = await make_adoption(db, case, city.sibling, by)
    assert (row["version"], row["title"], row["activities"]) == (1, "一课三研", 0)
    with pytest.raises(ModelAdoptionExists):
        await make_adoption(db, case, city.sibling, by)
    with pytest.raises(ModelAdoptionNotFound):
        await get_model_adoption(db, city.school_admin.actor, adoption_id=row["id"])
    seen = await list_model_adoptions(db, city.county_admin.actor, page=PAGE, reported=False)
    assert seen.items == [row]


async def test_a_draft_and_what_was_withdrawn_are_not_adopted(db: Connection, city: City) -> None:
    draft = await make_case(db, city.school, city.school_admin)
    with pytest.raises(ModelCaseUnpublished):
        await make_adoption(db, draft, city.sibling, city.county_admin)
    case = await make_published_case(db, city, title="同课异构")
    said = ModelCaseWithdrawal(reason="内容过时")
    await withdraw_model_case(db, city.county_admin.actor, case_id=case["id"], said=said, now=NOW)
    with pytest.raises(ModelCaseUnpublished):
        await make_adoption(db, case, city.sibling, city.county_admin)
    assert (await list_model_adoptions(db, city.city_admin.actor, page=PAGE)).items == []


async def test_what_came_of_it_is_counted_before_and_since(db: Connection, city: City) -> None:
    case = await make_published_case(db, city)
    by, actor = city.sibling_admin, city.sibling_admin.actor
    row = await make_adoption(db, case, city.sibling, by)
    key = {"adoption_id": row["id"]}
    choices = []
    for days in (30, 5, 3):
        begins = NOW - timedelta(days=days)
        held = await make_activity(db, city.sibling, by, state=ActivityState.HELD, begins=begins)
        choices.append(AdoptionActivityChoice(activity_id=held["id"]))
    before, *since = choices
    act = add_adoption_activity(db, actor, **key, choice=before, now=NOW)
    await unchanged(db, row, by, AdoptionActivityOutside, act)
    for choice in since:
        row = await add_adoption_activity(db, actor, **key, choice=choice, now=NOW)
    act = add_adoption_activity(db, actor, **key, choice=since[-1], now=NOW)
    await unchanged(db, row, by, AdoptionActivityExists, act)
    other = await make_activity(db, city.school, city.school_admin, city.county)
    act = add_adoption_activity(
        db, actor, **key, choice=AdoptionActivityChoice(activity_id=other["id"]), now=NOW
    )
    await unchanged(db, row, by, AdoptionActivityOutside, act)
    said = ModelAdoptionReport(effect=EFFECT, measures=[IndicatorMeasure.ACTIVITIES_HELD])
    for until in (TODAY + timedelta(days=1), date(2026, 10, 31)):
        late = said.model_copy(update={"until": until})
        act = report_model_adoption(db, actor, **key, said=late, now=NOW)
        await unchanged(db, row, by, ModelAdoptionDaysUnfit, act)
    row = await report_model_adoption(db, actor, **key, said=said, now=NOW)
    [figure] = row["figures"]
    assert (row["activities"], row["effect"]) == (2, EFFECT)
    assert (figure["before_since"], figure["before_until"]) == ("2026-10-12", "2026-10-31")
    assert (figure["since"], figure["until"]) == ("2026-11-01", "2026-11-20")
    assert (figure["before_numerator"], figure["numerator"]) == (1, 2)


async def test_it_is_given_up_with_a_reason_and_taken_up_again(db: Connection, city: City) -> None:
    case = await make_published_case(db, city)
    by = city.sibling_admin
    row = await make_adoption(db, case, city.sibling, by)
    key = {"adoption_id": row["id"]}
    early = ModelAdoptionEnd(reason="效果不佳", on=date(2026, 10, 1))
    act = end_model_adoption(db, by.actor, **key, end=early, now=NOW)
    await unchanged(db, row, by, ModelAdoptionDaysUnfit, act)
    end = ModelAdoptionEnd(reason="效果不佳")
    row = await end_model_adoption(db, by.actor, **key, end=end, now=NOW)
    assert (row["ended_on"], row["ended_because"]) == (TODAY, "效果不佳")
    said = ModelAdoptionReport(effect=EFFECT, measures=[IndicatorMeasure.ACTIVITIES_HELD])
    act = report_model_adoption(db, by.actor, **key, said=said, now=NOW)
    await unchanged(db, row, by, ModelAdoptionEnded, act)
    assert (await make_adoption(db, case, city.sibling, by))["id"] != row["id"]


async def test_bureaux_see_by_how_many_units_a_case_was_adopted(db: Connection, city: City) -> None:
    case = await make_published_case(db, city)
    await publish_case(db, case, city.city, city.city_admin)
    far = await make_account(db, "far", Role.SCHOOL_ADMIN, city.far_school)
    first = await make_adoption(db, case, city.sibling, city.sibling_admin)
    end = ModelAdoptionEnd(reason="效果不佳")
    await end_model_adoption(
        db, city.sibling_admin.actor, adoption_id=first["id"], end=end, now=NOW
    )
    again = await make_adoption(db, case, city.sibling, city.sibling_admin)
    said = ModelAdoptionReport(effect=EFFECT, measures=[IndicatorMeasure.ACTIVITIES_HELD])
    await report_model_adoption(
        db, city.sibling_admin.actor, adoption_id=again["id"], said=said, now=NOW
    )
    await make_adoption(db, case, city.far_school, far)
    await make_adoption(db, case, city.other_county, city.other_county_admin)

    async def counts(who: Person, unit: Row) -> list[tuple[Any, ...]]:
        rows = await list_model_adoption_counts(db, who.actor, unit_id=unit["id"])
        names = ("level", "units", "in_force", "reported", "counties")
        return [tuple(row[name] for name in names) for row in rows]

    assert await counts(city.city_admin, city.city) == [
        ("county", 1, 1, 0, 1), ("school", 2, 2, 1, 2),
    ]  # fmt: skip
    assert await counts(city.county_admin, city.county) == [("school", 1, 1, 1, 1)]
    assert await counts(city.school_admin, city.school) == []


async def test_of_two_who_adopt_at_once_one_is_told(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        case = await make_published_case(db, city)

    async def adopt(by: Person) -> Row:
        async with real_pool.transaction() as db:
            return await make_adoption(db, case, city.sibling, by)

    told = await asyncio.gather(
        adopt(city.sibling_admin), adopt(city.county_admin), return_exceptions=True
    )
    assert [type(each) for each in told if isinstance(each, Exception)] == [ModelAdoptionExists]
