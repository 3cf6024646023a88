from typing import Any

import pytest

from app.domain.access.roles import Permission
from app.domain.errors import NotFound
from app.domain.training.owning import place_of_owner
from app.sql import Connection
from tests.make import City, Person, make_group
from tests.make_organisation import make_department, make_network


async def place(db: Connection, person: Person, **owner: Any) -> tuple[Any, ...]:
    nobody = dict.fromkeys(("unit_id", "group_id", "network_id", "department_id"))
    found = await place_of_owner(
        db, person.actor, permission=Permission.ACTIVITY_WRITE, **nobody | owner
    )
    return tuple(found[name] for name in ("city_id", "county_id", "school_id"))


async def test_what_is_owned_lies_where_its_owner_does(db: Connection, city: City) -> None:
    school = (city.city["id"], city.county["id"], city.school["id"])
    county = (city.city["id"], city.county["id"], None)
    group = await make_group(db, city.school)
    department = await make_department(db, city.county)
    network = await make_network(db, city.county, city.school)
    admin = city.county_admin
    assert await place(db, admin, unit_id=city.school["id"]) == school
    assert await place(db, admin, unit_id=city.county["id"]) == county
    assert await place(db, admin, group_id=group["id"]) == school
    assert await place(db, admin, department_id=department["id"]) == county
    assert await place(db, admin, network_id=network["id"]) == county


@pytest.mark.parametrize("owner", ["unit_id", "group_id"])
async def test_what_lies_elsewhere_owns_nothing_for_the_actor(
    db: Connection, city: City, owner: str
) -> None:
    group = await make_group(db, city.sibling)
    keys = {"unit_id": city.sibling["id"], "group_id": group["id"]}
    with pytest.raises(NotFound):
        await place(db, city.school_admin, **{owner: keys[owner]})
