import pytest

from app.domain.errors import NotAllowed
from app.domain.quality.evaluation_results import SchoolYearUnfit, list_evaluation_results
from app.sql import Connection
from tests.make import City
from tests.make_evaluations import make_handed_in, make_published


async def test_a_result_is_of_its_year_once_it_is_published(db: Connection, city: City) -> None:
    row = await make_published(db, city)
    for person, unit in (
        (city.school_admin, city.school), (city.county_admin, city.county),
        (city.city_admin, city.city), (city.auditor, city.school),
    ):  # fmt: skip
        before = db.statements
        found = await list_evaluation_results(
            db, person.actor, unit_id=unit["id"], school_year=2026
        )
        assert db.statements - before == 2
        assert [(each["evaluation_id"], each["score"], each["total"]) for each in found] == [
            (row["id"], 44, 100)
        ]
        assert "teacher_id" not in found[0]
    actor = city.school_admin.actor
    other = await list_evaluation_results(db, actor, unit_id=city.school["id"], school_year=2025)
    assert other == []


async def test_what_is_not_published_is_no_result(db: Connection, city: City) -> None:
    await make_handed_in(db, city)
    actor, unit_id = city.county_admin.actor, city.county["id"]
    assert await list_evaluation_results(db, actor, unit_id=unit_id, school_year=2026) == []
    with pytest.raises(SchoolYearUnfit):
        await list_evaluation_results(db, actor, unit_id=unit_id, school_year=1)
    with pytest.raises(NotAllowed):
        await list_evaluation_results(
            db, city.teacher_account.actor, unit_id=city.school["id"], school_year=2026
        )
