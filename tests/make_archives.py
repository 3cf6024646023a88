"""Archives for tests: volumes put together from real records, checked, sealed, and looked into."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.access.doors import PLACE
from app.domain.credits.certificates import Issuer
from app.domain.quality.archive_destructions import (
    NewArchiveDestruction,
    propose_archive_destruction,
)
from app.domain.quality.archive_retrievals import NewArchiveRetrieval, create_archive_retrieval
from app.domain.quality.archive_volumes import (
    ArchiveCheck,
    ArchiveKind,
    ArchiveVolume,
    NewArchiveVolume,
    VolumeState,
    assemble_archive_volume,
    check_archive_volume,
    open_growth_volume,
    open_school_volume,
    seal_archive_volume,
)
from app.domain.quality.arrived_growth_files import ArrivedGrowthFile
from app.domain.quality.growth_releases import NewGrowthRelease, give_growth_release
from app.domain.training.activities import ActivityState
from app.security.credentials import CredentialSigner
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity, make_attendance, make_note
from tests.make_evidence import make_evidence, make_file

YEAR = 2026
ISSUER = Issuer("https://yuecheng.example")
SIGNER = CredentialSigner([ec.generate_private_key(ec.SECP256R1())], ISSUER.did)
BUSY_VOLUME = UUID("019abc00-0000-7000-8000-000000000019")
LATER = NOW + timedelta(days=365 * 40)
"""A moment after every retention that is counted from the year of the tests."""


async def make_material(db: Connection, by: Person, school: Row, teacher: Row) -> Row:
    """Of a school an activity that was held, with a summary and a teacher who took part and wrote."""
    activity = await make_activity(db, school, by, state=ActivityState.CLOSED)
    await make_evidence(db, activity, by)
    await make_attendance(db, activity["sessions"][0], by, teacher)
    await make_note(db, activity, teacher)
    return activity


async def make_volume(
    db: Connection, by: Person, school: Row, teacher: Row | None = None, year: int = YEAR
) -> Row:
    """A volume of a school, or of a teacher's growth file, that was opened."""
    new = NewArchiveVolume(school_year=year)
    if teacher is not None:
        return await open_growth_volume(db, by.actor, teacher_id=teacher["id"], new=new, now=NOW)
    return await open_school_volume(db, by.actor, unit_id=school["id"], new=new, now=NOW)


async def make_assembled(
    db: Connection, by: Person, school: Row, teacher: Row | None = None
) -> Row:
    """A volume that was put together from what there is."""
    volume = await make_volume(db, by, school, teacher)
    return await assemble_archive_volume(db, by.actor, volume_id=volume["id"], now=NOW)


async def check(db: Connection, by: Person, volume: Row, *, passed: bool = True) -> Row:
    """Pass a volume, or send it back."""
    found = ArchiveCheck(passed=passed, opinion="齐全、规范" if passed else "目录与实物不符")
    return await check_archive_volume(db, by.actor, volume_id=volume["id"], check=found, now=NOW)


async def seal(db: Connection, by: Person, volume: Row) -> Row:
    """Seal a volume that was checked."""
    return await seal_archive_volume(
        db, by.actor, volume_id=volume["id"], signer=SIGNER, issuer=ISSUER, now=NOW
    )


async def make_sealed(
    db: Connection, by: Person, checker: Person, school: Row, teacher: Row | None = None
) -> Row:
    """A volume that one put together, and another checked and sealed."""
    volume = await make_assembled(db, by, school, teacher)
    await check(db, checker, volume)
    return await seal(db, checker, volume)


async def make_sealed_of(db: Connection, city: City, *, growth: bool = False) -> Row:
    """A sealed volume of the city's first school, or of its teacher, with its material."""
    await make_material(db, city.school_admin, city.school, city.teacher)
    teacher = city.teacher if growth else None
    return await make_sealed(db, city.school_admin, city.county_admin, city.school, teacher)


async def make_retrieval(db: Connection, by: Person, volume: Row) -> Row:
    """A look into a volume."""
    new = NewArchiveRetrieval(reason="年度督导")
    return await create_archive_retrieval(db, by.actor, volume_id=volume["id"], new=new, now=NOW)


async def make_destruction(db: Connection, by: Person, volume: Row) -> Row:
    """That a volume is proposed to be destroyed, long after."""
    new = NewArchiveDestruction(reason="保管期满，无继续保存价值")
    return await propose_archive_destruction(
        db, by.actor, volume_id=volume["id"], new=new, now=LATER
    )


async def make_release(db: Connection, person: Person, **more: Any) -> Row:
    """That a person lets the record of taking part go to another city."""
    said = {
        "recipient_name": "邻市教育局", "purpose": "调动后衔接培训档案",
        "kinds": ["participation", "note"], "valid_until": date(2026, 12, 31),
    } | more  # fmt: skip
    new = NewGrowthRelease.model_validate(said)
    return await give_growth_release(db, person.actor, new=new, now=NOW)


async def make_busy_archives(db: Connection, city: City) -> None:
    """Of each of two schools sealed volumes of it and of its teacher, each looked into."""
    for by, school, teacher in (
        (city.school_admin, city.school, city.teacher),
        (city.sibling_admin, city.sibling, city.sibling_teacher),
    ):
        await make_material(db, by, school, teacher)
        for whose in (None, teacher):
            volume = await make_sealed(db, by, city.county_admin, school, whose)
            await make_retrieval(db, by, volume)
            if whose is None:
                await make_destruction(db, by, volume)
        await make_arrived(db, by, teacher)
    for person in (city.teacher_account, city.sibling_teacher_account):
        await make_release(db, person)
    await make_busy_volume(db, city)


async def make_arrived(db: Connection, by: Person, teacher: Row) -> Row:
    """What is known of a record that another city signed about somebody."""
    file = await make_file(db, teacher, by, name="growth.txt")
    row = {
        "id": new_id(), "teacher_id": teacher["id"], "file_id": file["id"], "issuer": ISSUER.did,
        **{name: teacher[name] for name in PLACE}, "issuer_name": "邻市教育局",
        "authority": "邻县教育局", "record_id": str(new_id()), "person_name": teacher["name"],
        "made_at": NOW, "sha256": "0" * 64, "pieces": 1, "document": {}, "arrived_at": NOW,
        "recorded_by": by.actor.account_id,
    }  # fmt: skip
    await db.insert(ArrivedGrowthFile, row)
    return row


async def make_busy_volume(db: Connection, city: City) -> None:
    """`BUSY_VOLUME`, with two materials that are files."""
    by, school = city.city_admin, city.far_school
    activity = await make_activity(db, school, by, state=ActivityState.CLOSED)
    for title in ("照片", "教案"):
        file = await make_file(db, school, by)
        await make_evidence(db, activity, by, title=title, file_id=file["id"])
    row = {
        "id": BUSY_VOLUME, **{name: school[name] for name in PLACE}, "kind": ArchiveKind.SCHOOL,
        "school_year": YEAR, "number": 1, "title": "校本研训档案", "state": VolumeState.OPENED,
        "pieces": 0, "opened_at": NOW, "opened_by": by.actor.account_id,
    }  # fmt: skip
    await db.insert(ArchiveVolume, row)
    await assemble_archive_volume(db, by.actor, volume_id=BUSY_VOLUME, now=NOW)
