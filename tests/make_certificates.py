"""Certificates for tests: a pack that is easily met, batches drawn up and approved, documents."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from app.domain.credits.certificates import (
    Certificate,
    CertificateBatch,
    CertificateCandidate,
    NewCertificateBatch,
    Seal,
    SealFailed,
    approve_certificate_batch,
    draw_up_certificate_batch,
)
from app.domain.credits.packs import PackDocument
from app.security.passwords import new_verification_code
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import make_pack, make_recognised, open_ended
from tests.make import NOW, TODAY, City, Person

_serials = count(1)


def easy_pack() -> PackDocument:
    """The demonstration pack asking for ten credits in a cycle, and nothing else."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    [total] = [each for each in content["requirements"] if each["id"] == "total"]
    total["at_least"]["value"] = "10.00"
    content["requirements"] = [total]
    content["purposes"] = []
    return PackDocument.model_validate(content)


async def make_qualified(db: Connection, city: City, *teachers: Row) -> Row:
    """An activity of the county by which these meet the pack, which is in force; the activity."""
    await make_pack(db, city.city, easy_pack())
    chosen = teachers or (city.teacher, city.colleague)
    return await make_recognised(db, city.county, city.county_admin, chosen, hours="20.00")


async def draw_up(db: Connection, by: Person, unit: Row, now: datetime = NOW, **more: Any) -> Row:
    """A batch for whoever of a unit meets the cycle of today."""
    new = NewCertificateBatch(unit_id=unit["id"], **more)
    return await draw_up_certificate_batch(db, by.actor, new=new, now=now)


async def approve(db: Connection, by: Person, batch: Row, now: datetime = NOW) -> Row:
    """The batch, approved."""
    return await approve_certificate_batch(
        db, by.actor, batch_id=batch["id"], new_code=new_verification_code, now=now
    )


async def make_batch(db: Connection, city: City) -> Row:
    """A batch of the school, drawn up by its administrator."""
    await make_qualified(db, city)
    return await draw_up(db, city.school_admin, city.school)


async def make_certificates(db: Connection, city: City, *teachers: Row) -> list[Row]:
    """The certificates of these (of the two of the school by default), by their number; all columns."""
    await make_qualified(db, city, *teachers)
    await approve(db, city.city_admin, await draw_up(db, city.school_admin, city.school))
    return await all_certificates(db)


async def all_certificates(db: Connection) -> list[Row]:
    """Every certificate with all its columns, by its number."""
    rows = await db._driver.fetch("SELECT * FROM certificate ORDER BY number")
    return [dict(row) for row in rows]


class FailingSealer:
    """A service that fails so many times before it seals; it counts how often it was asked."""

    def __init__(self, failures: int) -> None:
        self.failures, self.asked = failures, list[UUID]()

    async def seal(self, *, reference: UUID, digest: str, document: bytes) -> Seal:
        self.asked.append(reference)
        if len(self.asked) <= self.failures:
            raise SealFailed("away")
        assert len(digest) == 64
        assert document.startswith(b"%PDF")
        return Seal("测试印章", simulated=True, signature=b"signed")


def names_of(rows: Sequence[Row]) -> list[str]:
    """The names, in their order."""
    return [row["name"] for row in rows]


async def enter_batch(db: Connection, unit: Row, by: Person, *teachers: Row) -> Row:
    """A batch of a unit that waits, put there as it is, with a candidate and a certificate for each."""
    about = {
        "kind": "cycle", "subject": "学分管理办法", "pack_id": "yueyang-demo-2026",
        "pack_version": 1, "cycle_start": date(2026, 1, 1), "cycle_end": date(2030, 12, 31),
    }  # fmt: skip
    batch_id = new_id()
    place = {name: unit[name] for name in ("city_id", "county_id", "school_id")}
    batch = {
        "id": batch_id, **about, **place, "state": "submitted", "candidates": len(teachers),
        "submitted_by": by.actor.account_id, "submitted_at": NOW,
    }  # fmt: skip
    await db.insert(CertificateBatch, batch)
    for teacher in teachers:
        serial = next(_serials)
        candidate = {"id": new_id(), "batch_id": batch_id, "teacher_id": teacher["id"]}
        await db.insert(CertificateCandidate, candidate)
        certificate = {
            "id": new_id(), "batch_id": batch_id, **about, "teacher_id": teacher["id"],
            **{name: teacher[name] for name in place}, "awarded_school_id": teacher["school_id"],
            "name": teacher["name"], "school_name": "测试学校", "hours": 1, "credits": 1,
            "unit_name": "测试单位", "authority_name": "测试市", "issued_on": TODAY,
            "issued_at": NOW, "year": 2020, "serial": serial, "number": f"2020-{serial:06}",
            "code": new_verification_code(), "state": "issued", "seal_state": "unsealed",
            "seal_due_at": NOW,
        }  # fmt: skip
        await db.insert(Certificate, certificate)
        batch["certificate_id"] = certificate["id"]
    return batch
