from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import column
from sqlalchemy.dialects import postgresql

from app.domain.access.actors import (
    Actor,
    Grant,
    PasswordChangeDue,
    Scope,
    SecondFactorDue,
    within,
)
from app.domain.access.roles import Duty, Permission, Role, SubjectKind
from app.domain.errors import NotAllowed
from app.sql import new_id

CITY, COUNTY, SCHOOL, GROUP, TEACHER = (new_id() for _ in range(5))


def unit_grant(role: Role, unit: UUID, county: UUID, school: UUID | None = None) -> Grant:
    return Grant(role, SubjectKind.UNIT, unit, CITY, county, school)


CITY_GRANT = unit_grant(Role.AUDITOR, CITY, CITY)
COUNTY_GRANT = unit_grant(Role.COUNTY_ADMIN, COUNTY, COUNTY)
SCHOOL_GRANT = unit_grant(Role.SCHOOL_ADMIN, SCHOOL, COUNTY, SCHOOL)
DIRECT_SCHOOL_GRANT = unit_grant(Role.SCHOOL_ADMIN, SCHOOL, CITY, SCHOOL)
GROUP_GRANT = Grant(Role.GROUP_LEADER, SubjectKind.GROUP, GROUP, CITY, COUNTY, SCHOOL)
SELF_GRANT = Grant(Role.TEACHER, SubjectKind.SELF, TEACHER, CITY, COUNTY, SCHOOL)


@pytest.mark.parametrize(
    ("grant", "decides"),
    [
        (CITY_GRANT, "city_id"),
        (COUNTY_GRANT, "county_id"),
        (SCHOOL_GRANT, "school_id"),
        (DIRECT_SCHOOL_GRANT, "school_id"),
        (GROUP_GRANT, "group_id"),
        (SELF_GRANT, "teacher_id"),
    ],
)
def test_a_grant_reaches_by_the_column_of_its_subject(grant: Grant, decides: str) -> None:
    assert grant.column == decides
    assert Scope([grant]).values == {decides: [grant.subject_id]}


BESIDE = new_id()
EVERY_DUTY = tuple(Duty)


def beside(role: Role, kind: SubjectKind, county: UUID | None, **rest: Any) -> Grant:
    return Grant(role, kind, BESIDE, CITY, county, **rest)


@pytest.mark.parametrize(
    ("grant", "reached"),
    [
        (beside(Role.DEPARTMENT_OFFICER, SubjectKind.DEPARTMENT, COUNTY, duties=EVERY_DUTY),
         {"department_id": [BESIDE], "county_id": [COUNTY]}),
        (beside(Role.DEPARTMENT_OFFICER, SubjectKind.DEPARTMENT, CITY, duties=EVERY_DUTY),
         {"department_id": [BESIDE], "city_id": [CITY]}),
        (beside(Role.DEPARTMENT_OFFICER, SubjectKind.DEPARTMENT, COUNTY, school_id=SCHOOL, duties=EVERY_DUTY),
         {"department_id": [BESIDE]}),
        (beside(Role.DEPARTMENT_OFFICER, SubjectKind.DEPARTMENT, None, duties=EVERY_DUTY),
         {"department_id": [BESIDE]}),
        (beside(Role.NETWORK_COORDINATOR, SubjectKind.NETWORK, COUNTY, schools=(SCHOOL,)),
         {"network_id": [BESIDE], "school_id": [SCHOOL]}),
        (beside(Role.NETWORK_COORDINATOR, SubjectKind.NETWORK, COUNTY), {"network_id": [BESIDE]}),
        (beside(Role.TEACHER, SubjectKind.NETWORK, COUNTY, schools=(SCHOOL,)), {"network_id": [BESIDE]}),
    ],
    ids=["county's", "city's", "school's", "placeless", "network", "empty network", "not beyond"],
)  # fmt: skip
def test_what_lies_beside_the_tree_reaches_its_bureau_or_its_schools(
    grant: Grant, reached: dict[str, list[UUID]]
) -> None:
    assert Scope([grant]).values == reached


def test_a_network_is_not_below_the_school_that_set_it_up() -> None:
    network = beside(Role.NETWORK_COORDINATOR, SubjectKind.NETWORK, COUNTY, school_id=SCHOOL)
    assert network.ancestors == (CITY, COUNTY)
    assert SCHOOL_GRANT.ancestors == (CITY, COUNTY, SCHOOL)
    assert CITY_GRANT.place == {"city_id": CITY, "county_id": CITY, "school_id": None}


