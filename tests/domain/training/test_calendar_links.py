from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.access.roles import Role
from app.domain.errors import NotAllowed, NotFound
from app.domain.training.activities import ActivityState, cancel_activity
from app.domain.training.calendar_links import (
    MOST_LINKS,
    CalendarAbout,
    CalendarLinkNotFound,
    NewCalendarLink,
    TooManyCalendarLinks,
    calendar_of_link,
    create_calendar_link,
    list_calendar_links,
    revoke_calendar_link,
)
from app.domain.training.groups import close_group
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_activity, make_group


def hashed(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


async def link(db: Connection, person: Person, secret: str = "s", **what: Any) -> Row:
    new = NewCalendarLink(**{"about": CalendarAbout.OWN, **what})
    return await create_calendar_link(db, person.actor, new=new, token_hash=hashed(secret), now=NOW)


async def titles(db: Connection, secret: str = "s") -> list[str]:
    shown = await calendar_of_link(db, token_hash=hashed(secret), now=NOW)
    return [row["title"] for row in shown["sessions"]]


async def test_ones_own_calendar_shows_what_is_meant_for_one(db: Connection, city: City) -> None:
    admin = city.school_admin
    await make_activity(db, city.school, admin, title="本校")
    await make_activity(db, city.school, admin, title="草稿", state=ActivityState.DRAFT)
    await make_activity(db, city.sibling, city.sibling_admin, title="外校")
    await make_activity(db, city.county, city.county_admin, title="全县")
    long_ago = NOW - timedelta(days=400)
    await make_activity(db, city.school, admin, title="旧事", begins=long_ago)
    await link(db, city.teacher_account)
    before = db.statements
    assert sorted(await titles(db)) == ["全县", "本校"]
    assert db.statements - before == 4


async def test_a_cancelled_activity_is_still_told_of(db: Connection, city: City) -> None:
    made = await make_activity(db, city.school, city.school_admin, title="本校")
    await link(db, city.teacher_account)
    [before] = (await calendar_of_link(db, token_hash=hashed("s"), now=NOW))["sessions"]
    await cancel_activity(db, city.school_admin.actor, activity_id=made["id"], now=NOW)
    [after] = (await calendar_of_link(db, token_hash=hashed("s"), now=NOW))["sessions"]
    assert (before["cancelled"], after["cancelled"]) == (False, True)
    assert after["change_sequence"] > before["change_sequence"]


async def test_a_schools_and_a_groups_calendars_show_what_they_organise(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher)
    await make_activity(db, city.school, city.school_admin, title="组内", group=group)
    await make_activity(db, city.school, city.school_admin, title="全校")
    await make_activity(db, city.sibling, city.sibling_admin, title="外校")
    school, own = city.school["id"], group["id"]
    await link(db, city.school_admin, "unit", about=CalendarAbout.UNIT, subject_id=school)
    await link(db, city.teacher_account, "group", about=CalendarAbout.GROUP, subject_id=own)
    assert sorted(await titles(db, "unit")) == ["全校", "组内"]
    assert await titles(db, "group") == ["组内"]


async def test_a_link_shows_no_more_than_its_owner_may_see(db: Connection, city: City) -> None:
    foreign = await make_group(db, city.sibling, city.sibling_teacher)
    for person, about, subject_id in (
        (city.school_admin, CalendarAbout.UNIT, city.sibling["id"]),
        (city.teacher_account, CalendarAbout.UNIT, city.school["id"]),
        (city.teacher_account, CalendarAbout.GROUP, foreign["id"]),
        (city.school_admin, CalendarAbout.OWN, None),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            await link(db, person, about=about, subject_id=subject_id)
    for own, subject_id in ((CalendarAbout.OWN, city.school["id"]), (CalendarAbout.UNIT, None)):
        with pytest.raises(ValidationError, match="names"):
            NewCalendarLink(about=own, subject_id=subject_id)
    assert await list_calendar_links(db, city.teacher_account.actor) == []


async def test_a_link_ends_with_what_its_owner_may_do(db: Connection, city: City) -> None:
    group = await make_group(db, city.school)
    leader = await make_account(db, "leader", Role.GROUP_LEADER, group)
    await make_activity(db, city.school, city.school_admin, title="组内", group=group)
    await link(db, leader, about=CalendarAbout.GROUP, subject_id=group["id"])
    assert await titles(db) == ["组内"]
    await close_group(db, city.school_admin.actor, group_id=group["id"], now=NOW)
    with pytest.raises(CalendarLinkNotFound):
        await titles(db)


async def test_a_suspended_accounts_links_are_dead(db: Connection, city: City) -> None:
    await link(db, city.teacher_account)
    await db._driver.execute(
        "UPDATE account SET suspended_at = now() WHERE id = $1",
        city.teacher_account.actor.account_id,
    )
    with pytest.raises(CalendarLinkNotFound):
        await titles(db)


async def test_a_link_is_revoked_by_its_owner_alone(db: Connection, city: City) -> None:
    made = await link(db, city.teacher_account)
    with pytest.raises(CalendarLinkNotFound):
        await revoke_calendar_link(db, city.colleague_account.actor, link_id=made["id"], now=NOW)
    owner = city.teacher_account.actor
    assert [row["id"] for row in await list_calendar_links(db, owner)] == [made["id"]]
    await revoke_calendar_link(db, owner, link_id=made["id"], now=NOW)
    assert await list_calendar_links(db, owner) == []
    for refused in (titles(db), revoke_calendar_link(db, owner, link_id=made["id"], now=NOW)):
        with pytest.raises(CalendarLinkNotFound):
            await refused


async def test_an_account_has_so_many_links_and_no_more(db: Connection, city: City) -> None:
    for n in range(MOST_LINKS):
        await link(db, city.teacher_account, str(n))
    with pytest.raises(TooManyCalendarLinks):
        await link(db, city.teacher_account, "one more")
    assert len(await list_calendar_links(db, city.teacher_account.actor)) == MOST_LINKS
