import pytest

from app.domain.access.roles import PERMISSIONS, PERSONAL, SUBJECT, Permission, Role, SubjectKind


def test_who_stands_higher_may_do_all_that_those_below_may() -> None:
    assert PERMISSIONS[Role.SCHOOL_ADMIN] < PERMISSIONS[Role.COUNTY_ADMIN]
    assert PERMISSIONS[Role.COUNTY_ADMIN] < PERMISSIONS[Role.CITY_ADMIN]
    assert PERMISSIONS[Role.GROUP_LEADER] < PERMISSIONS[Role.SCHOOL_ADMIN]
    assert PERMISSIONS[Role.TEACHER] - PERSONAL < PERMISSIONS[Role.SCHOOL_ADMIN]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TEACHER])
def test_these_change_nothing_that_is_administered(role: Role) -> None:
    assert {each.value.partition(":")[2] for each in PERMISSIONS[role]} <= {"read", "participate"}


def test_a_client_touches_neither_accounts_nor_people() -> None:
    writes = {each for each in PERMISSIONS[Role.INTEGRATION] if not each.value.endswith(":read")}
    assert writes == {Permission.PROVINCE_EXCHANGE}
    assert Permission.ACCOUNT_READ not in PERMISSIONS[Role.INTEGRATION]


def test_taking_part_is_a_teachers_own() -> None:
    assert {role for role in Role if Permission.PARTICIPATE in PERMISSIONS[role]} == {Role.TEACHER}


def test_schools_neither_recognise_nor_reverse_credit() -> None:
    recognising = {Permission.CREDIT_RECOGNISE, Permission.CREDIT_REVERSE}
    may = {role for role in Role if recognising & PERMISSIONS[role]}
    assert may == {Role.CITY_ADMIN, Role.COUNTY_ADMIN}


def test_every_permission_is_somebodys() -> None:
    assert frozenset().union(*PERMISSIONS.values()) == frozenset(Permission)


def test_what_a_role_is_granted_over() -> None:
    below_the_school = {role: kind for role, kind in SUBJECT.items() if kind != SubjectKind.UNIT}
    assert below_the_school == {
        Role.GROUP_LEADER: SubjectKind.GROUP,
        Role.TEACHER: SubjectKind.SELF,
    }
    assert SUBJECT.keys() == set(Role)
