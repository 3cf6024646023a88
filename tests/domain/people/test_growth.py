from datetime import date
from typing import Any

import asyncpg
import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.facts.fact import FactTooFarAhead
from app.domain.people.facts.merits import GROWTH_RESULT
from app.domain.people.growth import (
    NewGrowthTarget,
    TargetNotLater,
    list_due_growth,
    list_growth,
    list_growth_targets,
    set_growth_target,
)
from app.domain.people.teachers import TeacherNotFound
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_fact


def target(unit: Row, **changed: Any) -> NewGrowthTarget:
    fields = {
        "unit_id": unit["id"], "stage": "one_year", "title": "一年入门",
        "criteria": "能独立备课、上课、辅导",
    }  # fmt: skip
    return NewGrowthTarget.model_validate(fields | changed)


async def put(db: Connection, who: Person, unit: Row, **changed: Any) -> Row:
    return await set_growth_target(db, who.actor, new=target(unit, **changed), now=NOW)


async def expected_in(db: Connection, who: Person, unit: Row, **when: date) -> list[str]:
    rows = await list_growth_targets(db, who.actor, unit_id=unit["id"], now=NOW, **when)
    return [row["title"] for row in rows]


async def test_the_nearest_word_counts(db: Connection, city: City) -> None:
    await put(db, city.city_admin, city.city, title="市：一年", stage="one_year")
    await put(db, city.city_admin, city.city, title="市：五年", stage="five_years")
    await put(db, city.county_admin, city.county, title="县：一年")
    assert await expected_in(db, city.school_admin, city.school) == ["县：一年", "市：五年"]
    await put(db, city.school_admin, city.school, title="校：一年")
    assert await expected_in(db, city.school_admin, city.school) == ["校：一年", "市：五年"]
    assert await expected_in(db, city.sibling_admin, city.sibling) == ["县：一年", "市：五年"]
    assert await expected_in(db, city.city_admin, city.direct_school) == ["市：一年", "市：五年"]


async def test_what_was_expected_can_still_be_told(db: Connection, city: City) -> None:
    await put(db, city.school_admin, city.school, title="旧目标", valid_from=date(2024, 9, 1))
    await put(db, city.school_admin, city.school, title="新目标", valid_from=date(2026, 9, 1))
    for day, title in (
        (date(2024, 8, 31), []), (date(2026, 8, 31), ["旧目标"]), (date(2026, 9, 1), ["新目标"]),
    ):  # fmt: skip
        assert await expected_in(db, city.school_admin, city.school, as_of=day) == title


async def test_what_is_expected_anew_is_expected_later(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    await put(db, city.school_admin, city.school)
    before = await driver.fetch("SELECT * FROM growth_target")
    with pytest.raises(TargetNotLater) as refused:
        await put(db, city.school_admin, city.school, title="另一个")
    assert refused.value.details == {"current": TODAY.isoformat()}
    assert await driver.fetch("SELECT * FROM growth_target") == before


@pytest.mark.parametrize(
    ("who", "unit", "refusal"),
    [
        ("school_admin", "county", NotAllowed),
        ("school_admin", "sibling", UnitNotFound),
        ("county_admin", "city", NotAllowed),
        ("teacher_account", "school", NotAllowed),
        ("auditor", "school", NotAllowed),
    ],
)
async def test_a_unit_speaks_for_itself(
    db: Connection, driver: asyncpg.Connection, city: City, who: str, unit: str,
    refusal: type[DomainError],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        await put(db, getattr(city, who), getattr(city, unit))
    assert await driver.fetchval("SELECT count(*) FROM growth_target") == 0


async def due(db: Connection, city: City, unit: Row, **when: date) -> list[tuple[str, str, date]]:
    page = await list_due_growth(
        db, city.city_admin.actor, unit_id=unit["id"], page=PageRequest(), now=NOW, **when
    )
    return [(row["name"], row["stage"], row["due_on"]) for row in page.items]


async def test_who_is_due_follows_from_the_first_day_of_service(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """All began on 1 September 2020: one year in 2021, three in 2023, five in 2025."""
    day = date(2025, 9, 1)
    assert await due(db, city, city.school) == []
    window = {"due_from": date(2025, 1, 1), "due_to": day}
    before = db.statements
    assert await due(db, city, city.school, **window) == [
        ("测试甲", "five_years", day), ("测试乙", "five_years", day),
    ]  # fmt: skip
    assert db.statements - before == 2
    assert len(await due(db, city, city.county, **window)) == 3
    assert len(await due(db, city, city.city, **window)) == 5
    assert await due(db, city, city.school, due_from=date(2025, 9, 2), due_to=TODAY) == []
    await make_fact(
        db, city.teacher, GROWTH_RESULT, day, stage="five_years", finding="reached", note=""
    )
    assert await due(db, city, city.school, **window) == [("测试乙", "five_years", day)]


async def test_pages_of_what_is_due_follow_each_other(db: Connection, city: City) -> None:
    seen: list[tuple[str, str]] = []
    cursor = None
    while True:
        page = await list_due_growth(
            db, city.city_admin.actor, unit_id=city.city["id"],
            page=PageRequest(limit=4, cursor=cursor), now=NOW,
            due_from=date(2020, 1, 1), due_to=date(2030, 1, 1),
        )  # fmt: skip
        seen += [(row["teacher_id"], row["stage"]) for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 15


async def test_a_teacher_sees_the_own_stages(db: Connection, city: City) -> None:
    await put(db, city.school_admin, city.school, valid_from=date(2020, 1, 1))
    await make_fact(
        db, city.teacher, GROWTH_RESULT, date(2021, 9, 10), stage="one_year", finding="reached",
        note="",
    )  # fmt: skip
    actor = city.teacher_account.actor
    rows = await list_growth(db, actor, teacher_id=city.teacher["id"], now=NOW)
    assert [tuple(row.values()) for row in rows] == [
        ("one_year", date(2021, 9, 1), "reached", date(2021, 9, 10), "一年入门",
         "能独立备课、上课、辅导"),
        ("three_years", date(2023, 9, 1), None, None, None, None),
        ("five_years", date(2025, 9, 1), None, None, None, None),
    ]  # fmt: skip
    with pytest.raises(TeacherNotFound):
        await list_growth(db, actor, teacher_id=city.colleague["id"], now=NOW)


async def test_nothing_is_expected_only_in_a_distant_year(db: Connection, city: City) -> None:
    """What is expected anew must be expected later: such a day would be the last word for ever."""
    with pytest.raises(FactTooFarAhead):
        await put(db, city.school_admin, city.school, valid_from="9999-12-31")
    await put(db, city.school_admin, city.school, valid_from="2027-09-01")
