"""Of each school a volume with a look and a proposal; of its teacher a volume, a release, an arrival."""

from datetime import date

from app.domain.quality.archive_destructions import ArchiveDestruction
from app.domain.quality.archive_retrievals import ArchiveRetrieval
from app.domain.quality.archive_volumes import ArchivePiece, ArchiveVolume
from app.domain.quality.arrived_growth_files import ArrivedGrowthFile, GrowthIssuer
from app.domain.quality.growth_releases import GrowthRelease
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City
from tests.make_archives import LATER
from tests.make_evidence import make_file

HASH = "ab" * 32


async def add_volume(db: Connection, by: Row, school: Row, teacher: Row | None = None) -> Row:
    """A volume that was put together, with one piece."""
    columns = {
        "kind": "growth" if teacher else "school", "teacher_id": teacher["id"] if teacher else None,
        **place_of(school), "school_year": 2025, "number": 1, "title": "2025—2026学年档案",
        "state": "assembled", "pieces": 1, "opened_at": NOW, "assembled_at": NOW, **by,
    }  # fmt: skip
    volume = await add_row(db, ArchiveVolume, **columns)
    await add_row(
        db, ArchivePiece, volume_id=volume, number=1, kind="note", source_id=volume, title="笔记",
        teacher_id=columns["teacher_id"],
        made_on=date(2026, 3, 1), origin="本校", shows_pupils=False, sha256=HASH,
        facts_sha256=HASH, salt="00", content={},
    )  # fmt: skip
    return {"id": volume}


async def add_of_school(db: Connection, city: City, school: Row) -> dict[str, Row]:
    """A volume of the school, who looked into it, and that it is to be destroyed."""
    account = city.city_admin.actor.account_id
    by = {"opened_by": account, "assembled_by": account}
    volume = await add_volume(db, by, school)
    look = await add_row(
        db, ArchiveRetrieval, volume_id=volume["id"], reason="督导", retrieved_by=account,
        retrieved_at=NOW, expires_at=LATER,
    )  # fmt: skip
    proposal = await add_row(
        db, ArchiveDestruction, volume_id=volume["id"], reason="期满", state="proposed",
        proposed_by=account, proposed_at=NOW,
    )  # fmt: skip
    return {
        "archive_volume": volume, "archive_retrieval": {"id": look},
        "archive_destruction": {"id": proposal},
    }  # fmt: skip


async def add_of_teacher(db: Connection, city: City, school: Row, teacher: Row) -> dict[str, Row]:
    """A volume about a teacher, what the teacher let go, and what came from elsewhere."""
    account = city.city_admin.actor.account_id
    by = {"opened_by": account, "assembled_by": account}
    own = {"teacher_id": teacher["id"], **place_of(school)}
    release = await add_row(
        db, GrowthRelease, **own, recipient_name="邻市教育局", purpose="调动", kinds=["note"],
        school_years=[], valid_until=LATER.date(), state="given", given_at=NOW,
    )  # fmt: skip
    file = await make_file(db, school, city.city_admin)
    arrival = await add_row(
        db, ArrivedGrowthFile, **own, issuer="did:web:x.cn", issuer_name="邻市", authority="邻市",
        record_id=str(teacher["id"]), person_name="某", made_at=NOW, sha256=HASH, pieces=1,
        file_id=file["id"], document={"volumes": []}, arrived_at=NOW, recorded_by=account,
    )  # fmt: skip
    return {
        "growth_volume": await add_volume(db, by, school, teacher),
        "growth_release": {"id": release}, "arrived_growth_file": {"id": arrival},
    }  # fmt: skip


async def add_things(db: Connection, world: World, city: City) -> None:
    """What is a school's has nobody's key; what is a teacher's has theirs."""
    account = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        if len(units) == 1:
            issuer = await add_row(
                db, GrowthIssuer, **place_of(units[0]), did="did:web:trusted.cn", name="邻市",
                keys=[], trusted_at=NOW, trusted_by=account,
            )  # fmt: skip
            things["growth_issuer"] = Thing(issuer, path)
        if name not in world.teachers:
            continue
        teacher = world.teachers[name]
        for kind, row in (await add_of_school(db, city, units[-1])).items():
            things[kind] = Thing(row["id"], path)
        for kind, row in (await add_of_teacher(db, city, units[-1], teacher)).items():
            things[kind] = Thing(row["id"], path, teacher_id=teacher["id"])
