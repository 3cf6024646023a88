from datetime import date, timedelta

import pytest

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.training.groups import GroupClosed, GroupDuty, GroupNotFound, close_group, get_group
from app.domain.training.members import (
    GroupHasHead,
    MemberExists,
    MemberNotFound,
    MemberOutsideUnit,
    NewDuty,
    NewMember,
    TermOutOfOrder,
    add_member,
    change_duty,
    end_membership,
    list_group_history,
    list_members,
    members_of,
)
from app.sql import Connection, Row
from tests.make import NOW, TODAY, City, Person, make_account, make_group


async def names_in(db: Connection, person: Person, group: Row) -> list[str]:
    page = await list_members(db, person.actor, group_id=group["id"], page=PageRequest(), now=NOW)
    return [row["name"] for row in page.items]


async def history(db: Connection, group: Row) -> list[tuple[date, date | None, bool]]:
    rows = await db._driver.fetch(
        "SELECT valid_from, valid_to, superseded_at IS NULL AS live FROM group_member"
        " WHERE group_id = $1 ORDER BY id",
        group["id"],
    )
    return [tuple(row) for row in rows]


async def test_heads_come_first_and_the_view_is_narrow(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.colleague)
    new = NewMember(teacher_id=city.teacher["id"], duty=GroupDuty.HEAD, valid_from=date(2026, 9, 1))
    added = await add_member(db, city.school_admin.actor, group_id=group["id"], new=new, now=NOW)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    for person in (leader, city.teacher_account, city.colleague_account, city.school_admin):
        assert await names_in(db, person, group) == ["测试甲", "测试乙"]
    page = await list_members(db, leader.actor, group_id=group["id"], page=PageRequest(), now=NOW)
    assert page.items[0] == added
    assert added == {
        "id": added["id"],
        "group_id": group["id"],
        "teacher_id": city.teacher["id"],
        "name": "测试甲",
        "duty": "head",
        "valid_from": date(2026, 9, 1),
        "valid_to": None,
    }


