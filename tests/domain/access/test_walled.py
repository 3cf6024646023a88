"""What the one who asks is bound by, and what a statement has to name to be bound."""

from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.access.walled import wall_of
from app.sql import new_id
from app.wall import READER

CITY, COUNTY, SCHOOL, OTHER, THIRD = (new_id() for _ in range(5))


def grant(role: Role, kind: SubjectKind, subject_id: UUID, **more: Any) -> Grant:
    return Grant(role, kind, subject_id, **{"city_id": CITY, "county_id": COUNTY, **more})


def told(*grants: Grant, teacher_id: UUID | None = None) -> dict[str, str]:
    """What is told of somebody with these grants, without what is empty."""
    actor = Actor(account_id=new_id(), grants=grants, teacher_id=teacher_id)
    entering = wall_of(actor).entering
    assert entering.startswith(f"SET LOCAL ROLE {READER};")
    assert wall_of(actor) is wall_of(actor)
    parts = [part.partition("'")[2].split("', '") for part in entering.split("set_config(")[1:]]
    assert len(parts) == 8
    settings = {name.removeprefix("yanxun."): value.partition("'")[0] for name, value in parts}
    return {name: value for name, value in settings.items() if value}


def test_a_role_over_a_unit_is_bound_to_it() -> None:
    school = grant(Role.SCHOOL_ADMIN, SubjectKind.UNIT, SCHOOL, school_id=SCHOOL)
    county = grant(Role.COUNTY_ADMIN, SubjectKind.UNIT, COUNTY)
    city = grant(Role.CITY_ADMIN, SubjectKind.UNIT, CITY, county_id=None)
    for name, unit, one in (
        ("school", SCHOOL, school),
        ("county", COUNTY, county),
        ("city", CITY, city),
    ):
        assert told(one) == {f"{name}_id": str(unit), "unit_ids": f"{{{unit}}}"}


def test_of_several_units_the_others_are_an_array() -> None:
    roles = [
        grant(Role.SCHOOL_ADMIN, SubjectKind.UNIT, each, school_id=each)
        for each in (SCHOOL, OTHER, THIRD)
    ]
    assert told(*roles) == {
        "school_id": str(SCHOOL), "school_ids": f"{{{OTHER},{THIRD}}}",
        "unit_ids": f"{{{SCHOOL},{OTHER},{THIRD}}}",
    }  # fmt: skip


def test_a_role_over_a_group_is_bound_to_where_its_unit_organises() -> None:
    leader = grant(Role.GROUP_LEADER, SubjectKind.GROUP, THIRD, school_id=SCHOOL)
    assert told(leader) == {"unit_ids": f"{{{SCHOOL}}}"}


def test_a_teacher_is_bound_to_themselves() -> None:
    """Their school is where they stand, and no bound: they have no role over it."""
    own = grant(Role.TEACHER, SubjectKind.SELF, THIRD, school_id=SCHOOL)
    assert told(own, teacher_id=THIRD) == {"teacher_id": str(THIRD)}


def test_who_stands_for_schools_is_bound_to_those_of_today() -> None:
    adviser = grant(Role.SCHOOL_ADVISER, SubjectKind.ASSIGNMENT, THIRD, schools=(SCHOOL, OTHER))
    assert told(adviser) == {
        "school_id": str(SCHOOL), "school_ids": f"{{{OTHER}}}",
        "unit_ids": f"{{{COUNTY},{SCHOOL},{OTHER}}}",
    }  # fmt: skip


def test_who_has_no_role_is_told_nothing() -> None:
    assert told() == {}
