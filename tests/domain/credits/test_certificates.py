"""Certificates: who gets one, who decides, what it says, and what becomes of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.database.pool import Pool
from app.domain.access.roles import Role
from app.domain.credits.certificates import (
    ActivityNotClosedYet,
    CertificateBatchDecided,
    CertificateBatchNotOnesOwn,
    CertificateBatchOfOneself,
    CertificateBatchOpinion,
    CertificateEnd,
    CertificateEnded,
    CertificateNameRight,
    CertificateNotFound,
    CertificateOfOneself,
    CertifiedMeanwhile,
    NewCertificateBatch,
    NobodyQualifies,
    draw_up_certificate_batch,
    get_certificate_document,
    list_certificate_candidates,
    list_certificates,
    replace_certificate,
    return_certificate_batch,
    revoke_certificate,
    seal_next_certificate,
    verify_certificate,
    withdraw_certificate_batch,
)
from app.domain.credits.reversals import NewReversal, reverse_entry
from app.domain.errors import DomainError, NotAllowed, NotFound
from app.domain.paging import PageRequest
from app.request import Resources
from app.security.passwords import new_verification_code
from app.sql import Connection
from app.typesetting import Typesetter
from tests.domain.credits.making import make_closed_activity, make_pack, make_recognised
from tests.make import NOW, City, make_account, make_city
from tests.make_certificates import (
    FailingSealer,
    all_certificates,
    approve,
    draw_up,
    easy_pack,
    enter_batch,
    make_batch,
    make_certificates,
    make_qualified,
    names_of,
)
from tests.make_people import enter_person
from tests.make_programmes import merge_twins

END = CertificateEnd(reason="登记有误")


async def test_whoever_met_the_cycle_is_proposed_and_certified(db: Connection, city: City) -> None:
    """Twenty credits meet the ten that are asked; who has none, and another school, are not proposed."""
    batch = await make_batch(db, city)
    assert (batch["state"], batch["candidates"], batch["issued"]) == ("submitted", 2, None)
    proposed = await list_certificate_candidates(
        db, city.city_admin.actor, batch_id=batch["id"], page=PageRequest()
    )
    assert names_of(proposed.items) == ["测试乙", "测试甲"]
    done = await approve(db, city.city_admin, batch)
    assert (done["state"], done["issued"]) == ("approved", 2)
    one, other = await all_certificates(db)
    assert [one["number"], other["number"]] == ["2026-000001", "2026-000002"]
    assert {one["name"], other["name"]} == {"测试甲", "测试乙"}
    said = ("school_name", "rank", "unit_name", "authority_name", "state", "seal_state")
    assert [one[name] for name in said] == [
        "甲县第一小学", "first_grade", "甲县第一小学", "测试市", "issued", "unsealed",
    ]  # fmt: skip
    assert (str(one["credits"]), one["cycle_start"].year, one["cycle_end"].year) == (
        "20.00", 2026, 2030,
    )  # fmt: skip
    assert len(one["code"]) == 23
    with pytest.raises(NobodyQualifies):
        await draw_up(db, city.school_admin, city.school)
    own = await list_certificates(db, city.teacher_account.actor, page=PageRequest())
    assert names_of(own.items) == ["测试甲"]
    for nobody in (city.sibling_admin, city.sibling_teacher_account, city.other_county_admin):
        seen = await list_certificates(db, nobody.actor, page=PageRequest())
        assert seen.items == []


async def test_the_number_of_statements_does_not_grow(db: Connection, city: City) -> None:
    await make_qualified(db, city)
    counts = []
    for unit, by in ((city.school, city.school_admin), (city.sibling, city.sibling_admin)):
        if unit is city.sibling:
            more = [city.sibling_teacher]
            await make_recognised(db, city.county, city.county_admin, more, hours="20.00")
        before = db.statements
        batch = await draw_up(db, by, unit)
        drawn = db.statements
        await approve(db, city.city_admin, batch)
        counts.append((drawn - before, db.statements - drawn))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 9
    assert counts[0][1] <= 16


async def test_an_activity_is_certified_for_whoever_was_credited_it(
    db: Connection, city: City
) -> None:
    everybody = (city.teacher, city.sibling_teacher)
    activity = await make_qualified(db, city, *everybody)
    new = NewCertificateBatch(activity_id=activity["id"])
    with pytest.raises(NotAllowed):
        await draw_up_certificate_batch(db, city.school_admin.actor, new=new, now=NOW)
    batch = await draw_up_certificate_batch(db, city.county_admin.actor, new=new, now=NOW)
    await approve(db, city.city_admin, batch)
    rows = await all_certificates(db)
    assert {(row["kind"], row["name"], str(row["hours"])) for row in rows} == {
        ("activity", "测试甲", "20.00"), ("activity", "测试丙", "20.00"),
    }  # fmt: skip
    with pytest.raises(NobodyQualifies):
        await draw_up_certificate_batch(db, city.county_admin.actor, new=new, now=NOW)
    open_one = await make_closed_activity(db, city.county, city.county_admin, state="held")  # type: ignore[arg-type]
    new = NewCertificateBatch(activity_id=open_one["id"])
    with pytest.raises(ActivityNotClosedYet):
        await draw_up_certificate_batch(db, city.county_admin.actor, new=new, now=NOW)


async def test_who_no_longer_qualifies_on_approval_is_left_out(db: Connection, city: City) -> None:
    batch = await make_batch(db, city)
    entry = await db._driver.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1", city.teacher["id"]
    )
    await reverse_entry(
        db, city.county_admin.actor, entry_id=entry, new=NewReversal(reason="登记有误"), now=NOW
    )
    done = await approve(db, city.city_admin, batch)
    assert (done["candidates"], done["issued"]) == (2, 1)
    assert names_of(await all_certificates(db)) == ["测试乙"]
    left = await list_certificate_candidates(
        db, city.school_admin.actor, batch_id=batch["id"], page=PageRequest()
    )
    assert [row["left_out"] for row in left.items] == [None, "not_qualified"]


async def test_nobody_decides_on_what_is_their_own(db: Connection, city: City) -> None:
    await make_qualified(db, city)
    mine = await draw_up(db, city.city_admin, city.school)
    with pytest.raises(CertificateBatchOfOneself):
        await approve(db, city.city_admin, mine)
    other = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    also = replace(other.actor, teacher_id=city.teacher["id"])
    with pytest.raises(CertificateBatchOfOneself):
        await approve(db, replace(other, actor=also), mine)
    for nobody, refusal in (
        (city.county_admin, NotAllowed), (city.school_admin, NotAllowed),
        (city.auditor, NotAllowed), (city.other_county_admin, NotFound),
        (city.teacher_account, NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await approve(db, nobody, mine)
    assert await all_certificates(db) == []
    await approve(db, other, mine)
    [row, *_] = [row for row in await all_certificates(db) if row["name"] == "测试甲"]
    with pytest.raises(CertificateOfOneself):
        await revoke_certificate(db, also, certificate_id=row["id"], end=END, now=NOW)


async def test_a_batch_is_returned_withdrawn_or_approved_once(db: Connection, city: City) -> None:
    batch = await make_batch(db, city)
    key = batch["id"]
    with pytest.raises(CertificateBatchNotOnesOwn):
        await withdraw_certificate_batch(db, city.county_admin.actor, batch_id=key, now=NOW)
    opinion = CertificateBatchOpinion(opinion="名单请核对")
    back = await return_certificate_batch(
        db, city.city_admin.actor, batch_id=key, opinion=opinion, now=NOW
    )
    assert (back["state"], back["opinion"]) == ("returned", "名单请核对")
    with pytest.raises(CertificateBatchDecided):
        await approve(db, city.city_admin, batch)
    with pytest.raises(CertificateBatchDecided):
        await withdraw_certificate_batch(db, city.school_admin.actor, batch_id=key, now=NOW)
    again = await draw_up(db, city.school_admin, city.school)
    gone = await withdraw_certificate_batch(
        db, city.school_admin.actor, batch_id=again["id"], now=NOW
    )
    assert gone["state"] == "withdrawn"
    assert await all_certificates(db) == []


async def test_what_a_certificate_says_can_never_be_changed(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    [row, _] = await make_certificates(db, city)
    for change in ("name = '别人'", "number = 'x'", "credits = 1", "school_name = '他校'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with driver.transaction():
                await driver.execute(f"UPDATE certificate SET {change}")  # noqa: S608
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with driver.transaction():
            await driver.execute("DELETE FROM certificate")
    await revoke_certificate(db, city.city_admin.actor, certificate_id=row["id"], end=END, now=NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        async with driver.transaction():
            await driver.execute(
                "UPDATE certificate SET state = 'issued', ended_because = NULL, ended_by = NULL,"
                " ended_at = NULL WHERE id = $1", row["id"],
            )  # fmt: skip


async def test_a_certificate_is_revoked_and_may_be_earned_again(db: Connection, city: City) -> None:
    [row, _] = await make_certificates(db, city, city.teacher, city.colleague)
    for nobody in (city.county_admin, city.school_admin):
        with pytest.raises(NotAllowed):
            await revoke_certificate(db, nobody.actor, certificate_id=row["id"], end=END, now=NOW)
    gone = await revoke_certificate(
        db, city.city_admin.actor, certificate_id=row["id"], end=END, now=NOW
    )
    assert (gone["state"], gone["ended_because"]) == ("revoked", "登记有误")
    with pytest.raises(CertificateEnded):
        await revoke_certificate(
            db, city.city_admin.actor, certificate_id=row["id"], end=END, now=NOW
        )
    shown = await verify_certificate(db, code=row["code"])
    assert (shown["state"], str(shown["ended_on"])) == ("revoked", "2026-11-20")
    assert "ended_because" not in shown
    again = await draw_up(db, city.school_admin, city.school)
    await approve(db, city.city_admin, again)
    assert [each["serial"] for each in await all_certificates(db)] == [1, 2, 3]


async def test_a_name_is_corrected_by_a_new_certificate(db: Connection, city: City) -> None:
    rows = await make_certificates(db, city)
    [row] = [each for each in rows if each["name"] == "测试甲"]
    with pytest.raises(CertificateNameRight):
        await replace_certificate(
            db, city.city_admin.actor, certificate_id=row["id"], end=END,
            new_code=new_verification_code, now=NOW,
        )  # fmt: skip
    await db._driver.execute("UPDATE teacher SET name = '测试佳' WHERE id = $1", city.teacher["id"])
    later = NOW + timedelta(days=60)
    new = await replace_certificate(
        db, city.city_admin.actor, certificate_id=row["id"], end=END,
        new_code=new_verification_code, now=later,
    )  # fmt: skip
    assert (new["name"], new["number"], new["replaces_id"]) == ("测试佳", "2027-000001", row["id"])
    kept = ("school_name", "rank", "hours", "credits", "cycle_start", "pack_id", "batch_id")
    assert [new[name] for name in kept] == [row[name] for name in kept]
    assert (await verify_certificate(db, code=row["code"]))["state"] == "replaced"
    assert (await verify_certificate(db, code=new["code"]))["state"] == "issued"


async def test_of_two_approvals_one_wins_and_numbers_have_no_gaps(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        second = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
        await make_qualified(db, city, city.teacher, city.colleague, city.sibling_teacher)
        first = await draw_up(db, city.school_admin, city.school)
        twice = await draw_up(db, city.school_admin, city.school)
        other = await draw_up(db, city.sibling_admin, city.sibling)

    async def race(by: Any, batch: Any) -> str:
        try:
            async with real_pool.transaction() as db:
                await approve(db, by, batch)
        except DomainError as refusal:
            return refusal.code
        return "approved"

    outcomes = await asyncio.gather(
        race(city.city_admin, first), race(second, first), race(second, twice),
        race(second, other), race(city.city_admin, other),
    )  # fmt: skip
    assert outcomes.count("approved") == 2
    refused = set(outcomes) - {"approved"}
    assert refused <= {CertificateBatchDecided.code, NobodyQualifies.code, CertifiedMeanwhile.code}
    async with real_pool.connection() as db:
        rows = await all_certificates(db)
    assert [row["serial"] for row in rows] == [1, 2, 3]
    assert len({row["code"] for row in rows}) == 3


# Documents and seals.


async def test_the_document_is_made_once_and_is_for_whom_it_is_about(
    db: Connection, city: City, resources: Resources
) -> None:
    rows = await make_certificates(db, city)
    [row] = [each for each in rows if each["name"] == "测试甲"]
    key, press = row["id"], resources.press
    of_own, content = await get_certificate_document(
        db, city.teacher_account.actor, certificate_id=key, press=press
    )
    assert content.startswith(b"%PDF")
    assert of_own["number"] == row["number"]
    before = db.statements
    for reader in (city.city_admin, city.school_admin):
        _, same = await get_certificate_document(db, reader.actor, certificate_id=key, press=press)
        assert same == content
    assert db.statements - before == 4, "read back, not made again"
    for stranger in (city.colleague_account, city.sibling_admin, city.other_county_admin):
        with pytest.raises(CertificateNotFound):
            await get_certificate_document(db, stranger.actor, certificate_id=key, press=press)
    await revoke_certificate(db, city.city_admin.actor, certificate_id=key, end=END, now=NOW)
    with pytest.raises(CertificateEnded):
        await get_certificate_document(
            db, city.teacher_account.actor, certificate_id=key, press=press
        )


async def test_a_failing_seal_leaves_the_certificate_and_is_tried_again(
    db: Connection, city: City, resources: Resources
) -> None:
    await make_qualified(db, city, city.teacher)
    await approve(db, city.city_admin, await draw_up(db, city.school_admin, city.school))
    sealer, press = FailingSealer(2), resources.press

    async def at(minutes: int) -> tuple[bool, str, int]:
        now = NOW + timedelta(minutes=minutes)
        done = await seal_next_certificate(db, sealer=sealer, press=press, now=now)
        [row] = await all_certificates(db)
        return done, row["seal_state"], row["seal_tries"]

    assert await at(0) == (True, "pending", 1)
    assert await at(0) == (False, "pending", 1)
    [row] = await all_certificates(db)
    _, before = await get_certificate_document(
        db, city.teacher_account.actor, certificate_id=row["id"], press=press
    )
    assert await at(1) == (True, "pending", 2)
    assert await at(3) == (True, "sealed", 3)
    assert await at(9999) == (False, "sealed", 3)
    assert sealer.asked == [row["id"]] * 3
    [row] = await all_certificates(db)
    assert (row["state"], row["seal_name"], row["seal_simulated"]) == ("issued", "测试印章", True)
    shown, after = await get_certificate_document(
        db, city.teacher_account.actor, certificate_id=row["id"], press=press
    )
    assert before != after
    assert shown["sha256"] == row["seal_sha256"] != row["sha256"]


async def test_a_document_that_cannot_be_made_keeps_no_other_from_its_seal(
    db: Connection, city: City, resources: Resources
) -> None:
    """The first that is due is tried again later; the second is sealed meanwhile."""
    first, second = await make_certificates(db, city)

    class Failing(Typesetter):
        async def typeset(self, template: str, data: Any, *, at: Any) -> bytes:
            if data["number"] == first["number"]:
                raise ValueError("cannot be set")
            return await super().typeset(template, data, at=at)

    press = resources.press._replace(typesetter=Failing())
    sealer = FailingSealer(0)
    while await seal_next_certificate(db, sealer=sealer, press=press, now=NOW):
        pass
    assert sealer.asked == [second["id"]]
    assert [row["seal_state"] for row in await all_certificates(db)] == ["pending", "sealed"]


async def test_a_code_is_read_as_it_is_typed_and_others_are_alike(
    db: Connection, city: City
) -> None:
    [row, _] = await make_certificates(db, city)
    typed = row["code"].replace("-", " ").upper()
    shown = await verify_certificate(db, code=typed)
    assert shown["name"] == row["name"]
    assert shown.keys().isdisjoint({"teacher_id", "id", "batch_id", "ended_by", "code"})
    for wrong in ("aaaaa-bbbbb-ccccc-ddddd", "", "'; --", row["number"], row["code"][:-1]):
        with pytest.raises(CertificateNotFound):
            await verify_certificate(db, code=wrong)


async def test_a_person_sees_what_was_issued_to_a_record_merged_into_theirs(
    db: Connection, city: City, resources: Resources
) -> None:
    other = await enter_person(db, city, resources, "far_school")
    await enter_batch(db, city.far_school, city.city_admin, other)
    await merge_twins(db, resources, city.city_admin, city.teacher, other)
    own = await list_certificates(db, city.teacher_account.actor, page=PageRequest())
    assert [row["teacher_id"] for row in own.items] == [other["id"]]
    none = await list_certificates(db, city.colleague_account.actor, page=PageRequest())
    assert none.items == []
    # One person, one cycle, one certificate.
    await make_qualified(db, city)
    batch = await draw_up(db, city.school_admin, city.school)
    await approve(db, city.city_admin, batch)
    assert batch["candidates"] == 1
    assert names_of((await all_certificates(db))[1:]) == ["测试乙"]


async def test_what_a_merged_record_was_credited_is_certified_for_the_one_that_stays(
    db: Connection, city: City, resources: Resources
) -> None:
    other = await enter_person(db, city, resources, "far_school")
    await make_pack(db, city.city, easy_pack())
    activity = await make_recognised(db, city.city, city.city_admin, [other], hours="20.00")
    await merge_twins(db, resources, city.city_admin, city.teacher, other)
    second = await make_account(db, "city.second", Role.CITY_ADMIN, city.city)
    new = NewCertificateBatch(activity_id=activity["id"])
    batch = await draw_up_certificate_batch(db, city.city_admin.actor, new=new, now=NOW)
    await approve(db, second, batch)
    assert names_of(await all_certificates(db)) == ["测试甲"]


async def test_a_pack_must_be_in_force(db: Connection, city: City) -> None:
    with pytest.raises(NotFound) as refused:
        await draw_up(db, city.school_admin, city.school)
    assert refused.value.code == "no_rule_pack_in_force"
    await make_pack(db, city.city, easy_pack())
    with pytest.raises(NobodyQualifies):
        await draw_up(db, city.school_admin, city.school)
