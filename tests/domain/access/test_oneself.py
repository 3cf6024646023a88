from app.domain.access.actors import Actor
from app.domain.access.oneself import is_oneself
from app.sql import Connection
from tests.make import City


async def test_a_delegate_is_the_own_person_and_the_granter(db: Connection, city: City) -> None:
    teacher, colleague = city.teacher_account.actor, city.colleague_account.actor
    acting = Actor(teacher.account_id, colleague.grants, on_behalf_of=colleague.account_id)
    for own in (city.teacher, city.colleague):
        assert await is_oneself(db, acting, teacher_ids=[own["id"]])
    for other in (city.sibling_teacher["id"], None):
        assert not await is_oneself(db, acting, teacher_ids=[other])


async def test_without_a_delegation_the_token_says_it(db: Connection, city: City) -> None:
    before = db.statements
    assert await is_oneself(db, city.teacher_account.actor, teacher_ids=[city.teacher["id"]])
    assert not await is_oneself(db, city.teacher_account.actor, teacher_ids=[city.colleague["id"]])
    assert not await is_oneself(db, city.school_admin.actor, teacher_ids=[None])
    assert db.statements == before
