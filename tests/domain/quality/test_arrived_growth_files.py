import json
from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import NotAllowed
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound
from app.domain.quality.archive_volumes import ArchiveOfOneself
from app.domain.quality.arrived_growth_files import (
    GrowthFileArrived,
    GrowthFileOfAnother,
    GrowthIssuerEnded,
    GrowthIssuerOfCity,
    GrowthIssuerTrusted,
    GrowthIssuerUnknown,
    NewArrivedGrowthFile,
    NewGrowthIssuer,
    end_growth_issuer,
    get_arrived_growth_file,
    list_arrived_growth_files,
    list_arrived_pieces,
    list_growth_issuers,
    take_in_growth_file,
    trust_growth_issuer,
)
from app.domain.quality.growth_releases import GrowthRecordWrong
from app.domain.training.files import FileNotFound
from app.request import Resources
from app.security.tokens import open_signed
from app.sql import Connection, Row
from tests.domain.quality.test_archive_retrievals import keep
from tests.domain.quality.test_growth_releases import hand_over
from tests.make import NOW, City, Person
from tests.make_archives import ISSUER, SIGNER, make_release, make_sealed_of
from tests.make_evidence import make_file

PAGE = PageRequest(limit=50)
KEYS = [{name: key[name] for name in ("kty", "crv", "x", "y")} for key in SIGNER.jwks()]


async def trust(db: Connection, city: City, by: Person | None = None, **more: Any) -> Row:
    said = {"did": ISSUER.did, "name": "邻市教育局", "keys": KEYS} | more
    new = NewGrowthIssuer.model_validate(said)
    actor = (by or city.city_admin).actor
    return await trust_growth_issuer(db, actor, unit_id=city.city["id"], new=new, now=NOW)


async def make_document(db: Connection, city: City) -> str:
    """A record of the first school's teacher, as another deployment would have made it."""
    await make_sealed_of(db, city, growth=True)
    given = await hand_over(db, city.school_admin, await make_release(db, city.teacher_account))
    return str(given["document"])


async def take_in(db: Connection, by: Person, teacher: Row, resources: Resources, text: str) -> Row:
    stored = await keep(resources, text.encode())
    file = await make_file(db, teacher, by, name="growth.txt", **stored)
    return await take_in_growth_file(
        db, by.actor, teacher_id=teacher["id"], new=NewArrivedGrowthFile(file_id=file["id"]),
        archive=resources.archive, opens=open_signed, now=NOW,
    )  # fmt: skip


async def test_a_record_that_another_city_signed_is_kept_beside_the_person(
    db: Connection, city: City, resources: Resources
) -> None:
    text = await make_document(db, city)
    entries = await db._driver.fetchval("SELECT count(*) FROM credit_entry")
    await trust(db, city)
    row = await take_in(db, city.school_admin, city.teacher, resources, text)
    assert (row["issuer"], row["issuer_name"], row["pieces"]) == (ISSUER.did, "邻市教育局", 2)
    assert row["authority"] == city.county["name"]
    own = city.teacher_account.actor
    shown = await list_arrived_pieces(db, own, arrival_id=row["id"])
    assert [(each["school_year"], each["kind"]) for each in shown] == [
        (2026, "participation"), (2026, "note"),
    ]  # fmt: skip
    assert json.loads(shown[0]["content"])["mode"] == "concentrated"
    assert await get_arrived_growth_file(db, own, arrival_id=row["id"]) == row
    assert await db._driver.fetchval("SELECT count(*) FROM credit_entry") == entries
    with pytest.raises(GrowthFileArrived):
        await take_in(db, city.school_admin, city.teacher, resources, text)


async def test_what_cannot_be_taken_in_leaves_nothing(
    db: Connection, city: City, resources: Resources
) -> None:
    text = await make_document(db, city)
    with pytest.raises(GrowthIssuerUnknown):
        await take_in(db, city.school_admin, city.teacher, resources, text)
    issuer = await trust(db, city)
    with pytest.raises(GrowthFileOfAnother):
        await take_in(db, city.school_admin, city.colleague, resources, text)
    with pytest.raises(GrowthRecordWrong):
        await take_in(
            db, city.school_admin, city.teacher, resources, text.replace("调动后", "离职后")
        )
    herself = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ArchiveOfOneself):
        await take_in(db, replace(city.school_admin, actor=herself), city.teacher, resources, text)
    with pytest.raises(NotAllowed):
        await take_in(db, city.teacher_account, city.teacher, resources, text)
    with pytest.raises(TeacherNotFound):
        await take_in(db, city.sibling_admin, city.teacher, resources, text)
    await end_growth_issuer(db, city.city_admin.actor, issuer_id=issuer["id"], now=NOW)
    with pytest.raises(GrowthIssuerUnknown):
        await take_in(db, city.school_admin, city.teacher, resources, text)
    found = await list_arrived_growth_files(db, city.city_admin.actor, page=PAGE)
    assert found.items == []


async def test_a_record_signed_by_another_key_is_refused(
    db: Connection, city: City, resources: Resources
) -> None:
    text = await make_document(db, city)
    stranger = {**KEYS[0], "x": KEYS[0]["y"], "y": KEYS[0]["x"]}
    await trust(db, city, keys=[stranger])
    with pytest.raises(GrowthRecordWrong):
        await take_in(db, city.school_admin, city.teacher, resources, text)


async def test_a_file_of_another_school_is_not_there(
    db: Connection, city: City, resources: Resources
) -> None:
    file = await make_file(db, city.sibling, city.sibling_admin)
    with pytest.raises(FileNotFound):
        await take_in_growth_file(
            db, city.school_admin.actor, teacher_id=city.teacher["id"],
            new=NewArrivedGrowthFile(file_id=file["id"]), archive=resources.archive,
            opens=open_signed, now=NOW,
        )  # fmt: skip


async def test_a_city_says_whose_records_it_takes_in(db: Connection, city: City) -> None:
    made = await trust(db, city)
    assert made["keys"] == KEYS
    with pytest.raises(GrowthIssuerTrusted):
        await trust(db, city)
    with pytest.raises(NotAllowed):
        await trust(db, city, city.auditor)
    new = NewGrowthIssuer.model_validate({"did": ISSUER.did, "name": "邻市", "keys": KEYS})
    with pytest.raises(GrowthIssuerOfCity):
        await trust_growth_issuer(
            db, city.city_admin.actor, unit_id=city.county["id"], new=new, now=NOW
        )
    ended = await end_growth_issuer(db, city.city_admin.actor, issuer_id=made["id"], now=NOW)
    assert ended["ended_at"] == NOW
    with pytest.raises(GrowthIssuerEnded):
        await end_growth_issuer(db, city.city_admin.actor, issuer_id=made["id"], now=NOW)
    again = await trust(db, city)
    found = await list_growth_issuers(db, city.city_admin.actor, page=PAGE)
    assert [row["id"] for row in found.items] == [made["id"], again["id"]]
