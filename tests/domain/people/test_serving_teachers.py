from datetime import date
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.facts.engagement import PLACE, PlaceKind
from app.domain.people.serving_teachers import list_serving_teachers
from app.domain.people.teachers import TeacherNotFound, get_teacher, list_teachers
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_fact

BEGUN = date(2026, 9, 1)


async def serving(db: Connection, who: Person, unit: Row, **more: Any) -> list[Row]:
    page = await list_serving_teachers(
        db, who.actor, unit_id=unit["id"], page=PageRequest(), now=NOW, **more
    )
    return page.items


async def test_the_serving_school_sees_who_comes_and_nothing_more(
    db: Connection, city: City
) -> None:
    place = await make_fact(
        db, city.teacher, PLACE, BEGUN, school_id=city.sibling["id"], kind="rotation"
    )
    await make_fact(db, city.teacher, PLACE, BEGUN, school_id=city.school["id"], kind="main")
    before = db.statements
    assert await serving(db, city.sibling_admin, city.sibling) == [
        {
            "id": place["id"], "school_id": city.sibling["id"], "teacher_id": city.teacher["id"],
            "name": "测试甲", "subject": "chinese", "stage": "primary", "kind": "rotation",
            "home_school_id": city.school["id"], "valid_from": BEGUN, "valid_to": None,
        }
    ]  # fmt: skip
    assert db.statements - before == 2
    actor = city.sibling_admin.actor
    with pytest.raises(TeacherNotFound):
        await get_teacher(db, actor, teacher_id=city.teacher["id"])
    listed = await list_teachers(db, actor, page=PageRequest())
    assert [row["name"] for row in listed.items] == ["测试丙"]


async def test_they_are_told_by_kind_and_by_day(db: Connection, city: City) -> None:
    end = date(2027, 9, 1)
    await make_fact(
        db, city.teacher, PLACE, BEGUN, end, school_id=city.sibling["id"], kind="support"
    )
    asked: tuple[tuple[dict[str, Any], int], ...] = (
        ({}, 1), ({"kind": PlaceKind.SUPPORT}, 1), ({"kind": PlaceKind.ITINERANT}, 0),
        ({"as_of": date(2026, 8, 31)}, 0), ({"as_of": end}, 0),
    )  # fmt: skip
    for more, found in asked:
        assert len(await serving(db, city.county_admin, city.county, **more)) == found


@pytest.mark.parametrize(
    ("who", "refusal"), [("school_admin", UnitNotFound), ("sibling_teacher_account", NotAllowed)]
)
async def test_nobody_else_sees_who_serves(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await serving(db, getattr(city, who), city.sibling)
