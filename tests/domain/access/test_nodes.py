import pytest

from app.domain.access.nodes import get_node
from app.domain.errors import NotFound
from app.domain.organisation.units import UNITS
from app.domain.people.teachers import TEACHERS, TeacherNotFound
from app.sql import Connection, new_id
from tests.make import City

DOORS = {"Unit": UNITS, "Teacher": TEACHERS}


async def test_a_key_opens_the_door_behind_which_it_lies(db: Connection, city: City) -> None:
    actor = city.county_admin.actor
    name, row = await get_node(db, actor, doors=DOORS, row_id=city.school["id"])
    assert (name, row["name"]) == ("Unit", "甲县第一小学")
    name, row = await get_node(db, actor, doors=DOORS, row_id=city.teacher["id"])
    assert (name, row["name"]) == ("Teacher", "测试甲")


async def test_what_lies_outside_does_not_exist(db: Connection, city: City) -> None:
    actor = city.county_admin.actor
    with pytest.raises(TeacherNotFound):
        await get_node(db, actor, doors=DOORS, row_id=city.far_teacher["id"])
    with pytest.raises(NotFound) as refused:
        await get_node(db, actor, doors={"Unit": UNITS}, row_id=city.teacher["id"])
    assert type(refused.value) is NotFound
    with pytest.raises(NotFound):
        await get_node(db, actor, doors=DOORS, row_id=new_id())
