import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.activities import (
    ActivityNotFound,
    ActivityState,
    SessionNotFound,
    WrongState,
    remove_session,
)
from app.domain.training.staff import (
    NewStaff,
    RoleOutsideForm,
    StaffFull,
    StaffNamed,
    StaffNotFound,
    add_staff,
    list_staff,
    list_teacher_staff,
    naming,
    remove_staff,
    staff_of,
    staff_of_sessions,
)
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import City, make_account, make_activity, make_city, make_group
from tests.make_forms import make_form, make_staff

PAGE = PageRequest()
OUTSIDE = {"name": "测试专家", "unit": "测试大学"}


def speaker(teacher: Row | None = None, **more: Any) -> NewStaff:
    person = {"teacher_id": teacher["id"]} if teacher else OUTSIDE
    return NewStaff.model_validate({"role": "speaker", **person, **more})


async def test_staff_are_shown_by_name_and_unit_alone(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin)
    key, actor = {"activity_id": activity["id"]}, city.school_admin.actor
    named = await add_staff(db, actor, **key, new=speaker(city.teacher))
    assert named == {
        "session_id": None,
        "role": "speaker",
        "id": named["id"],
        "activity_id": activity["id"],
        "name": "测试甲",
        "unit": "甲县第一小学",
    }
    session_id = activity["sessions"][0]["id"]
    outside = await add_staff(db, actor, **key, new=speaker(role="reviewer", session_id=session_id))
    assert (outside["name"], outside["unit"]) == ("测试专家", "测试大学")
    before = db.statements
    assert await list_staff(db, city.colleague_account.actor, **key) == [named, outside]
    assert db.statements - before == 2
    of_session = await staff_of_sessions(db, city.colleague_account.actor, session_ids=[session_id])
    assert of_session == {session_id: [outside]}
    with pytest.raises(ActivityNotFound):
        await list_staff(db, city.sibling_teacher_account.actor, **key)
    hidden = await staff_of(db, city.sibling_teacher_account.actor, activity_ids=[activity["id"]])
    assert hidden == {activity["id"]: []}


async def test_a_teachers_own_list_tells_what_was_published(db: Connection, city: City) -> None:
    published = await make_activity(db, city.county, city.county_admin, title="县专题报告")
    draft = await make_activity(db, city.county, city.county_admin, state=ActivityState.DRAFT)
    for activity in (published, draft):
        await make_staff(db, activity, city.teacher)
        await make_staff(db, activity, None)
    own = {"teacher_id": city.teacher["id"], "page": PAGE}
    for person in (city.teacher_account, city.school_admin, city.city_admin):
        page = await list_teacher_staff(db, person.actor, **own)
        (row,) = page.items
        assert (row["activity_id"], row["title"], row["role"], row["state"]) == (
            published["id"], "县专题报告", "speaker", "published"
        )  # fmt: skip
    with pytest.raises(TeacherNotFound):
        await list_teacher_staff(db, city.sibling_admin.actor, **own)


async def test_who_does_not_organise_names_nobody(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.county, city.county_admin)
    staff = await make_staff(db, activity, city.teacher)
    for person in (city.teacher_account, city.school_admin, city.auditor):
        with pytest.raises(NotAllowed):
            await add_staff(
                db, person.actor, activity_id=activity["id"], new=speaker(city.colleague)
            )
        with pytest.raises(NotAllowed):
            await remove_staff(db, person.actor, staff_id=staff["id"])
    with pytest.raises(StaffNotFound):
        await remove_staff(db, city.other_county_admin.actor, staff_id=staff["id"])
    left = await list_staff(db, city.county_admin.actor, activity_id=activity["id"])
    assert len(left) == 1


