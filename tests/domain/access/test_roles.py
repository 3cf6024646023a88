import pytest

from app.domain.access.roles import (
    AT_SCHOOLS,
    BY_DUTY,
    PERMISSIONS,
    PERSONAL,
    SUBJECT,
    Duty,
    Permission,
    Role,
    SubjectKind,
    at_subject,
    beyond_subject,
)


def test_who_stands_higher_may_do_all_that_those_below_may() -> None:
    assert PERMISSIONS[Role.SCHOOL_ADMIN] < PERMISSIONS[Role.COUNTY_ADMIN]
    assert PERMISSIONS[Role.COUNTY_ADMIN] < PERMISSIONS[Role.CITY_ADMIN]
    assert PERMISSIONS[Role.GROUP_LEADER] < PERMISSIONS[Role.SCHOOL_ADMIN]
    assert PERMISSIONS[Role.TEACHER] - PERSONAL < PERMISSIONS[Role.SCHOOL_ADMIN]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TEACHER])
def test_these_change_nothing_that_is_administered(role: Role) -> None:
    own = PERSONAL | {
        Permission.PERSONAL_DATA_REVEAL, Permission.PHONE_WRITE, Permission.PLAN_WRITE,
        Permission.TOPIC_WRITE, Permission.RESOURCE_WRITE, Permission.DISCUSSION_JOIN,
        Permission.DISCUSSION_WRITE,
    }  # fmt: skip
    beyond_reading = {each for each in PERMISSIONS[role] if not each.value.endswith(":read")}
    assert beyond_reading <= (own if SUBJECT[role] is SubjectKind.SELF else set())


def test_a_client_touches_neither_accounts_nor_people() -> None:
    writes = {each for each in PERMISSIONS[Role.INTEGRATION] if not each.value.endswith(":read")}
    assert writes == {Permission.PROVINCE_EXCHANGE, Permission.LEARNING_RECORD_WRITE}
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
        Role.NETWORK_COORDINATOR: SubjectKind.NETWORK,
        Role.SCHOOL_ADVISER: SubjectKind.ASSIGNMENT,
        Role.DEPARTMENT_OFFICER: SubjectKind.DEPARTMENT,
    }
    assert SUBJECT.keys() == set(Role)


def test_who_writes_departments_may_do_what_their_duties_permit() -> None:
    writes = {role for role in Role if Permission.DEPARTMENT_WRITE in PERMISSIONS[role]}
    assert writes == {Role.CITY_ADMIN, Role.COUNTY_ADMIN, Role.SCHOOL_ADMIN}
    assert all(at_subject(Role.DEPARTMENT_OFFICER) < PERMISSIONS[role] for role in writes)
    of_bureaux = writes - {Role.SCHOOL_ADMIN}
    assert all(beyond_subject(Role.DEPARTMENT_OFFICER) < PERMISSIONS[role] for role in of_bureaux)
    assert all(
        beyond_subject(role) < PERMISSIONS[each] for role in AT_SCHOOLS for each in of_bureaux
    )


def test_an_officer_may_what_the_duties_say() -> None:
    officer = Role.DEPARTMENT_OFFICER
    assert at_subject(officer, ()) == {
        Permission.UNIT_READ,
        Permission.NOTICE_READ,
        Permission.DOCUMENT_READ,
    }
    assert beyond_subject(officer, ()) == beyond_subject(officer, (Duty.ORGANISE,)) == set()
    writing = {duty for duty in Duty if Permission.ACTIVITY_WRITE in at_subject(officer, (duty,))}
    assert writing == {Duty.ORGANISE}
    assert BY_DUTY.keys() == set(Duty)


@pytest.mark.parametrize("role", [*AT_SCHOOLS, Role.DEPARTMENT_OFFICER])
def test_beyond_its_subject_a_role_only_reads_guides_and_reviews(role: Role) -> None:
    writes = {each for each in beyond_subject(role) if not each.value.endswith(":read")}
    reviews = {
        Permission.EVIDENCE_CHECK, Permission.PLAN_REVIEW, Permission.COURSE_REVIEW,
        Permission.TOPIC_REVIEW, Permission.RESOURCE_REVIEW,
    }  # fmt: skip
    assert {each.value.partition(":")[0] for each in writes - reviews} <= {"guidance"}


def test_beyond_their_subject_roles_reach_but_what_stands_for_schools() -> None:
    stands = {SubjectKind.NETWORK, SubjectKind.ASSIGNMENT}
    assert {role for role, kind in SUBJECT.items() if kind in stands} == AT_SCHOOLS.keys()
