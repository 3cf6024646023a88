"""Cohorts: opened within their programme, with quotas of its schools."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.designations import DesignationLevel
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.cohorts import (
    CohortExists,
    CohortNotFound,
    CohortOutsideProgramme,
    NewCohort,
    NewCohortQuota,
    QuotaOutsideProgramme,
    cohorts_by_id,
    get_cohort,
    list_cohort_quotas,
    list_cohorts,
    open_cohort,
    set_cohort_quota,
)
from app.domain.people.programmes import (
    NewProgramme,
    ProgrammeKind,
    ProgrammeNotFound,
    create_programme,
)
from app.sql import Connection
from tests.make import City
from tests.make_programmes import make_cohort, make_programme

ALL = PageRequest(limit=100)


def new_cohort(**more: Any) -> NewCohort:
    given = {
        "name": "第一期", "year": 2026, "places": 30, "goals": ["上好一节公开课"],
        "starts_on": "2026-09-01", "ends_on": "2027-06-30", "nominate_by": "2026-09-30",
    }  # fmt: skip
    return NewCohort.model_validate(given | more)


async def test_a_cohort_is_opened_and_known_below(db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    actor = city.county_admin.actor
    row = await open_cohort(db, actor, programme_id=programme["id"], new=new_cohort())
    assert (row["places"], row["teachers"], row["trainees"]) == (30, 0, 0)
    assert await get_cohort(db, city.teacher_account.actor, cohort_id=row["id"]) == row
    offered = await list_cohorts(db, city.school_admin.actor, page=ALL, offered=True, year=2026)
    assert offered.items == [row]
    assert (await list_cohorts(db, city.school_admin.actor, page=ALL)).items == []
    assert (await cohorts_by_id(db, actor, cohort_ids=[row["id"]]))[row["id"]] == row
    with pytest.raises(CohortNotFound):
        await get_cohort(db, city.other_county_admin.actor, cohort_id=row["id"])
    with pytest.raises(CohortExists):
        async with db.transaction():
            await open_cohort(db, actor, programme_id=programme["id"], new=new_cohort())


REFUSED: list[tuple[str, dict[str, Any], type[DomainError]]] = [
    ("county_admin", {"starts_on": "2026-08-31"}, CohortOutsideProgramme),
    ("county_admin", {"ends_on": "2028-09-01"}, CohortOutsideProgramme),
    ("school_admin", {}, NotAllowed),
    ("teacher_account", {}, NotAllowed),
    ("auditor", {}, NotAllowed),
    ("other_county_admin", {}, ProgrammeNotFound),
]


@pytest.mark.parametrize(("who", "given", "refusal"), REFUSED)
async def test_what_is_refused_opens_nothing(
    db: Connection, city: City, who: str, given: dict[str, Any], refusal: type[DomainError]
) -> None:
    programme = await make_programme(db, city.county, valid_to=date(2028, 9, 1))
    with pytest.raises(refusal):
        await open_cohort(
            db, getattr(city, who).actor, programme_id=programme["id"], new=new_cohort(**given)
        )
    assert (await list_cohorts(db, city.city_admin.actor, page=ALL)).items == []


@pytest.mark.parametrize(
    "given",
    [{"ends_on": "2026-08-01"}, {"nominate_by": "2028-01-01"}, {"goals": []}, {"places": 0}],
)
def test_a_cohort_is_in_order(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        new_cohort(**given)


async def test_quotas_are_for_schools_of_the_programme(db: Connection, city: City) -> None:
    cohort = await make_cohort(db, await make_programme(db, city.county))
    actor = city.county_admin.actor
    more, less = (NewCohortQuota(school_id=city.school["id"], places=places) for places in (3, 1))
    await set_cohort_quota(db, actor, cohort_id=cohort["id"], new=more)
    said = await set_cohort_quota(db, actor, cohort_id=cohort["id"], new=less)
    assert said["places"] == 1
    seen = await list_cohort_quotas(db, city.sibling_admin.actor, cohort_id=cohort["id"])
    assert seen == [said]
    for who, unit, refusal in (
        (city.city_admin, city.far_school, QuotaOutsideProgramme),
        (city.county_admin, city.county, QuotaOutsideProgramme),
        (city.county_admin, city.far_school, UnitNotFound),
        (city.school_admin, city.school, NotAllowed),
    ):
        with pytest.raises(refusal):
            await set_cohort_quota(
                db, who.actor, cohort_id=cohort["id"],
                new=NewCohortQuota(school_id=unit["id"], places=9),
            )  # fmt: skip
    assert await list_cohort_quotas(db, actor, cohort_id=cohort["id"]) == [said]


async def test_a_training_project_has_a_plan_and_a_budget(db: Connection, city: City) -> None:
    """国培计划、省培、市级项目: 教师培训项目管理新模式: R191."""
    project = NewProgramme(
        unit_id=city.city["id"], name="市级骨干教师提升项目", kind=ProgrammeKind.CITY_TRAINING,
        level=DesignationLevel.CITY, purpose="培养骨干教师", valid_from=date(2026, 9, 1),
    )  # fmt: skip
    programme = await create_programme(db, city.city_admin.actor, new=project)
    new = NewCohort.model_validate({
        "name": "2026年班", "year": 2026, "places": 40, "goals": ["完成一项课题"],
        "starts_on": "2026-10-01", "ends_on": "2027-06-30", "plan": "集中研修与跟岗实践相结合",
        "budget": "180000.00", "budget_line": "市级教师培训专项经费",
    })  # fmt: skip
    cohort = await open_cohort(db, city.city_admin.actor, programme_id=programme["id"], new=new)
    assert (cohort["plan"], str(cohort["budget"]), cohort["budget_line"]) == (
        "集中研修与跟岗实践相结合", "180000.00", "市级教师培训专项经费"
    )  # fmt: skip


async def test_the_budget_is_for_who_runs_the_programme(db: Connection, city: City) -> None:
    programme = await make_programme(db, city.county)
    cohort = await make_cohort(db, programme, budget="12000.00", budget_line="教师培训费")
    for person, shown in (
        (city.county_admin, True), (city.city_admin, True), (city.school_admin, False),
        (city.teacher_account, False),
    ):  # fmt: skip
        row = await get_cohort(db, person.actor, cohort_id=cohort["id"])
        assert ((row["budget"] is not None), (row["budget_line"] is not None)) == (shown, shown)
