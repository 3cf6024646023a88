"""Notices: who may send them to whom, who sees them, who confirms them."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed, NotFound
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.training.notices import (
    NewNotice,
    NoticeChanges,
    Receipt,
    confirm_notice,
    create_notice,
    get_notice,
    list_notice_receipts,
    list_notices,
    list_own_notices,
    publish_notice,
    read_notice,
    update_notice,
    withdraw_notice,
)
from app.domain.training.notices.notice import NoticeNotFound
from app.domain.training.notices.receipts import NoticeConfirmedElsewhere, NoticeWithoutReceipt
from app.domain.training.notices.sending import (
    NoticeAudienceOutside,
    NoticeDuePast,
    NoticeWrongState,
)
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_account, make_city, make_group
from tests.make_notices import make_notice
from tests.make_organisation import make_network

PAGE = PageRequest(limit=100)
DAY = timedelta(days=1)


def drafted(unit: Row, *audience: Row, **more: Any) -> NewNotice:
    fields = {"title": "通知", "text": "请知悉。", "receipt": "units"} | more
    keys = [each["id"] for each in audience or (unit,)]
    return NewNotice.model_validate({"unit_id": unit["id"], "audience": keys, **fields})


async def seen_by(db: Connection, who: Person) -> list[Any]:
    page = await list_own_notices(db, who.actor, page=PAGE)
    return [row["id"] for row in page.items]


async def test_a_notice_is_drafted_published_and_withdrawn(db: Connection, city: City) -> None:
    admin = city.county_admin.actor
    draft = await create_notice(db, admin, new=drafted(city.county, document="岳教〔2026〕1号"))
    key = {"notice_id": draft["id"]}
    assert (draft["state"], draft["audience"]) == ("draft", [city.county["id"]])
    assert await seen_by(db, city.school_admin) == []
    changes = NoticeChanges(title="改名", audience=[city.school["id"]], due_on=date(2026, 11, 30))
    changed = await update_notice(db, admin, **key, changes=changes)
    assert (changed["title"], changed["document"]) == ("改名", "岳教〔2026〕1号")
    before = db.statements
    told = await publish_notice(db, admin, **key, now=NOW)
    assert db.statements - before == 4
    assert (told["state"], told["published_at"]) == ("published", NOW)
    for person in (city.school_admin, city.teacher_account):
        assert await seen_by(db, person) == [draft["id"]]
        assert (await get_notice(db, person.actor, **key))["title"] == "改名"
    for person in (city.sibling_admin, city.other_county_admin):
        assert await seen_by(db, person) == []
        with pytest.raises(NoticeNotFound):
            await get_notice(db, person.actor, **key)
    for act in (
        update_notice(db, admin, **key, changes=changes), publish_notice(db, admin, **key, now=NOW)
    ):  # fmt: skip
        with pytest.raises(NoticeWrongState):
            await act
    assert (await withdraw_notice(db, admin, **key, now=NOW))["state"] == "withdrawn"
    assert await seen_by(db, city.school_admin) == []
    with pytest.raises(NoticeWrongState):
        await withdraw_notice(db, admin, **key, now=NOW)
    page = await list_notices(db, admin, page=PAGE)
    assert [row["id"] for row in page.items] == [draft["id"]]


async def test_nobody_sends_beyond_their_place(db: Connection, city: City) -> None:
    admin = city.county_admin.actor
    for target in (city.city, city.far_school, city.other_county):
        with pytest.raises(NoticeAudienceOutside):
            await create_notice(db, admin, new=drafted(city.county, city.school, target))
    with pytest.raises(UnitNotFound):
        await create_notice(db, admin, new=drafted(city.other_county))
    for person in (city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed):
            await create_notice(db, person.actor, new=drafted(city.school))
    draft = await create_notice(db, admin, new=drafted(city.county, due_on="2026-11-01"))
    with pytest.raises(NoticeDuePast):
        await publish_notice(db, admin, notice_id=draft["id"], now=NOW)


async def test_a_network_stands_for_its_schools_of_the_day(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.school)
    admin = city.county_admin.actor
    draft = await create_notice(db, admin, new=drafted(city.county, network))
    told = await publish_notice(db, admin, notice_id=draft["id"], now=NOW)
    assert set(told["audience"]) == {network["id"], city.school["id"]}
    assert await seen_by(db, city.school_admin) == [draft["id"]]
    assert await seen_by(db, city.sibling_admin) == []


async def test_a_group_stands_for_its_members(db: Connection, city: City) -> None:
    group = await make_group(db, city.school, city.teacher)
    row = await make_notice(db, city.school, city.school_admin, group, receipt=Receipt.PEOPLE)
    assert await seen_by(db, city.teacher_account) == [row["id"]]
    assert await seen_by(db, city.colleague_account) == []


async def test_a_unit_confirms_once_whoever_does_it(db: Connection, city: City) -> None:
    row = await make_notice(db, city.county, city.county_admin)
    key = {"notice_id": row["id"]}
    first = await confirm_notice(db, city.school_admin.actor, **key, now=NOW)
    assert first["confirmed_at"] == NOW
    second = await make_account(db, "second", Role.SCHOOL_ADMIN, city.school)
    again = await confirm_notice(db, second.actor, **key, now=NOW + DAY)
    assert (again["confirmed_at"], again["read_at"]) == (NOW, NOW + DAY)
    await read_notice(db, city.teacher_account.actor, **key, now=NOW)
    with pytest.raises(NotAllowed):
        await confirm_notice(db, city.teacher_account.actor, **key, now=NOW)
    with pytest.raises(NoticeConfirmedElsewhere):
        await confirm_notice(db, city.county_admin.actor, **key, now=NOW)
    before = db.statements
    rows = await list_notice_receipts(db, city.county_admin.actor, **key)
    assert db.statements - before == 2
    shown = {each["name"]: (each["readers"], each["confirmed_at"]) for each in rows}
    assert shown == {"甲县第一小学": (3, NOW), "甲县第二小学": (0, None)}
    missing = await list_notice_receipts(db, city.county_admin.actor, **key, missing=True)
    assert [each["name"] for each in missing] == ["甲县第二小学"]
    with pytest.raises(NotAllowed):
        await list_notice_receipts(db, city.school_admin.actor, **key)


async def test_each_teacher_confirms_for_oneself(db: Connection, city: City) -> None:
    row = await make_notice(db, city.county, city.county_admin, city.school, receipt=Receipt.PEOPLE)
    key = {"notice_id": row["id"]}
    read = await read_notice(db, city.teacher_account.actor, **key, now=NOW)
    assert read["confirmed_at"] is None
    for later in (DAY, 2 * DAY):
        told = await confirm_notice(db, city.teacher_account.actor, **key, now=NOW + later)
        assert (told["read_at"], told["confirmed_at"]) == (NOW, NOW + DAY)
    with pytest.raises(NotAllowed):
        await confirm_notice(db, city.school_admin.actor, **key, now=NOW)
    (school,) = await list_notice_receipts(db, city.county_admin.actor, **key)
    assert (school["readers"], school["confirmations"]) == (1, 1)
    assert await list_notice_receipts(db, city.county_admin.actor, **key, missing=True) == []


async def test_what_is_not_asked_for_is_not_confirmed(db: Connection, city: City) -> None:
    row = await make_notice(db, city.county, city.county_admin, receipt=Receipt.NONE)
    key = {"notice_id": row["id"]}
    with pytest.raises(NoticeWithoutReceipt):
        await confirm_notice(db, city.school_admin.actor, **key, now=NOW)
    await withdraw_notice(db, city.county_admin.actor, **key, now=NOW)
    with pytest.raises(NotFound):
        await read_notice(db, city.school_admin.actor, **key, now=NOW)
    with pytest.raises(NoticeWrongState):
        await read_notice(db, city.county_admin.actor, **key, now=NOW)


async def test_of_many_who_confirm_at_once_one_is_kept(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        row = await make_notice(db, city.county, city.county_admin)

    async def confirm(later: int) -> Any:
        async with real_pool.transaction() as db:
            at = NOW + later * DAY
            return await confirm_notice(db, city.school_admin.actor, notice_id=row["id"], now=at)

    told = await asyncio.gather(*(confirm(each) for each in range(6)))
    assert len({each["confirmed_at"] for each in told}) == 1
    assert len({each["read_at"] for each in told}) == 1
