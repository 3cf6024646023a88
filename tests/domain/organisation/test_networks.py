from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission, Role
from app.domain.errors import NotAllowed
from app.domain.organisation.networks import (
    NetworkChanges,
    NetworkDissolved,
    NetworkKind,
    NetworkKindOfSchool,
    NetworkNotFound,
    NetworkOutsideBureau,
    NewNetwork,
    create_network,
    dissolve_network,
    get_network,
    list_networks,
    networks_by_id,
    open_network,
    update_network,
)
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, make_account, signed_in, version_of
from tests.make_organisation import make_network

PAGE = PageRequest(limit=100)


def new_network(unit: Row, **changed: Any) -> NewNetwork:
    given = {"unit_id": unit["id"], "name": "城东片区", "kind": "catchment_area"}
    return NewNetwork.model_validate(given | changed)


async def names_of(db: Connection, actor: Actor, **filters: Any) -> list[str]:
    page = await list_networks(db, actor, page=PAGE, now=NOW, **filters)
    return [row["name"] for row in page.items]


@pytest.mark.parametrize(
    ("where", "who", "kind"),
    [("county", "county_admin", NetworkKind.SCHOOL_DISTRICT),
     ("city", "city_admin", NetworkKind.ALLIANCE),
     ("school", "school_admin", NetworkKind.SISTER_SCHOOLS)],
)  # fmt: skip
async def test_a_network_is_its_owners(
    db: Connection, city: City, where: str, who: str, kind: NetworkKind
) -> None:
    unit, actor = getattr(city, where), getattr(city, who).actor
    new = new_network(unit, kind=kind, lead_unit_id=unit["id"], valid_from="2026-09-01")
    made = await create_network(db, actor, new=new, now=NOW)
    assert made == {
        "id": made["id"],
        "name": "城东片区",
        "kind": kind,
        "lead_unit_id": unit["id"],
        "unit_id": unit["id"],
        **{name: unit[name] for name in ("city_id", "county_id", "school_id")},
        "valid_from": date(2026, 9, 1),
        "valid_to": None,
    }
    assert await get_network(db, actor, network_id=made["id"]) == made


async def test_a_school_has_friends_alone(db: Connection, city: City) -> None:
    with pytest.raises(NetworkKindOfSchool):
        await create_network(db, city.school_admin.actor, new=new_network(city.school), now=NOW)
    for person in (city.auditor, city.teacher_account, city.school_admin):
        with pytest.raises(NotAllowed):
            await create_network(db, person.actor, new=new_network(city.county), now=NOW)
    with pytest.raises(UnitNotFound):
        await create_network(
            db, city.county_admin.actor, new=new_network(city.other_county), now=NOW
        )
    assert await names_of(db, city.city_admin.actor) == []


async def test_who_leads_lies_within_the_bureau(db: Connection, city: City) -> None:
    actor = city.city_admin.actor
    far = new_network(city.county, lead_unit_id=city.far_school["id"])
    with pytest.raises(NetworkOutsideBureau):
        await create_network(db, actor, new=far, now=NOW)
    row = await create_network(db, actor, new=new_network(city.county), now=NOW)
    for outside in (city.far_school, city.direct_school, city.city):
        changes = NetworkChanges(lead_unit_id=outside["id"])
        with pytest.raises(NetworkOutsideBureau):
            await update_network(db, actor, network_id=row["id"], changes=changes)
    assert await get_network(db, actor, network_id=row["id"]) == row
    changes = NetworkChanges(name="城西片区", lead_unit_id=city.sibling["id"])
    changed = await update_network(db, actor, network_id=row["id"], changes=changes)
    assert changed == row | {"name": "城西片区", "lead_unit_id": city.sibling["id"]}
    without = await update_network(
        db, actor, network_id=row["id"], changes=NetworkChanges(lead_unit_id=None)
    )
    assert without["lead_unit_id"] is None
    with pytest.raises(ValidationError):
        NetworkChanges(name=None)


async def test_a_network_is_seen_by_its_owner_its_members_and_all_below(
    db: Connection, city: City
) -> None:
    of_city = await make_network(db, city.city, city.school, city.far_school, name="甲")
    of_county = await make_network(db, city.county, city.sibling, name="乙")
    of_school = await make_network(db, city.sibling, city.school, name="丙")
    keys = {"甲": of_city["id"], "乙": of_county["id"], "丙": of_school["id"]}
    for person, listed, known in (
        (city.city_admin, "丙乙甲", "甲乙丙"),
        (city.county_admin, "丙乙甲", "甲乙丙"),
        (city.other_county_admin, "甲", "甲"),
        (city.school_admin, "丙甲", "甲乙丙"),
        (city.sibling_admin, "丙乙", "甲乙丙"),
        (city.colleague_account, "", "甲乙丙"),
    ):
        if person is not city.colleague_account:
            assert sorted(await names_of(db, person.actor)) == sorted(listed)
        found = await networks_by_id(db, person.actor, network_ids=list(keys.values()))
        seen = {name for name, key in keys.items() if found[key] is not None}
        assert seen == set(known), person.name
    actor = city.city_admin.actor
    assert await names_of(db, actor, member_id=city.school["id"]) == sorted("甲丙")
    assert await names_of(db, actor, unit_id=city.county["id"]) == ["乙"]
    assert await names_of(db, actor, kind=NetworkKind.ALLIANCE) == []
    with pytest.raises(NetworkNotFound):
        await get_network(db, city.other_county_admin.actor, network_id=of_county["id"])


async def test_a_member_school_sees_the_network_and_does_nothing_with_it(
    db: Connection, city: City
) -> None:
    row = await make_network(db, city.county, city.school)
    actor = city.school_admin.actor
    for permission in (Permission.NETWORK_WRITE, Permission.ACTIVITY_WRITE):
        with pytest.raises(NotAllowed):
            await open_network(db, actor, network_id=row["id"], permission=permission)
    with pytest.raises(NotAllowed):
        await dissolve_network(db, actor, network_id=row["id"], now=NOW)
    assert (await get_network(db, actor, network_id=row["id"]))["valid_to"] is None


async def test_a_dissolved_network_ends_the_rights_over_it(db: Connection, city: City) -> None:
    row = await make_network(db, city.county, city.school)
    coordinator = await make_account(db, "coordinator", Role.NETWORK_COORDINATOR, row)
    assert (await signed_in(db, coordinator)) == coordinator.actor
    before, actor = await version_of(db, coordinator), city.county_admin.actor
    ended = await dissolve_network(db, actor, network_id=row["id"], now=NOW)
    assert ended["valid_to"] == TODAY
    assert await version_of(db, coordinator) == before + 1
    assert (await signed_in(db, coordinator)).grants == ()
    assert await names_of(db, actor) == []
    assert await names_of(db, actor, as_of=TODAY - timedelta(days=1)) == ["友好学校"]
    with pytest.raises(NetworkDissolved):
        await dissolve_network(db, actor, network_id=row["id"], now=NOW)
    changes = NetworkChanges(name="改名")
    with pytest.raises(NetworkDissolved):
        await update_network(db, actor, network_id=row["id"], changes=changes)
