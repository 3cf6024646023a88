from dataclasses import replace

import pytest

from app.domain.access.actors import Actor, Grant
from app.domain.access.kept_rights import keeps_rights
from app.domain.access.roles import Permission, Role, SubjectKind
from app.sql import new_id


def test_rights_are_kept_where_none_is_missing(city_actor: Actor) -> None:
    [grant] = city_actor.grants
    lesser = replace(grant, role=Role.AUDITOR)
    more = replace(city_actor, grants=(lesser, grant))
    assert keeps_rights(city_actor, more)
    assert not keeps_rights(city_actor, replace(city_actor, grants=(lesser,)))
    assert not keeps_rights(city_actor, replace(city_actor, grants=()))
    elsewhere = replace(grant, subject_id=new_id(), city_id=new_id())
    assert not keeps_rights(city_actor, replace(city_actor, grants=(elsewhere,)))
    scopes = frozenset({Permission.TEACHER_READ, Permission.CREDIT_READ})
    narrowed = replace(city_actor, scopes=scopes)
    assert keeps_rights(narrowed, city_actor)
    assert not keeps_rights(city_actor, narrowed)
    assert not keeps_rights(narrowed, replace(city_actor, scopes=frozenset()))


@pytest.fixture
def city_actor() -> Actor:
    unit_id = new_id()
    grant = Grant(Role.CITY_ADMIN, SubjectKind.UNIT, unit_id, city_id=unit_id)
    return Actor(account_id=new_id(), grants=(grant,))