def test_a_scope_covers_what_lies_at_or_below_its_subjects() -> None:
    scope = Scope([SCHOOL_GRANT, SCHOOL_GRANT, GROUP_GRANT])
    assert scope.shape == ("group_id", "school_id")
    assert scope.values["school_id"] == [SCHOOL]
    here = {"city_id": CITY, "county_id": COUNTY, "school_id": SCHOOL}
    assert scope.covers(here)
    assert scope.covers({"group_id": GROUP})
    assert not scope.covers({**here, "school_id": new_id()})
    assert not scope.covers({**here, "school_id": None}), "the bureau above is not below"


@pytest.mark.parametrize("grant", [GROUP_GRANT, SELF_GRANT])
def test_a_group_and_a_person_never_cover_their_school(grant: Grant) -> None:
    place = {"city_id": CITY, "county_id": COUNTY, "school_id": SCHOOL}
    assert not Scope([grant]).covers(place)


def test_the_predicate_is_an_or_over_the_columns_that_a_noun_has() -> None:
    columns: dict[str, Any] = {"school_id": column("school_id")}
    shape = Scope([SCHOOL_GRANT, GROUP_GRANT]).shape
    text = str(within(shape, columns).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert "school_id = ANY" in text
    assert "group_id" not in text


@pytest.mark.parametrize("shape", [(), ("group_id",)])
def test_where_no_column_decides_nothing_is_seen(shape: tuple[str, ...]) -> None:
    assert str(within(shape, {"school_id": column("school_id")})) == "false"


def test_a_permission_counts_where_its_own_grant_lies_only() -> None:
    other = new_id()
    actor = Actor(
        account_id=new_id(),
        grants=(unit_grant(Role.SCHOOL_ADMIN, other, COUNTY, other), CITY_GRANT),
    )
    assert actor.scope(Permission.TEACHER_READ).shape == ("city_id", "school_id")
    assert actor.scope(Permission.TEACHER_WRITE).values == {"school_id": [other]}
    within_it = {"city_id": CITY, "school_id": other}
    assert actor.require(Permission.TEACHER_WRITE, within_it).values == {"school_id": [other]}
    with pytest.raises(NotAllowed) as refused:
        actor.require(Permission.TEACHER_WRITE, {"city_id": CITY, "school_id": SCHOOL})
    assert refused.value.details == {"permission": "teacher:write"}


def test_an_account_without_grants_may_nothing() -> None:
    actor = Actor(account_id=new_id(), grants=())
    assert actor.reach.shape == ()
    assert actor.audience == []
    for permission in Permission:
        with pytest.raises(NotAllowed):
            actor.require(permission)


def test_one_is_addressed_as_part_of_what_lies_above_and_by_oneself() -> None:
    actor = Actor(account_id=new_id(), grants=(GROUP_GRANT, SELF_GRANT))
    assert set(actor.ancestors) == {CITY, COUNTY, SCHOOL}
    assert set(actor.audience) == {CITY, COUNTY, SCHOOL, GROUP, TEACHER}
    assert actor.cities == [CITY]


def test_nothing_is_permitted_before_a_first_password_is_changed() -> None:
    actor = Actor(account_id=new_id(), grants=(SCHOOL_GRANT,), must_change_password=True)
    for ask in (actor.require_own_password, actor.require_free):
        with pytest.raises(PasswordChangeDue):
            ask()
    with pytest.raises(PasswordChangeDue):
        actor.scope(Permission.UNIT_READ)


def test_nothing_is_permitted_before_a_second_factor_is_enrolled() -> None:
    actor = Actor(account_id=new_id(), grants=(SCHOOL_GRANT,), must_enrol_second_factor=True)
    actor.require_own_password()
    with pytest.raises(SecondFactorDue):
        actor.require_free()
    with pytest.raises(SecondFactorDue):
        actor.scope(Permission.UNIT_READ)


def test_a_ceiling_leaves_room_for_what_it_names_and_nothing_else() -> None:
    ceiling = frozenset({Permission.UNIT_READ})
    actor = Actor(account_id=new_id(), grants=(SCHOOL_GRANT,), scopes=ceiling)
    assert actor.scope(Permission.UNIT_READ).values == {"school_id": [SCHOOL]}
    assert actor.scope(Permission.TEACHER_READ).values == {}
    assert actor.allows(Permission.UNIT_READ)
    assert not actor.allows(Permission.TEACHER_READ)
