import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.channels import FILE, NoChannel, RecordedChannel, open_channel
from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.errors import NotAllowed, NotFound
from app.domain.exchange.deliveries import (
    Channel,
    ChannelDown,
    ChannelKind,
    DeliveryKind,
    DeliveryState,
    Message,
    MessageRefused,
    NewDeliveryPreference,
    list_deliveries,
    list_delivery_preferences,
    list_own_deliveries,
    queue_notices,
    retry_delivery,
    send_due_delivery,
    set_delivery_preference,
    tidy_deliveries,
)
from app.domain.exchange.deliveries.delivery import DeliveryNotGivenUp
from app.domain.exchange.deliveries.sending import FIRST_PAUSE, KEPT, MOST_ATTEMPTS, TEXTS
from app.domain.paging import PageRequest
from app.domain.training.notices import withdraw_notice
from app.request import Resources
from app.settings import Settings
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, make_account, make_city, make_group
from tests.make_deliveries import Kept, make_delivery
from tests.make_notices import make_notice

PAGE = PageRequest()


async def send_all(db: Connection, channel: Channel) -> int:
    sent = 0
    while await send_due_delivery(db, channel=channel, now=NOW):
        sent += 1
    return sent


async def only(db: Connection, city: City) -> Row:
    [row] = await list_own_deliveries(db, city.teacher_account.actor)
    return row


async def test_a_notice_is_told_once_to_each_whom_it_is_for(db: Connection, city: City) -> None:
    group = await make_group(db, city.sibling, city.sibling_teacher)
    notice = await make_notice(db, city.county, city.county_admin, city.school, group)
    old = await make_notice(db, city.county, city.county_admin, city.sibling)
    await db._driver.execute(
        "UPDATE notice SET published_at = $1 WHERE id = $2", NOW - timedelta(days=3), old["id"]
    )
    silent = NewDeliveryPreference(kind=DeliveryKind.NOTICE, channel=None)
    await set_delivery_preference(db, city.colleague_account.actor, new=silent)
    by_sms = NewDeliveryPreference(kind=DeliveryKind.NOTICE, channel=ChannelKind.SMS)
    said = await set_delivery_preference(db, city.school_admin.actor, new=by_sms)
    assert said == await list_delivery_preferences(db, city.school_admin.actor)
    assert [each["channel"] for each in said] == ["sms", "wecom", "wecom", "wecom"]
    before = db.statements
    made = await queue_notices(db, now=NOW)
    assert db.statements - before == 1
    assert await queue_notices(db, now=NOW) == 0
    channel = Kept()
    assert await send_all(db, channel) == made
    told = {each.account_id: each for each in channel.messages}
    assert len(told) == made
    for person in (city.teacher_account, city.school_admin, city.sibling_teacher_account):
        assert person.actor.account_id in told
    for person in (city.colleague_account, city.sibling_admin, city.county_admin):
        assert person.actor.account_id not in told
    assert told[city.school_admin.actor.account_id].channel is ChannelKind.SMS
    assert {each.text for each in channel.messages} == {TEXTS[DeliveryKind.NOTICE]}
    row = await only(db, city)
    assert (row["subject_id"], row["state"], row["sent_at"]) == (notice["id"], "sent", NOW)


