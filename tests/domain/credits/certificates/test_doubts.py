"""Certificates whose credit was reversed, and batches whose rules were taken over."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.domain.credits.certificates import (
    CertificateDoubted,
    CertificateEnd,
    CertificateNotDoubted,
    CertificateRulesSuperseded,
    CertificateStands,
    get_certificate,
    replace_certificate,
    revoke_certificate,
    uphold_certificate,
    verify_certificate,
)
from app.domain.credits.credit_loans import NewCreditLoan, lend_credit, repay_credit_loan
from app.domain.credits.packs import PackDocument
from app.domain.credits.packs.publishing import NewRulePack, publish_pack
from app.domain.credits.reversals import (
    NewEntryCorrection,
    NewReversal,
    correct_entry,
    reverse_entry,
)
from app.domain.credits.standings.takeover import take_over
from app.domain.errors import NotAllowed
from app.request import Resources
from app.security.passwords import new_verification_code
from app.sql import Connection, Row
from tests.domain.credits.histories import stated
from tests.domain.credits.making import make_pack, make_recognised
from tests.domain.credits.test_credit_transfers import give_away
from tests.make import NOW, TODAY, City
from tests.make_certificates import (
    all_certificates,
    approve,
    draw_up,
    easy_pack,
    enter_batch,
    make_batch,
    make_certificates,
    make_qualified,
)
from tests.make_people import enter_person
from tests.make_programmes import make_twins, merge_twins

END = CertificateEnd(reason="登记有误")
STANDS = CertificateStands(reason="其余学分仍满足要求")


async def entry_at(driver: asyncpg.Connection, teacher_id: UUID, level: str) -> UUID:
    key: UUID = await driver.fetchval(
        "SELECT id FROM credit_entry WHERE teacher_id = $1 AND level = $2", teacher_id, level
    )
    return key


async def uphold(db: Connection, city: City, certificate: Row) -> Row:
    actor = city.city_admin.actor
    return await uphold_certificate(
        db, actor, certificate_id=certificate["id"], stands=STANDS, now=NOW
    )


async def test_a_reversal_puts_a_certificate_in_doubt(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """It still holds and says what it said, and others are not touched; nothing is issued anew."""
    mine, other = await make_certificates(db, city)
    by, authority = city.county_admin.actor, city.city_admin.actor
    with pytest.raises(CertificateNotDoubted):
        await uphold(db, city, mine)
    entry_id = await entry_at(driver, mine["teacher_id"], "county")
    new = NewReversal(reason="未参加")
    struck = await reverse_entry(db, by, entry_id=entry_id, new=new, now=NOW)
    told = await get_certificate(db, authority, certificate_id=mine["id"])
    assert (told["state"], told["doubted_at"], told["doubted_entry_id"]) == (
        "issued", NOW, struck["id"],
    )  # fmt: skip
    untouched = await get_certificate(db, authority, certificate_id=other["id"])
    assert untouched["doubted_at"] is None
    seen = await verify_certificate(db, code=mine["code"])
    assert (seen["state"], seen["credits"], "doubted_at" in seen) == ("issued", 20, False)
    await driver.execute("UPDATE teacher SET name = '测试丙' WHERE id = $1", mine["teacher_id"])
    with pytest.raises(CertificateDoubted):
        await replace_certificate(
            db, authority, certificate_id=mine["id"], end=END, new_code=new_verification_code,
            now=NOW,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        await uphold_certificate(db, by, certificate_id=mine["id"], stands=STANDS, now=NOW)


async def test_the_authority_upholds_or_revokes_what_is_in_doubt(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Another reversal is another doubt; what is revoked is in doubt no more, and told to everybody."""
    mine, _ = await make_certificates(db, city)
    by, authority = city.county_admin.actor, city.city_admin.actor
    entry_id = await entry_at(driver, mine["teacher_id"], "county")
    await reverse_entry(db, by, entry_id=entry_id, new=NewReversal(reason="未参加"), now=NOW)
    upheld = await uphold(db, city, mine)
    assert (upheld["upheld_at"], upheld["upheld_because"]) == (NOW, STANDS.reason)
    with pytest.raises(CertificateNotDoubted):
        await uphold(db, city, mine)
    await make_recognised(db, city.school, city.county_admin, [city.teacher, city.colleague])
    again = await entry_at(driver, mine["teacher_id"], "school")
    right = NewEntryCorrection(hours=Decimal("1.00"), reason="学时有误")
    await correct_entry(db, by, entry_id=again, new=right, now=NOW)
    doubted = await get_certificate(db, authority, certificate_id=mine["id"])
    assert (doubted["upheld_at"], doubted["doubted_entry_id"] is None) == (None, False)
    assert doubted["doubted_entry_id"] != upheld["doubted_entry_id"]
    await revoke_certificate(db, authority, certificate_id=mine["id"], end=END, now=NOW)
    assert (await verify_certificate(db, code=mine["code"]))["state"] == "revoked"