async def test_members_elsewhere_are_not_seen(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    for person in (city.sibling_admin, city.colleague_account, city.other_county_admin):
        with pytest.raises(GroupNotFound):
            await names_in(db, person, group)
        found = await members_of(db, person.actor, group_ids=[group["id"]], page=PageRequest())
        assert found[group["id"]].items == []


async def test_nobody_is_a_member_twice(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    new = NewMember(teacher_id=city.teacher["id"])
    with pytest.raises(MemberExists):
        async with db.transaction():
            await add_member(db, city.school_admin.actor, group_id=group["id"], new=new, now=NOW)
    assert await history(db, group) == [(date(2020, 9, 1), None, True)]


async def test_a_group_takes_in_teachers_of_its_unit_alone(db: Connection, city: City) -> None:
    of_school = await make_group(db, city.school)
    of_county = await make_group(db, city.county, name="校际组")
    new = NewMember(teacher_id=city.sibling_teacher["id"])
    with pytest.raises(TeacherNotFound):
        await add_member(db, city.school_admin.actor, group_id=of_school["id"], new=new, now=NOW)
    with pytest.raises(MemberOutsideUnit):
        await add_member(db, city.county_admin.actor, group_id=of_school["id"], new=new, now=NOW)
    await add_member(db, city.county_admin.actor, group_id=of_county["id"], new=new, now=NOW)
    assert await names_in(db, city.sibling_teacher_account, of_county) == ["测试丙"]
    assert await history(db, of_school) == []


async def test_a_leader_does_not_choose_the_members(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    new = NewMember(teacher_id=city.teacher["id"])
    with pytest.raises(NotAllowed):
        await add_member(db, leader.actor, group_id=group["id"], new=new, now=NOW)
    assert await history(db, group) == []


async def test_a_membership_that_ends_can_still_be_told(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    actor, teacher_id = city.school_admin.actor, city.teacher["id"]
    ended = await end_membership(db, actor, group_id=group["id"], teacher_id=teacher_id, now=NOW)
    assert (ended["name"], ended["valid_from"]) == ("测试甲", date(2020, 9, 1))
    assert await history(db, group) == [
        (date(2020, 9, 1), None, False),
        (date(2020, 9, 1), TODAY, True),
    ]
    with pytest.raises(MemberNotFound):
        await end_membership(db, actor, group_id=group["id"], teacher_id=teacher_id, now=NOW)
    again = NewMember(teacher_id=teacher_id)
    await add_member(db, actor, group_id=group["id"], new=again, now=NOW)
    assert len(await history(db, group)) == 3


async def test_who_left_no_longer_sees_the_group(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    actor = city.teacher_account.actor
    await get_group(db, actor, group_id=group["id"])
    long_ago = NOW - timedelta(days=30)
    await end_membership(
        db,
        city.school_admin.actor,
        group_id=group["id"],
        teacher_id=city.teacher["id"],
        now=long_ago,
    )
    with pytest.raises(GroupNotFound):
        await get_group(db, actor, group_id=group["id"])


async def test_the_members_of_many_groups_are_one_statement(db: Connection, city: City) -> None:
    groups = [
        await make_group(db, city.school, city.teacher, city.colleague),
        await make_group(db, city.sibling, city.sibling_teacher),
    ]
    before = db.statements
    found = await members_of(
        db,
        city.county_admin.actor,
        group_ids=[group["id"] for group in groups],
        page=PageRequest(),
    )
    assert db.statements - before == 1
    names = [[row["name"] for row in page.items] for page in found.values()]
    assert names == [["测试乙", "测试甲"], ["测试丙"]]


async def test_members_are_read_page_by_page_heads_first(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.colleague)
    head = NewMember(teacher_id=city.teacher["id"], duty=GroupDuty.HEAD)
    actor = city.school_admin.actor
    await add_member(db, actor, group_id=group["id"], new=head, now=NOW)
    names, cursor = [], None
    for _ in range(2):
        request = PageRequest(limit=1, cursor=cursor)
        page = await list_members(db, actor, group_id=group["id"], page=request, now=NOW)
        names += [row["name"] for row in page.items]
        cursor = page.next
    assert (names, cursor) == (["测试甲", "测试乙"], None)


async def duties_on(db: Connection, city: City, group: Row, day: date) -> dict[str, str]:
    page = await list_members(
        db, city.school_admin.actor, group_id=group["id"], page=PageRequest(), now=NOW, as_of=day
    )
    return {row["name"]: row["duty"] for row in page.items}


async def test_a_head_takes_over_for_a_term_and_is_a_member_after_it(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    actor, one, other = city.school_admin.actor, city.teacher["id"], city.colleague["id"]
    autumn, spring, summer = date(2025, 9, 1), date(2026, 3, 1), date(2026, 9, 1)
    first = NewDuty(duty=GroupDuty.HEAD, valid_from=autumn)
    await change_duty(db, actor, group_id=group["id"], teacher_id=one, new=first, now=NOW)
    term = NewDuty(duty=GroupDuty.HEAD, valid_from=spring, valid_to=summer)
    named = await change_duty(db, actor, group_id=group["id"], teacher_id=other, new=term, now=NOW)
    assert (named["name"], named["duty"]) == ("测试乙", "head")
    assert (named["valid_from"], named["valid_to"]) == (spring, summer)
    heads = {
        day: [
            name for name, duty in (await duties_on(db, city, group, day)).items() if duty == "head"
        ]
        for day in (date(2025, 8, 31), autumn, date(2026, 2, 28), spring, date(2026, 8, 31), summer)
    }
    assert list(heads.values()) == [[], ["测试甲"], ["测试甲"], ["测试乙"], ["测试乙"], []]
    assert set(await duties_on(db, city, group, summer)) == {"测试甲", "测试乙"}
    page = await list_group_history(db, actor, group_id=group["id"], page=PageRequest())
    assert [
        (row["name"], row["duty"], row["valid_from"], row["valid_to"]) for row in page.items
    ] == [
        ("测试甲", "member", date(2020, 9, 1), autumn),
        ("测试乙", "member", date(2020, 9, 1), spring),
        ("测试甲", "head", autumn, spring),
        ("测试乙", "head", spring, summer),
        ("测试甲", "member", spring, None),
        ("测试乙", "member", summer, None),
    ]


async def test_what_was_believed_before_a_change_can_be_told(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    actor, long_ago = city.school_admin.actor, date(2020, 12, 1)
    member = NewMember(teacher_id=city.teacher["id"], valid_from=date(2020, 9, 1))
    before = NOW - timedelta(days=30)
    await add_member(db, actor, group_id=group["id"], new=member, now=before)
    new = NewDuty(duty=GroupDuty.HEAD, valid_from=long_ago)
    teacher_id = city.teacher["id"]
    await change_duty(db, actor, group_id=group["id"], teacher_id=teacher_id, new=new, now=NOW)
    told = [
        await list_members(
            db,
            actor,
            group_id=group["id"],
            page=PageRequest(),
            now=NOW,
            as_of=long_ago,
            known_on=day,
        )
        for day in (None, TODAY - timedelta(days=1))
    ]
    assert [[row["duty"] for row in page.items] for page in told] == [["head"], ["member"]]


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 9, 1), date(2026, 9, 1)), (date(2019, 9, 1), None)],
)
async def test_a_term_in_the_wrong_order_changes_nothing(
    db: Connection, city: City, since: date, until: date | None
) -> None:
    group = await make_group(db, city.school, city.teacher)
    new = NewDuty(duty=GroupDuty.HEAD, valid_from=since, valid_to=until)
    with pytest.raises((TermOutOfOrder, MemberNotFound)):
        await change_duty(
            db, city.school_admin.actor, group_id=group["id"], teacher_id=city.teacher["id"],
            new=new, now=NOW,
        )  # fmt: skip
    assert await history(db, group) == [(date(2020, 9, 1), None, True)]


async def test_a_second_head_is_not_added_beside_the_first(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    actor = city.school_admin.actor
    head = NewMember(teacher_id=city.teacher["id"], duty=GroupDuty.HEAD)
    await add_member(db, actor, group_id=group["id"], new=head, now=NOW)
    other = NewMember(teacher_id=city.colleague["id"], duty=GroupDuty.HEAD)
    with pytest.raises(GroupHasHead):
        async with db.transaction():
            await add_member(db, actor, group_id=group["id"], new=other, now=NOW)
    assert await names_in(db, city.school_admin, group) == ["测试甲"]


async def test_nobody_joins_a_group_that_was_closed(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    actor = city.school_admin.actor
    await close_group(db, actor, group_id=group["id"], now=NOW)
    with pytest.raises(GroupClosed):
        await add_member(
            db, actor, group_id=group["id"], new=NewMember(teacher_id=city.colleague["id"]), now=NOW
        )
    assert await names_in(db, city.school_admin, group) == []
    assert set(await duties_on(db, city, group, TODAY - timedelta(days=1))) == {"测试甲"}
