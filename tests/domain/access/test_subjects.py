import asyncpg
import pytest

from app.domain.access.roles import SubjectKind
from app.domain.access.subjects import SubjectNotFound, place_of_subject
from app.sql import Connection, new_id
from tests.make import City
from tests.make_organisation import make_assignment, make_department, make_network

PLACE = ("id", "city_id", "county_id", "school_id")


async def test_each_kind_of_subject_tells_where_it_lies(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    group_id = new_id()
    await driver.execute(
        "INSERT INTO research_group (id, name, kind, city_id, county_id, school_id)"
        " VALUES ($1, '语文组', 'teaching_research', $2, $3, $4)",
        group_id, city.city["id"], city.county["id"], city.school["id"],
    )  # fmt: skip
    group = {**{name: city.school[name] for name in PLACE}, "id": group_id}
    for kind, subject in (
        (SubjectKind.UNIT, city.direct_school),
        (SubjectKind.UNIT, city.county),
        (SubjectKind.SELF, city.teacher),
        (SubjectKind.GROUP, group),
        (SubjectKind.NETWORK, await make_network(db, city.county)),
        (SubjectKind.DEPARTMENT, await make_department(db, city.school)),
        (SubjectKind.ASSIGNMENT, await make_assignment(db, city.county, city.auditor)),
    ):
        place = await place_of_subject(db, kind=kind, subject_id=subject["id"])
        assert place == {name: subject[name] for name in PLACE}


@pytest.mark.parametrize("kind", list(SubjectKind))
async def test_the_key_of_another_kind_of_thing_is_no_subject(
    db: Connection, city: City, kind: SubjectKind
) -> None:
    other = city.teacher if kind is SubjectKind.UNIT else city.school
    with pytest.raises(SubjectNotFound):
        await place_of_subject(db, kind=kind, subject_id=other["id"])
