import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.access.actors import NotInPerson
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.records import list_own_provisions
from app.domain.paging import PageRequest
from app.domain.quality.archive_volumes import ArchiveOfOneself
from app.domain.quality.growth_releases import (
    GrowthNothingToHandOver,
    GrowthRecordWrong,
    GrowthReleaseNotFound,
    GrowthReleaseOver,
    GrowthReleasePast,
    NewGrowthRelease,
    get_growth_release,
    hand_over_growth_file,
    issuer_of,
    list_growth_releases,
    revoke_growth_release,
    verify_record,
)
from app.domain.quality.growth_releases.record import (
    FORMAT,
    VERSION,
    compose,
    digest_of,
)
from app.request import Resources
from app.security.tokens import open_signed
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity, make_attendance, make_city
from tests.make_archives import ISSUER, SIGNER, make_release, make_sealed, make_sealed_of
from tests.make_evidence import make_evidence, make_file
from tests.make_people import make_goal

PAGE = PageRequest(limit=50)


async def hand_over(db: Connection, by: Person, release: Row, **more: Any) -> Row:
    said: dict[str, Any] = {"signer": SIGNER, "issuer": ISSUER, "now": NOW} | more
    return await hand_over_growth_file(db, by.actor, release_id=release["id"], **said)


def verified(document: str | bytes) -> Any:
    text = document.encode() if isinstance(document, str) else document
    return verify_record(text, SIGNER.jwks(), open_signed)


async def test_what_the_person_let_go_leaves_signed_and_is_shown_to_them(
    db: Connection, city: City
) -> None:
    await make_goal(db, city.teacher)
    await make_sealed_of(db, city, growth=True)
    release = await make_release(db, city.teacher_account)
    given = await hand_over(db, city.school_admin, release)
    found = verified(given["document"])
    assert (found.issuer, found.sha256, found.pieces) == (ISSUER.did, given["sha256"], 2)
    assert issuer_of(given["document"].encode()) == ISSUER.did
    [volume] = found.record["volumes"]
    assert [piece["kind"] for piece in volume["pieces"]] == ["participation", "note"]
    assert found.record["person"] == {"name": city.teacher["name"], "school": city.school["name"]}
    assert found.record["authority"] == city.county["name"]
    left = await get_growth_release(db, city.teacher_account.actor, release_id=release["id"])
    assert (left["state"], left["record_sha256"], left["pieces"]) == (
        "handed_over", given["sha256"], 2,
    )  # fmt: skip
    shown = await list_own_provisions(db, city.teacher_account.actor, page=PAGE)
    [provision] = [row for row in shown.items if row["source_id"] == release["id"]]
    assert (provision["recipient"], provision["recipient_name"]) == ("authority", "邻市教育局")
    assert (provision["legal_basis"], provision["people"]) == ("consent", 1)
    assert provision["categories"] == ["attendance", "identity"]
    for again in (hand_over(db, city.school_admin, release), _revoke(db, city, release)):
        with pytest.raises(GrowthReleaseOver):
            await again


async def _revoke(db: Connection, city: City, release: Row) -> Row:
    actor = city.teacher_account.actor
    return await revoke_growth_release(db, actor, release_id=release["id"], now=NOW)


async def test_a_record_that_was_touched_is_refused(db: Connection, city: City) -> None:
    await make_sealed_of(db, city, growth=True)
    given = await hand_over(db, city.school_admin, await make_release(db, city.teacher_account))
    document = json.loads(given["document"])
    touched = []
    changes: list[Callable[[Any], Any]] = [
        lambda d: d["record"]["person"].update(name="别人"),
        lambda d: d["record"]["person"].update(name="\ud800"),
        lambda d: d["record"]["volumes"][0]["pieces"][0].update(title="国家级培训"),
        lambda d: d["record"]["volumes"][0]["pieces"].pop(),
        lambda d: d.update(signature=d["signature"][:-4] + "AAAA"),
        lambda d: d.update(version=2),
        lambda d: d.pop("record"),
    ]
    for change in changes:
        each = json.loads(given["document"])
        change(each)
        touched.append(json.dumps(each).encode())
    for text in (*touched, b"", b"[]", b"{", given["document"].encode()[:-9]):
        with pytest.raises(GrowthRecordWrong):
            verified(text)
    strange = document | {"signature": "a.b.c"}
    with pytest.raises(GrowthRecordWrong):
        verify_record(json.dumps(strange).encode(), SIGNER.jwks(), open_signed)
    with pytest.raises(GrowthRecordWrong):
        verify_record(given["document"].encode(), [], open_signed)


DEEP = "[" * 3000


def test_what_nests_without_end_is_no_record_whoever_signed_it() -> None:
    payload = urlsafe_b64encode(DEEP.encode()).decode()
    document = {"format": FORMAT, "version": VERSION, "record": {}, "signature": f"a.{payload}.a"}
    with pytest.raises(GrowthRecordWrong):
        issuer_of(json.dumps(document).encode())
    with pytest.raises(GrowthRecordWrong):
        verify_record(json.dumps(document).encode(), [{}], lambda _, __: DEEP.encode())