async def doubts(driver: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Who has a certificate, and what kind of entry put it in doubt, by its number."""
    rows = await driver.fetch(
        "SELECT c.teacher_id, e.kind FROM certificate c"
        " LEFT JOIN credit_entry e ON e.id = c.doubted_entry_id ORDER BY c.number"
    )
    return [tuple(row) for row in rows]


async def certify_on_credit(db: Connection, city: City) -> Row:
    """A loan of ten to the one who then meets the cycle by it, and certificates for both of the school."""
    terms = {"lending": {"most": stated("20.00"), "months": stated(12)}}
    pack = easy_pack().model_dump(mode="json", exclude_defaults=True) | terms
    await make_pack(db, city.city, PackDocument.model_validate(pack))
    await make_recognised(db, city.county, city.county_admin, [city.colleague], hours="10.00")
    new = NewCreditLoan.model_validate({"amount": "10.00", "reason": "因公派出"})
    by, key = city.county_admin.actor, city.teacher["id"]
    loan = await lend_credit(db, by, teacher_id=key, new=new, now=NOW)
    await approve(db, city.city_admin, await draw_up(db, city.school_admin, city.school))
    return loan


async def test_credit_that_was_lent_and_is_taken_back_in_the_cycle_puts_in_doubt(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    loan = await certify_on_credit(db, city)
    mine, other = city.teacher["id"], city.colleague["id"]
    assert {*await doubts(driver)} == {(mine, None), (other, None)}
    await repay_credit_loan(db, city.county_admin.actor, credit_loan_id=loan["id"], now=NOW)
    assert {*await doubts(driver)} == {(mine, "repay"), (other, None)}


async def test_a_loan_says_nothing_against_other_cycles_nor_what_was_issued_before_it(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """Taken back after the cycle of the certificate; and lent only once it was issued."""
    loan = await certify_on_credit(db, city)
    by, after = city.county_admin.actor, NOW + timedelta(days=5 * 366)
    await repay_credit_loan(db, by, credit_loan_id=loan["id"], now=after)
    assert {entry for _, entry in await doubts(driver)} == {None}
    later = NOW + timedelta(days=1)
    new = NewCreditLoan.model_validate({"amount": "5.00", "reason": "因公派出"})
    key = city.colleague["id"]
    lent = await lend_credit(db, by, teacher_id=key, new=new, now=later)
    await repay_credit_loan(db, by, credit_loan_id=lent["id"], now=later)
    assert {entry for _, entry in await doubts(driver)} == {None}


async def test_credit_that_goes_to_another_authority_puts_in_doubt(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    mine, other = await make_certificates(db, city)
    before = db.statements
    await give_away(db, city)
    assert db.statements - before <= 17
    assert {*await doubts(driver)} == {
        (city.teacher["id"], "reverse"), (city.colleague["id"], None),
    }  # fmt: skip
    assert {mine["teacher_id"], other["teacher_id"]} == {key for key, _ in await doubts(driver)}


async def test_what_a_merger_strikes_puts_in_doubt_and_what_it_carries_over_does_not(
    db: Connection, driver: asyncpg.Connection, city: City, resources: Resources
) -> None:
    """Both records attended the one activity, only the record that ends the other."""
    one, other = await make_twins(db, city, resources)
    third = await enter_person(db, city, resources, name="王大力", id_number="E00000003")
    fourth = await enter_person(
        db, city, resources, "far_school", name="王大力", id_number="E00000004"
    )
    await make_qualified(db, city, one, other, third)
    await make_recognised(db, city.county, city.county_admin, [fourth], hours="20.00")
    await enter_batch(db, city.school, city.school_admin, one, other, third, fourth)
    await merge_twins(db, resources, city.city_admin, one, other)
    assert await doubts(driver) == [
        (one["id"], None), (other["id"], "reverse"), (third["id"], None), (fourth["id"], None),
    ]  # fmt: skip
    await merge_twins(db, resources, city.city_admin, third, fourth)
    assert [entry for _, entry in await doubts(driver)] == [None, "reverse", None, None]


async def test_rules_that_were_taken_over_in_the_cycle_certify_nobody(
    db: Connection, driver: asyncpg.Connection, city: City
) -> None:
    """A batch drawn up on the eve is not approved once another pack governs; drawn up again it is."""
    batch = await make_batch(db, city)
    succeeding = easy_pack().model_dump(mode="json", exclude_defaults=True)
    succeeding |= {"version": 2, "succeeds": {"id": succeeding["id"], "version": 1}}
    succeeding["effective_from"] |= {"value": TODAY.isoformat()}
    new = NewRulePack(unit_id=city.city["id"], document=succeeding)
    await publish_pack(db, city.city_admin.actor, new=new, now=NOW)
    with pytest.raises(CertificateRulesSuperseded):
        await approve(db, city.city_admin, batch)
    assert await all_certificates(db) == []
    with pytest.raises(CertificateRulesSuperseded):
        await draw_up(db, city.school_admin, city.school, on=TODAY - timedelta(days=1))
    await take_over(db, now=NOW, at_most=9)
    done = await approve(db, city.city_admin, await draw_up(db, city.school_admin, city.school))
    assert (done["pack_version"], done["issued"]) == (2, 2)
