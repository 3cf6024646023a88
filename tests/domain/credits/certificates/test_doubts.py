"""Certificates whose credit was reversed, and batches whose rules were taken over."""

from datetime import timedelta
from decimal import Decimal
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
from app.domain.credits.packs.publishing import NewRulePack, publish_pack
from app.domain.credits.reversals import (
    NewEntryCorrection,
    NewReversal,
    correct_entry,
    reverse_entry,
)
from app.domain.credits.standings.takeover import take_over
from app.domain.errors import NotAllowed
from app.security.passwords import new_verification_code
from app.sql import Connection, Row
from tests.domain.credits.making import make_recognised
from tests.make import NOW, TODAY, City
from tests.make_certificates import (
    all_certificates,
    approve,
    draw_up,
    easy_pack,
    make_batch,
    make_certificates,
)

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
    await take_over(db, day=TODAY, at_most=9)
    done = await approve(db, city.city_admin, await draw_up(db, city.school_admin, city.school))
    assert (done["pack_version"], done["issued"]) == (2, 2)
