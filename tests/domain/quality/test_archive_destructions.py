import asyncio
from dataclasses import replace

import pytest

from app.database.pool import Pool
from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.quality.archive_destructions import (
    ArchiveDestructionByProposer,
    ArchiveDestructionDecided,
    ArchiveDestructionDecision,
    ArchiveDestructionNotFound,
    ArchiveDestructionProposed,
    ArchiveHeld,
    ArchiveRetained,
    NewArchiveDestruction,
    decide_archive_destruction,
    list_archive_destructions,
    propose_archive_destruction,
)
from app.domain.quality.archive_volumes import (
    ArchiveHold,
    ArchiveVolumeWrongState,
    get_archive_volume,
    hold_archive_volume,
    list_archive_pieces,
)
from app.request import Resources
from app.sql import CheckViolationError, Connection, Row
from tests.make import NOW, City, Person, make_city
from tests.make_archives import LATER, make_destruction, make_retrieval, make_sealed_of

PAGE = PageRequest(limit=50)


async def decide(db: Connection, by: Person, row: Row, *, agreed: bool = True) -> Row:
    decision = ArchiveDestructionDecision(agreed=agreed, opinion="同意" if agreed else "仍需保存")
    return await decide_archive_destruction(
        db, by.actor, destruction_id=row["id"], decision=decision, now=LATER
    )


async def said(db: Connection, volume: Row) -> list[Row]:
    return [
        dict(row)
        for row in await db._driver.fetch(
            "SELECT number, title, sha256, content, salt, file_id FROM archive_piece"
            " WHERE volume_id = $1 ORDER BY number",
            volume["id"],
        )
    ]


async def test_two_persons_destroy_a_volume_and_the_list_remains(
    db: Connection, city: City
) -> None:
    volume = await make_sealed_of(db, city)
    before = await said(db, volume)
    made = await make_destruction(db, city.school_admin, volume)
    with pytest.raises(ArchiveDestructionByProposer):
        await decide(db, city.school_admin, made)
    done = await decide(db, city.county_admin, made)
    assert (done["state"], done["decided_by"]) == ("agreed", city.county_admin.actor.account_id)
    gone = await get_archive_volume(db, city.county_admin.actor, volume_id=volume["id"])
    assert (gone["state"], gone["destroyed_at"], gone["seal"]) == (
        "destroyed", LATER, volume["seal"],
    )  # fmt: skip
    after = await said(db, volume)
    blank = {"content": None, "salt": None, "file_id": None}
    assert after == [row | blank for row in before]
    listed = await list_archive_pieces(
        db, city.county_admin.actor, volume_id=volume["id"], page=PAGE
    )
    assert [row["title"] for row in listed.items] == [row["title"] for row in before]
    with pytest.raises(ArchiveVolumeWrongState):
        await make_retrieval(db, city.county_admin, volume)
    with pytest.raises(CheckViolationError):
        async with db.transaction():
            await db._driver.execute("UPDATE archive_volume SET state = 'sealed'")


async def test_a_refused_proposal_leaves_everything(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    before = await said(db, volume)
    made = await make_destruction(db, city.school_admin, volume)
    with pytest.raises(ArchiveDestructionProposed):
        await make_destruction(db, city.school_admin, volume)
    assert (await decide(db, city.county_admin, made, agreed=False))["state"] == "refused"
    with pytest.raises(ArchiveDestructionDecided):
        await decide(db, city.county_admin, made)
    assert await said(db, volume) == before
    assert (await make_destruction(db, city.school_admin, volume))["state"] == "proposed"


async def test_what_is_retained_or_held_is_not_destroyed(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    before = await said(db, volume)
    new = NewArchiveDestruction(reason="柜满")
    with pytest.raises(ArchiveRetained):
        await propose_archive_destruction(
            db, city.school_admin.actor, volume_id=volume["id"], new=new, now=NOW
        )
    made = await make_destruction(db, city.school_admin, volume)
    await hold_archive_volume(
        db, city.county_admin.actor, volume_id=volume["id"],
        hold=ArchiveHold(reason="诉讼保全"), now=LATER,
    )  # fmt: skip
    with pytest.raises(ArchiveHeld):
        await decide(db, city.county_admin, made)
    with pytest.raises(ArchiveHeld):
        await make_destruction(db, city.school_admin, volume)
    assert await said(db, volume) == before
    found = await list_archive_destructions(db, city.county_admin.actor, page=PAGE)
    assert [row["state"] for row in found.items] == ["proposed"]


async def test_who_may_not_is_refused(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    made = await make_destruction(db, city.school_admin, volume)
    with pytest.raises(NotAllowed):
        await decide(db, city.auditor, made)
    with pytest.raises(ArchiveDestructionNotFound):
        await decide(db, city.sibling_admin, made)
    with pytest.raises(NotAllowed):
        await make_destruction(db, city.auditor, volume)


async def test_of_two_who_decide_one_does(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        volume = await make_sealed_of(db, city)
        made = await make_destruction(db, city.school_admin, volume)

    async def deciding(by: Person, *, agreed: bool) -> Row:
        async with real_pool.transaction() as db:
            return await decide(db, by, made, agreed=agreed)

    found = await asyncio.gather(
        deciding(city.county_admin, agreed=True),
        deciding(city.city_admin, agreed=False),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in found) == ["ArchiveDestructionDecided", "dict"]
    [one] = [each for each in found if isinstance(each, dict)]
    async with real_pool.transaction() as db:
        row = await get_archive_volume(db, city.city_admin.actor, volume_id=volume["id"])
    assert row["state"] == ("destroyed" if one["state"] == "agreed" else "sealed")


async def test_nobody_decides_on_what_was_proposed_for_them(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    before = await said(db, volume)
    delegate = replace(
        city.school_admin.actor, account_id=city.colleague_account.actor.account_id,
        on_behalf_of=city.county_admin.actor.account_id,
    )  # fmt: skip
    new = NewArchiveDestruction(reason="保管期满")
    made = await propose_archive_destruction(
        db, delegate, volume_id=volume["id"], new=new, now=LATER
    )
    with pytest.raises(ArchiveDestructionByProposer):
        await decide(db, city.county_admin, made)
    assert await said(db, volume) == before
