from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.people.careers import FactEnd, Post, end_fact, record_fact
from app.domain.people.facts.posts import POST, NewPost
from app.domain.people.principals import list_principals
from app.sql import Connection, Row
from tests.make import NOW, City, make_fact

FIRST, SECOND = date(2021, 9, 1), date(2025, 9, 1)


async def led(db: Connection, city: City, unit: Row, **when: Any) -> list[tuple[str, str]]:
    page = await list_principals(
        db, city.city_admin.actor, unit_id=unit["id"], page=PageRequest(), now=NOW, **when
    )
    return [(row["name"], row["post"]) for row in page.items]


async def test_who_led_a_school_on_a_day_follows_from_the_posts(db: Connection, city: City) -> None:
    school = {"school_id": city.school["id"]}
    await make_fact(db, city.teacher, POST, FIRST, SECOND, post="principal", **school)
    await make_fact(db, city.colleague, POST, SECOND, post="principal", **school)
    await make_fact(db, city.teacher, POST, SECOND, post="party_secretary", **school)
    await make_fact(db, city.colleague, POST, FIRST, post="class_head", **school)
    now = [("测试甲", "party_secretary"), ("测试乙", "principal")]
    before = db.statements
    assert await led(db, city, city.school) == now
    assert db.statements - before == 2
    assert await led(db, city, city.school, as_of=SECOND - timedelta(days=1)) == [
        ("测试甲", "principal")
    ]
    assert await led(db, city, city.school, as_of=FIRST - timedelta(days=1)) == []
    assert await led(db, city, city.county) == now
    assert await led(db, city, city.sibling) == []


async def test_a_principal_from_elsewhere_is_the_schools_in_the_narrow_view(
    db: Connection, city: City
) -> None:
    new = NewPost(post=Post.PRINCIPAL, valid_from=FIRST, school_id=city.sibling["id"])
    actor, teacher_id = city.county_admin.actor, city.teacher["id"]
    post = await record_fact(db, actor, kind=POST, teacher_id=teacher_id, new=new, now=NOW)
    page = await list_principals(
        db, city.sibling_admin.actor, unit_id=city.sibling["id"], page=PageRequest(), now=NOW
    )
    assert page.items == [
        {
            "id": post["id"], "school_id": city.sibling["id"], "teacher_id": teacher_id,
            "name": "测试甲", "post": "principal", "valid_from": FIRST, "valid_to": None,
        }
    ]  # fmt: skip
    assert await led(db, city, city.school) == []


async def test_who_was_believed_to_lead_can_be_told(db: Connection, city: City) -> None:
    actor, teacher = city.school_admin.actor, {"teacher_id": city.teacher["id"]}
    new = NewPost(post=Post.PRINCIPAL, valid_from=FIRST)
    post = await record_fact(db, actor, kind=POST, **teacher, new=new, now=NOW)
    later = NOW + timedelta(days=3)
    await end_fact(
        db, actor, **teacher, fact_id=post["id"], end=FactEnd(valid_to=SECOND), now=later
    )
    assert await led(db, city, city.school) == []
    assert await led(db, city, city.school, known_on=NOW.date()) == [("测试甲", "principal")]
    assert await led(db, city, city.school, known_on=later.date()) == []


@pytest.mark.parametrize(
    ("who", "refusal"), [("sibling_admin", UnitNotFound), ("teacher_account", NotAllowed)]
)
async def test_nobody_else_is_told(
    db: Connection, city: City, who: str, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        await list_principals(
            db, getattr(city, who).actor, unit_id=city.school["id"], page=PageRequest(), now=NOW
        )