async def test_what_fails_is_tried_again_and_given_up_in_the_end(
    db: Connection, city: City
) -> None:
    await make_delivery(db, city.teacher_account.actor.account_id)
    now, channel = NOW, Kept(*(ChannelDown() for _ in range(MOST_ATTEMPTS)))
    for attempt in range(1, MOST_ATTEMPTS):
        assert await send_due_delivery(db, channel=channel, now=now, spread=1.25)
        row = await only(db, city)
        assert (row["state"], row["attempts"]) == ("failed", attempt)
        assert row["next_at"] == now + FIRST_PAUSE * 2 ** (attempt - 1) * 1.25
        assert not await send_due_delivery(db, channel=channel, now=now)
        now = row["next_at"]
    assert await send_due_delivery(db, channel=channel, now=now)
    row = await only(db, city)
    assert (row["state"], row["next_at"]) == ("given_up", None)
    assert len({each.key for each in channel.messages}) == 1
    for person in (city.sibling_admin, city.teacher_account, city.auditor):
        with pytest.raises(NotAllowed if person is city.auditor else NotFound):
            await retry_delivery(db, person.actor, delivery_id=row["id"], now=now)
    again = await retry_delivery(db, city.school_admin.actor, delivery_id=row["id"], now=now)
    assert (again["state"], again["attempts"], again["next_at"]) == ("queued", 0, now)
    assert await send_due_delivery(db, channel=channel, now=now)
    assert channel.messages[-1].key == row["id"]
    with pytest.raises(DeliveryNotGivenUp):
        await retry_delivery(db, city.school_admin.actor, delivery_id=row["id"], now=now)


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (MessageRefused(), DeliveryState.GIVEN_UP),
        (OSError(), DeliveryState.FAILED),
        (KeyError("a defect"), DeliveryState.FAILED),
    ],
)
async def test_what_becomes_of_a_failure(
    db: Connection, city: City, failure: Exception, state: DeliveryState
) -> None:
    await make_delivery(db, city.teacher_account.actor.account_id)
    assert await send_due_delivery(db, channel=Kept(failure), now=NOW)
    assert (await only(db, city))["state"] == state


async def test_who_is_suspended_is_told_nothing(db: Connection, city: City) -> None:
    await make_delivery(db, city.teacher_account.actor.account_id)
    await db._driver.execute(
        "UPDATE account SET suspended_at = now() WHERE id = $1",
        city.teacher_account.actor.account_id,
    )
    channel = Kept()
    assert await send_all(db, channel) == 1
    assert channel.messages == []
    assert (await only(db, city))["state"] == DeliveryState.GIVEN_UP