async def test_what_does_not_fit_names_nobody(db: Connection, city: City) -> None:
    form = await make_form(db, city.city, roles=["demonstrator"])
    activity = await make_activity(db, city.school, city.school_admin, form_id=form["id"])
    other = await make_activity(db, city.school, city.school_admin)
    key, actor = {"activity_id": activity["id"]}, city.school_admin.actor
    with pytest.raises(RoleOutsideForm):
        await add_staff(db, actor, **key, new=speaker(city.teacher))
    foreign = other["sessions"][0]["id"]
    with pytest.raises(SessionNotFound):
        await add_staff(db, actor, **key, new=speaker(role="demonstrator", session_id=foreign))
    with pytest.raises(TeacherNotFound):
        await add_staff(db, actor, **key, new=speaker(city.far_teacher, role="demonstrator"))
    assert await list_staff(db, actor, **key) == []
    new = speaker(city.teacher, role="demonstrator")
    await add_staff(db, actor, **key, new=new)
    with pytest.raises(StaffNamed):
        async with db.transaction():
            await add_staff(db, actor, **key, new=new)
    outside = speaker(role="demonstrator")
    await add_staff(db, actor, **key, new=outside)
    with pytest.raises(StaffNamed):
        async with db.transaction():
            await add_staff(db, actor, **key, new=outside)


async def test_only_so_many_are_named(
    db: Connection, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "MOST_STAFF", 1)
    activity = await make_activity(db, city.school, city.school_admin)
    await make_staff(db, activity, city.teacher)
    with pytest.raises(StaffFull):
        await add_staff(
            db, city.school_admin.actor, activity_id=activity["id"], new=speaker(city.colleague)
        )


async def test_staff_of_what_is_closed_stand(db: Connection, city: City) -> None:
    activity = await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)
    staff = await make_staff(db, activity, city.teacher)
    actor = city.school_admin.actor
    with pytest.raises(WrongState):
        await add_staff(db, actor, activity_id=activity["id"], new=speaker(city.colleague))
    with pytest.raises(WrongState):
        await remove_staff(db, actor, staff_id=staff["id"])


async def test_staff_are_taken_off_with_their_session(db: Connection, city: City) -> None:
    activity = await make_activity(
        db, city.school, city.school_admin, state=ActivityState.DRAFT, sessions=2
    )
    actor, key = city.school_admin.actor, {"activity_id": activity["id"]}
    first = activity["sessions"][0]["id"]
    await make_staff(db, activity, city.teacher, session_id=first)
    staff = await make_staff(db, activity, city.teacher)
    await remove_session(db, actor, session_id=first)
    assert [row["id"] for row in await list_staff(db, actor, **key)] == [staff["id"]]
    removed = await remove_staff(db, actor, staff_id=staff["id"])
    assert removed["id"] == staff["id"]
    assert await list_staff(db, actor, **key) == []
    with pytest.raises(StaffNotFound):
        await remove_staff(db, actor, staff_id=staff["id"])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "测试专家"},
        {"teacher_id": str(new_id()), **OUTSIDE},
        {"teacher_id": str(new_id()), "unit": "测试大学"},
    ],
)
def test_staff_are_one_person(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewStaff.model_validate({"role": "speaker", **given})


async def test_two_who_name_the_same_name_one(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.school, city.school_admin)

    async def name() -> bool:
        try:
            async with real_pool.transaction() as db:
                await add_staff(
                    db, city.school_admin.actor, activity_id=activity["id"], new=speaker()
                )
        except StaffNamed:
            return False
        return True

    assert sorted(await asyncio.gather(name(), name())) == [False, True]


async def test_a_leader_names_the_members_of_the_group_alone(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    activity = await make_activity(db, city.school, city.school_admin, group=group)
    key = {"activity_id": activity["id"]}
    named = await add_staff(db, leader.actor, **key, new=speaker(city.teacher))
    assert named["name"] == "测试甲"
    other = city.colleague
    with pytest.raises(TeacherNotFound):
        await add_staff(db, leader.actor, **key, new=speaker(other))
    assert len(await list_staff(db, leader.actor, **key)) == 1