async def test_even_the_issuer_cannot_alter_what_was_sealed(db: Connection, city: City) -> None:
    await make_sealed_of(db, city, growth=True)
    given = await hand_over(db, city.school_admin, await make_release(db, city.teacher_account))
    document = json.loads(given["document"])
    document["record"]["volumes"][0]["pieces"][0]["content"]["hours"] = "200.00"
    record = document["record"]
    claims = {"iss": ISSUER.did, "jti": record["id"], "sha256": digest_of(record)}
    with pytest.raises(GrowthRecordWrong):
        verified(compose(record, SIGNER.sign_once(claims)))


async def test_what_shows_pupils_stays_and_so_does_what_was_not_chosen(
    db: Connection, city: City
) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by)
    await make_attendance(db, activity["sessions"][0], by, city.teacher)
    for pupils in (True, False):
        file = await make_file(db, city.school, by, city.teacher, shows_pupils=pupils)
        await make_evidence(
            db, activity, by, city.teacher, file_id=file["id"], title=f"照片{pupils}"
        )
    await make_sealed(db, by, city.county_admin, city.school, city.teacher)
    release = await make_release(db, city.teacher_account, kinds=["evidence"])
    given = await hand_over(db, by, release)
    [volume] = verified(given["document"]).record["volumes"]
    assert [piece["title"] for piece in volume["pieces"]] == ["照片False"]
    assert "照片True" not in given["document"]
    of_year = await make_release(db, city.teacher_account, school_years=[2020])
    with pytest.raises(GrowthNothingToHandOver):
        await hand_over(db, by, of_year)


async def test_a_release_is_the_persons_alone(db: Connection, city: City) -> None:
    release = await make_release(db, city.teacher_account)
    for person, refusal in (
        (city.school_admin, NotAllowed), (city.sibling_admin, GrowthReleaseNotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await revoke_growth_release(db, person.actor, release_id=release["id"], now=NOW)
    delegate = replace(city.teacher_account.actor, on_behalf_of=city.school_admin.actor.account_id)
    with pytest.raises(NotInPerson):
        await make_release(db, replace(city.teacher_account, actor=delegate))
    with pytest.raises(DomainError):
        await make_release(db, city.school_admin)
    with pytest.raises(GrowthReleasePast):
        await make_release(db, city.teacher_account, valid_until=date(2026, 11, 19))
    with pytest.raises(ValidationError):
        NewGrowthRelease.model_validate({
            "recipient_name": "邻市", "purpose": "调动", "kinds": ["regulation"],
            "valid_until": "2026-12-31",
        })  # fmt: skip
    found = await list_growth_releases(db, city.school_admin.actor, page=PAGE)
    assert [row["state"] for row in found.items] == ["given"]


async def test_a_release_can_be_revoked_until_it_left(db: Connection, city: City) -> None:
    await make_sealed_of(db, city, growth=True)
    release = await make_release(db, city.teacher_account)
    revoked = await _revoke(db, city, release)
    assert (revoked["state"], revoked["revoked_at"]) == ("revoked", NOW)
    with pytest.raises(GrowthReleaseOver):
        await hand_over(db, city.school_admin, release)
    over = await make_release(db, city.teacher_account, valid_until=date(2026, 11, 20))
    with pytest.raises(GrowthReleaseOver):
        await hand_over(db, city.school_admin, over, now=NOW.replace(month=12))
    provisions = await list_own_provisions(db, city.teacher_account.actor, page=PAGE)
    assert [row for row in provisions.items if row["recipient"] == "authority"] == []


async def test_who_hands_over_is_another_and_may(db: Connection, city: City) -> None:
    await make_sealed_of(db, city, growth=True)
    release = await make_release(db, city.teacher_account)
    with pytest.raises(NotAllowed):
        await hand_over(db, city.teacher_account, release)
    herself = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ArchiveOfOneself):
        await hand_over(db, replace(city.school_admin, actor=herself), release)
    with pytest.raises(GrowthReleaseNotFound):
        await hand_over(db, city.sibling_admin, release)
    kept = await get_growth_release(db, city.school_admin.actor, release_id=release["id"])
    assert kept["state"] == "given"


async def test_revoking_while_it_is_handed_over_is_one_or_the_other(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_sealed_of(db, city, growth=True)
        release = await make_release(db, city.teacher_account)

    async def revoking() -> Row:
        async with real_pool.transaction() as db:
            return await _revoke(db, city, release)

    async def handing() -> Row:
        async with real_pool.transaction() as db:
            return await hand_over(db, city.school_admin, release)

    found = await asyncio.gather(revoking(), handing(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["GrowthReleaseOver", "dict"]
    async with real_pool.transaction() as db:
        number = await db._driver.fetchval(
            "SELECT count(*) FROM provision WHERE source_id = $1", release["id"]
        )
        row = await get_growth_release(db, city.school_admin.actor, release_id=release["id"])
    assert number == (1 if row["state"] == "handed_over" else 0)