async def test_a_crash_between_sending_and_marking_sends_the_same_key_again(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        account_id = city.teacher_account.actor.account_id
        first = await make_delivery(db, account_id)
        second = await make_delivery(db, account_id, next_at=NOW + timedelta(seconds=1))
    channel = Kept()
    later = NOW + timedelta(minutes=1)
    driver = await real_pool.take()
    lost = driver.transaction()
    await lost.start()
    assert await send_due_delivery(Connection(driver), channel=channel, now=later)
    driver.terminate()  # the database is gone before the commit
    real_pool.give_back(driver)
    async with real_pool.transaction() as db, real_pool.transaction() as other:
        assert await send_due_delivery(db, channel=channel, now=later)
        # What one process holds another passes over.
        assert await send_due_delivery(other, channel=channel, now=later)
        assert not await send_due_delivery(other, channel=channel, now=later)
    keys = [each.key for each in channel.messages]
    assert keys == [first["id"], first["id"], second["id"]]
    async with real_pool.transaction() as db:
        assert not await send_due_delivery(db, channel=channel, now=later)


async def test_who_sees_which_messages(db: Connection, city: City) -> None:
    of_school = await make_delivery(db, city.teacher_account.actor.account_id)
    far = await make_account(db, "far.clerk", Role.SCHOOL_ADMIN, city.far_school)
    await make_delivery(db, far.actor.account_id, DeliveryState.SENT)
    seen = (await list_deliveries(db, city.county_admin.actor, page=PAGE)).items
    assert [each["id"] for each in seen] == [of_school["id"]]
    sent = await list_deliveries(db, city.city_admin.actor, page=PAGE, state=DeliveryState.SENT)
    assert [each["account_id"] for each in sent.items] == [far.actor.account_id]
    with pytest.raises(NotAllowed):
        await list_deliveries(db, city.teacher_account.actor, page=PAGE)


async def test_the_stand_in_writes_down_what_would_be_sent(
    resources: Resources, db: Connection, city: City, tmp_path: object
) -> None:
    settings = Settings(data_folder=resources.settings.data_folder / "channel")
    channel = open_channel(settings)
    assert isinstance(channel, RecordedChannel)
    row = await make_delivery(db, city.teacher_account.actor.account_id)
    assert await send_all(db, channel) == 1
    await db._driver.execute(
        "UPDATE delivery SET state = 'queued', sent_at = NULL, next_at = $1", NOW
    )
    assert await send_all(db, open_channel(settings)) == 1
    lines = (settings.data_folder / FILE).read_text().splitlines()
    assert [json.loads(each)["key"] for each in lines] == [str(row["id"])] * 2
    assert json.loads(lines[0]).keys() == {"at", "key", "account_id", "channel", "text"}
    assert isinstance(
        open_channel(settings.model_copy(update={"message_channel": "none"})), NoChannel
    )


def test_a_file_that_nobody_reads_fills_no_disk(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_bytes(b'{"at": "half a li')  # as of a process that was killed
    channel = RecordedChannel(file, largest=1_000)
    for _ in range(50):
        asyncio.run(channel.send(Message(new_id(), new_id(), ChannelKind.SMS, "有事")))
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 2
    assert sum(each.stat().st_size for each in kept) < 3_000


async def test_who_no_longer_finds_the_notice_is_not_told_of_it(db: Connection, city: City) -> None:
    withdrawn = await make_notice(db, city.county, city.county_admin, city.school)
    for_sibling = await make_notice(db, city.county, city.county_admin, city.sibling)
    await queue_notices(db, now=NOW)
    await withdraw_notice(db, city.county_admin.actor, notice_id=withdrawn["id"], now=NOW)
    # One of those for whom the other is has gone to another school, and one has no role any more.
    gone, ended = city.sibling_teacher["id"], city.sibling_admin.actor.account_id
    place = ("school_id", "county_id", "city_id")
    await db._driver.execute(
        "UPDATE teacher SET school_id = $2, county_id = $3, city_id = $4 WHERE id = $1",
        gone, *(city.far_school[name] for name in place),
    )  # fmt: skip
    await db._driver.execute(
        "UPDATE role_grant SET superseded_at = now() WHERE account_id = $1", ended
    )
    waiting = await list_deliveries(db, city.city_admin.actor, page=PageRequest(limit=100))
    assert {each["subject_id"] for each in waiting.items} == {withdrawn["id"], for_sibling["id"]}
    channel = Kept()
    assert await send_all(db, channel) == len(waiting.items)
    assert channel.messages == []


async def test_who_has_left_the_group_is_not_told_because_others_have_not(
    db: Connection, city: City
) -> None:
    group = await make_group(db, city.school, city.teacher, city.colleague)
    await make_notice(db, city.county, city.county_admin, group)
    await queue_notices(db, now=NOW)
    await db._driver.execute(
        "UPDATE group_member SET superseded_at = now() WHERE teacher_id = $1", city.colleague["id"]
    )
    channel = Kept()
    assert await send_all(db, channel) == 2
    [message] = channel.messages
    assert message.account_id == city.teacher_account.actor.account_id


async def test_who_has_no_role_any_more_is_told_of_no_notice(db: Connection, city: City) -> None:
    await make_notice(db, city.county, city.county_admin, city.school)
    account_id = city.teacher_account.actor.account_id
    await db._driver.execute(
        "UPDATE role_grant SET superseded_at = now() WHERE account_id = $1", account_id
    )
    assert await queue_notices(db, now=NOW) > 0
    assert await list_own_deliveries(db, city.teacher_account.actor) == []


async def test_what_is_over_is_forgotten_after_a_time_and_what_waits_is_not(
    db: Connection, city: City
) -> None:
    account_id, before = city.teacher_account.actor.account_id, NOW - KEPT
    for state in DeliveryState:
        await make_delivery(db, account_id, state, queued_at=before)
        await make_delivery(db, account_id, state, queued_at=before - timedelta(seconds=1))
    await tidy_deliveries(db, now=NOW)
    rows = await list_own_deliveries(db, city.teacher_account.actor)
    assert sorted(each["state"] for each in rows) == [
        "failed", "failed", "given_up", "queued", "queued", "sent",
    ]  # fmt: skip
