import asyncio
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.organisation.units import NotASchool, UnitClosed, UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality.archive_retrievals.words import NAMES
from app.domain.quality.archive_volumes import (
    CATALOGUE,
    ArchiveCheckedByAssembler,
    ArchiveHold,
    ArchiveKind,
    ArchiveNothingToFile,
    ArchiveOfOneself,
    ArchivePiece,
    ArchivePieceAltered,
    ArchiveVolumeNotFound,
    ArchiveVolumeUnsealed,
    ArchiveVolumeWrongState,
    ArchiveYearNotBegun,
    PieceKind,
    assemble_archive_volume,
    get_archive_volume,
    hold_archive_volume,
    list_archive_kinds,
    list_archive_pieces,
    list_archive_volumes,
    retained_until,
)
from app.domain.quality.archive_volumes.of_school import OF_SCHOOL
from app.domain.quality.archive_volumes.of_teacher import OF_TEACHER
from app.domain.quality.archive_volumes.of_year import FACTS
from app.domain.quality.archive_volumes.source import MOST
from app.domain.training.activities import ActivityState
from app.request import Resources
from app.security.tokens import open_signed
from app.sql import CheckViolationError, Connection, Row, new_id
from tests.domain.organisation.reorganising import reorganise
from tests.make import NOW, City, make_activity, make_city
from tests.make_archives import (
    ISSUER,
    SIGNER,
    check,
    make_assembled,
    make_material,
    make_sealed,
    make_sealed_of,
    make_volume,
    seal,
)
from tests.make_evidence import make_evidence, make_file
from tests.make_incentives import make_assessment
from tests.make_people import make_goal

PAGE = PageRequest(limit=50)


async def pieces_of(db: Connection, city: City, volume: Row) -> list[Row]:
    found = await list_archive_pieces(
        db, city.county_admin.actor, volume_id=volume["id"], page=PAGE
    )
    return found.items


async def test_a_schools_volume_is_put_together_checked_and_sealed(
    db: Connection, city: City
) -> None:
    by, county = city.school_admin, city.county_admin
    activity = await make_material(db, by, city.school, city.teacher)
    await make_material(db, city.sibling_admin, city.sibling, city.sibling_teacher)
    volume = await make_volume(db, by, city.school)
    assert volume["title"] == f"{city.school['name']}2026—2027学年校本研训档案"
    assembled = await assemble_archive_volume(db, by.actor, volume_id=volume["id"], now=NOW)
    assert (assembled["state"], assembled["pieces"]) == ("assembled", 2)
    rows = await pieces_of(db, city, volume)
    assert [(row["number"], row["kind"], row["title"]) for row in rows] == [
        (1, "activity", activity["title"]), (2, "evidence", "活动总结"),
    ]  # fmt: skip
    assert rows[0]["retention_years"] == 10
    assert rows[0]["origin"] == city.school["name"]
    checked = await check(db, county, volume)
    assert (checked["state"], checked["check_opinion"]) == ("checked", "齐全、规范")
    sealed = await seal(db, county, volume)
    assert sealed["state"] == "sealed"
    assert sealed["retained_until"] == date(2038, 1, 1) == retained_until(2026, 10)
    claims = json.loads(open_signed(SIGNER.jwks()[0], sealed["seal"]))
    assert claims["manifest"] == [[row["number"], row["sha256"]] for row in rows]
    assert (claims["iss"], claims["school"]) == (ISSUER.did, city.school["name"])
    assert claims["manifest_sha256"] == sealed["manifest_sha256"]


async def test_a_growth_file_holds_what_one_teacher_did(db: Connection, city: City) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    await make_goal(db, city.teacher)
    await make_goal(db, city.colleague)
    volume = await make_assembled(db, city.school_admin, city.school, city.teacher)
    rows = await pieces_of(db, city, volume)
    assert [row["kind"] for row in rows] == ["participation", "year_result", "goal", "note"]
    assert {row["teacher_id"] for row in rows} == {city.teacher["id"]}
    own = city.teacher_account.actor
    assert (await get_archive_volume(db, own, volume_id=volume["id"]))["pieces"] == 4
    mine = await list_archive_volumes(db, own, page=PAGE, kind=ArchiveKind.GROWTH)
    assert [row["id"] for row in mine.items] == [volume["id"]]
    content = json.dumps([await _content(db, row) for row in rows], ensure_ascii=False)
    assert city.teacher.get("id_number", "—") not in content


async def _content(db: Connection, piece: Row) -> object:
    return await db._driver.fetchval("SELECT content FROM archive_piece WHERE id = $1", piece["id"])


async def test_the_result_of_the_year_is_filed_in_words_and_again_when_it_has_changed(
    db: Connection, city: City
) -> None:
    by, county = city.school_admin, city.county_admin
    await make_material(db, by, city.school, city.teacher)
    await make_assessment(db, county, city.teacher, starts_on=date(2026, 9, 1))
    volume = await make_sealed(db, by, county, city.school, city.teacher)
    [piece] = [row for row in await pieces_of(db, city, volume) if row["kind"] == "year_result"]
    assert (piece["title"], piece["made_on"]) == ("2026—2027学年考核结果", date(2027, 8, 31))
    content = await _content(db, piece)
    assert isinstance(content, dict)
    assert "学期（2026-09-01起）：基本合格" in content["assessments"]
    assert Decimal(content["hours"]) > 0
    # Nothing has changed: there is nothing to file. What has is filed in a supplement.
    more = await make_volume(db, by, city.school, city.teacher)
    with pytest.raises(ArchiveNothingToFile):
        await assemble_archive_volume(db, by.actor, volume_id=more["id"], now=NOW)
    await make_material(db, by, city.school, city.teacher)
    await assemble_archive_volume(db, by.actor, volume_id=more["id"], now=NOW)
    assert "year_result" in {row["kind"] for row in await pieces_of(db, city, more)}
    # A year that gave nothing has no result.
    nothing = await make_volume(db, by, city.school, city.colleague)
    with pytest.raises(ArchiveNothingToFile):
        await assemble_archive_volume(db, by.actor, volume_id=nothing["id"], now=NOW)


async def test_a_growth_file_of_a_year_before_there_were_results_is_put_together(
    db: Connection, city: City
) -> None:
    await make_goal(db, city.teacher, due_on=date(2000, 6, 30))
    volume = await make_volume(db, city.school_admin, city.school, city.teacher, year=1999)
    await assemble_archive_volume(db, city.school_admin.actor, volume_id=volume["id"], now=NOW)
    assert [row["kind"] for row in await pieces_of(db, city, volume)] == ["goal"]


async def test_what_comes_after_the_seal_goes_into_a_supplement(db: Connection, city: City) -> None:
    by, county = city.school_admin, city.county_admin
    first = await make_sealed_of(db, city)
    supplement = await make_volume(db, by, city.school)
    assert (supplement["number"], supplement["title"][-6:]) == (2, "（补充卷1）")
    with pytest.raises(ArchiveNothingToFile):
        await assemble_archive_volume(db, by.actor, volume_id=supplement["id"], now=NOW)
    later = await make_activity(db, city.school, by, title="后补的活动", state=ActivityState.HELD)
    await db._driver.execute(
        "UPDATE activity SET title = '更名的活动' WHERE title = '测试研修活动'"
    )
    again = await assemble_archive_volume(db, by.actor, volume_id=supplement["id"], now=NOW)
    assert again["pieces"] == 3
    titles = [row["title"] for row in await pieces_of(db, city, supplement)]
    assert titles == ["更名的活动", later["title"], "活动总结"]
    await check(db, county, supplement)
    assert (await seal(db, county, supplement))["state"] == "sealed"
    old = await pieces_of(db, city, first)
    assert [row["title"] for row in old] == ["测试研修活动", "活动总结"]


async def test_what_is_sealed_is_changed_by_nobody(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    with pytest.raises(ArchiveVolumeWrongState):
        await assemble_archive_volume(db, city.school_admin.actor, volume_id=volume["id"], now=NOW)
    piece = (await pieces_of(db, city, volume))[0]
    for statement in (
        "UPDATE archive_volume SET seal = 'x'",
        "UPDATE archive_volume SET state = 'opened'",
        "UPDATE archive_volume SET pieces = 1",
        "UPDATE archive_piece SET content = '{}'",
        "UPDATE archive_piece SET content = NULL, salt = NULL",
        "DELETE FROM archive_piece",
    ):
        with pytest.raises(CheckViolationError):
            async with db.transaction():
                await db._driver.execute(statement)
    late = {"id": new_id(), "number": 99, "source_id": new_id(), "volume_id": volume["id"]}
    with pytest.raises(CheckViolationError):
        async with db.transaction():
            await db.insert(ArchivePiece, _row_like(piece) | late)
    assert await get_archive_volume(db, city.county_admin.actor, volume_id=volume["id"]) == volume


def _row_like(piece: Row) -> Row:
    named = {name: piece[name] for name in ("title", "made_on", "origin", "sha256")}
    return named | {
        "kind": PieceKind.NOTE, "facts_sha256": piece["sha256"], "salt": "00", "content": {},
        "shows_pupils": False,
    }  # fmt: skip


async def test_a_piece_that_does_not_say_what_its_hash_says_is_not_sealed(
    db: Connection, city: City
) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    volume = await make_assembled(db, city.school_admin, city.school)
    piece = (await pieces_of(db, city, volume))[0]
    forged = {"id": new_id(), "number": 3, "source_id": new_id(), "volume_id": volume["id"]}
    await db.insert(ArchivePiece, _row_like(piece) | forged)
    await check(db, city.county_admin, volume)
    with pytest.raises(ArchivePieceAltered):
        await seal(db, city.county_admin, volume)
    kept = await get_archive_volume(db, city.county_admin.actor, volume_id=volume["id"])
    assert (kept["state"], kept["seal"]) == ("checked", None)


async def test_who_put_it_together_does_not_check_it_and_nobody_their_own(
    db: Connection, city: City
) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    volume = await make_assembled(db, city.school_admin, city.school)
    with pytest.raises(ArchiveCheckedByAssembler):
        await check(db, city.school_admin, volume)
    back = await check(db, city.county_admin, volume, passed=False)
    assert (back["state"], back["check_opinion"]) == ("opened", "目录与实物不符")
    with pytest.raises(ArchiveVolumeWrongState):
        await seal(db, city.county_admin, volume)
    own = await make_assembled(db, city.school_admin, city.school, city.teacher)
    herself = replace(city.county_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ArchiveOfOneself):
        await check(db, replace(city.county_admin, actor=herself), own)
    kept = await get_archive_volume(db, city.county_admin.actor, volume_id=own["id"])
    assert kept["state"] == "assembled"


async def test_what_cannot_be_opened_is_refused(db: Connection, city: City) -> None:
    by = city.school_admin
    with pytest.raises(ArchiveYearNotBegun):
        await make_volume(db, by, city.school, year=2027)
    await make_volume(db, by, city.school)
    with pytest.raises(ArchiveVolumeUnsealed):
        await make_volume(db, by, city.school)
    with pytest.raises(NotASchool):
        await make_volume(db, city.county_admin, city.county)
    with pytest.raises(UnitNotFound):
        await make_volume(db, city.sibling_admin, city.school)
    with pytest.raises(NotAllowed):
        await make_volume(db, city.auditor, city.school)
    found = await list_archive_volumes(db, city.county_admin.actor, page=PAGE)
    assert [row["number"] for row in found.items] == [1]


async def test_another_school_sees_nothing(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city, growth=True)
    actor = city.sibling_admin.actor
    for refused in (
        get_archive_volume(db, actor, volume_id=volume["id"]),
        list_archive_pieces(db, actor, volume_id=volume["id"], page=PAGE),
        assemble_archive_volume(db, actor, volume_id=volume["id"], now=NOW),
    ):
        with pytest.raises(ArchiveVolumeNotFound):
            await refused
    assert (await list_archive_volumes(db, actor, page=PAGE)).items == []


async def test_a_hold_is_set_and_lifted_with_its_reason(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city)
    actor = city.county_admin.actor
    held = await hold_archive_volume(
        db, actor, volume_id=volume["id"], hold=ArchiveHold(reason="审计期间"), now=NOW
    )
    assert (held["hold_reason"], held["held_at"]) == ("审计期间", NOW)
    free = await hold_archive_volume(db, actor, volume_id=volume["id"], hold=ArchiveHold(), now=NOW)
    assert (free["hold_reason"], free["held_at"]) == (None, None)
    with pytest.raises(DomainError):
        await hold_archive_volume(
            db, city.teacher_account.actor, volume_id=volume["id"], hold=ArchiveHold(), now=NOW
        )


async def test_files_are_named_by_their_digest(db: Connection, city: City) -> None:
    by = city.school_admin
    activity = await make_material(db, by, city.school, city.teacher)
    file = await make_file(db, city.school, by, shows_pupils=True)
    await make_evidence(db, activity, by, file_id=file["id"], title="课堂照片")
    volume = await make_assembled(db, by, city.school)
    found = [row for row in await pieces_of(db, city, volume) if row["file_id"] is not None]
    assert [(row["title"], row["shows_pupils"]) for row in found] == [("课堂照片", True)]
    content = await _content(db, found[0])
    assert isinstance(content, dict)
    assert content["file"]["sha256"] == file["sha256"]


async def test_every_line_of_the_catalogue_has_its_statement_and_its_words(
    db: Connection, city: City
) -> None:
    lines = {(each.archive, each.kind) for each in CATALOGUE}
    assert lines == {(ArchiveKind.SCHOOL, kind) for kind in OF_SCHOOL} | {
        (ArchiveKind.GROWTH, kind) for kind in (*OF_TEACHER, PieceKind.YEAR_RESULT)
    }
    assert set(FACTS) <= NAMES.keys()
    span = {"since": date(2026, 9, 1), "before": date(2027, 9, 1)}
    for statements in (OF_SCHOOL, OF_TEACHER):
        for kind, statement in statements.items():
            await db.all(statement, owner_id=city.school["id"], **span)
            facts = statement.arguments({"owner_id": city.school["id"], **span})
            named = {each for each in facts if isinstance(each, str) and each in NAMES}
            assert named, kind
    told = await list_archive_kinds(db, city.teacher_account.actor)
    assert all(row["assumed"] and "国家档案局令第8号" in row["periods"] for row in told)
    assert len(told) == len(CATALOGUE) == 21


async def test_a_volume_is_put_together_with_a_bounded_number_of_statements(
    db: Connection, city: City
) -> None:
    by = city.school_admin
    activity = await make_material(db, by, city.school, city.teacher)
    for number in range(30):
        await make_evidence(db, activity, by, title=f"材料{number:02}")
    volume = await make_volume(db, by, city.school)
    before = db.statements
    await assemble_archive_volume(db, by.actor, volume_id=volume["id"], now=NOW)
    assert db.statements - before == 15
    assert MOST == 1_000


async def test_sealing_while_a_piece_arrives_files_it_or_leaves_it_to_the_supplement(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await make_material(db, city.school_admin, city.school, city.teacher)
        volume = await make_assembled(db, city.school_admin, city.school)
        await make_activity(db, city.school, city.school_admin, state=ActivityState.CLOSED)

    async def sealing() -> Row:
        async with real_pool.transaction() as db:
            await check(db, city.county_admin, volume)
            return await seal(db, city.county_admin, volume)

    async def arriving() -> Row:
        async with real_pool.transaction() as db:
            return await assemble_archive_volume(
                db, city.school_admin.actor, volume_id=volume["id"], now=NOW
            )

    found = await asyncio.gather(
        arriving(), sealing(), arriving(), sealing(), return_exceptions=True
    )
    refused = [each for each in found if isinstance(each, BaseException)]
    assert refused
    assert {type(each) for each in refused} == {ArchiveVolumeWrongState}
    async with real_pool.transaction() as db:
        rows = await pieces_of(db, city, volume)
        sealed = await get_archive_volume(db, city.county_admin.actor, volume_id=volume["id"])
    claims = json.loads(open_signed(SIGNER.jwks()[0], sealed["seal"]))
    assert claims["manifest"] == [[row["number"], row["sha256"]] for row in rows]
    assert sealed["state"] == "sealed"
    assert sealed["pieces"] == len(rows)


async def test_two_open_a_volume_and_one_is_refused(real_pool: Pool, resources: Resources) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)

    async def opening() -> Row:
        async with real_pool.transaction() as db:
            return await make_volume(db, city.school_admin, city.school)

    found = await asyncio.gather(opening(), opening(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in found) == ["ArchiveVolumeUnsealed", "dict"]


async def test_a_sealed_volume_says_who_did_what(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city, growth=True)
    row = await db._driver.fetchrow(
        "SELECT opened_by, assembled_by, checked_by, sealed_by FROM archive_volume WHERE id = $1",
        volume["id"],
    )
    keeper, checker = (p.actor.account_id for p in (city.school_admin, city.county_admin))
    assert tuple(row) == (keeper, keeper, checker, checker)


async def places_of(db: Connection, *volumes: Row) -> list[tuple[object, ...]]:
    query = "SELECT county_id, school_id FROM archive_volume WHERE id = $1"
    return [tuple(await db._driver.fetchrow(query, each["id"])) for each in volumes]


async def test_volumes_move_with_their_school(db: Connection, city: City) -> None:
    of_school = await make_sealed_of(db, city)
    growth = await make_sealed(db, city.school_admin, city.county_admin, city.school, city.teacher)
    await reorganise(db, city, "city_admin", "move", "school", "other_county")
    there = (city.other_county["id"], city.school["id"])
    assert await places_of(db, of_school, growth) == [there, there]
    await get_archive_volume(db, city.other_county_admin.actor, volume_id=of_school["id"])
    with pytest.raises(ArchiveVolumeNotFound):
        await get_archive_volume(db, city.county_admin.actor, volume_id=of_school["id"])


async def test_of_a_merged_school_growth_files_go_along_and_the_archive_stays(
    db: Connection, city: City
) -> None:
    of_school = await make_sealed_of(db, city)
    growth = await make_assembled(db, city.school_admin, city.school, city.teacher)
    await reorganise(db, city, "county_admin", "merge", "school", "sibling")
    county = city.county["id"]
    assert await places_of(db, of_school, growth) == [
        (county, city.school["id"]), (county, city.sibling["id"]),
    ]  # fmt: skip
    await check(db, city.sibling_admin, growth)
    assert (await seal(db, city.sibling_admin, growth))["state"] == "sealed"
    with pytest.raises(ArchiveVolumeNotFound):
        await get_archive_volume(db, city.sibling_admin.actor, volume_id=of_school["id"])
    found = await get_archive_volume(db, city.county_admin.actor, volume_id=of_school["id"])
    assert found["seal"] == of_school["seal"]
    with pytest.raises(UnitClosed):
        await make_volume(db, city.county_admin, city.school)


async def test_nobody_checks_what_was_put_together_for_them(db: Connection, city: City) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    volume = await make_volume(db, city.school_admin, city.school)
    delegate = replace(
        city.school_admin.actor, account_id=city.colleague_account.actor.account_id,
        on_behalf_of=city.school_admin.actor.account_id,
    )  # fmt: skip
    made = await assemble_archive_volume(db, delegate, volume_id=volume["id"], now=NOW)
    with pytest.raises(ArchiveCheckedByAssembler):
        await check(db, city.school_admin, volume)
    assert await get_archive_volume(db, delegate, volume_id=volume["id"]) == made
    # Sent back it is nobody's, until somebody puts it together anew.
    await check(db, city.county_admin, volume, passed=False)
    await assemble_archive_volume(db, city.county_admin.actor, volume_id=volume["id"], now=NOW)
    assert (await check(db, city.school_admin, volume))["state"] == "checked"


async def test_nobody_lifts_the_hold_on_their_own_file(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city, growth=True)
    held = await hold_archive_volume(
        db, city.county_admin.actor, volume_id=volume["id"], hold=ArchiveHold(reason="诉讼保全"),
        now=NOW,
    )  # fmt: skip
    herself = replace(city.school_admin.actor, teacher_id=city.teacher["id"])
    with pytest.raises(ArchiveOfOneself):
        await hold_archive_volume(db, herself, volume_id=volume["id"], hold=ArchiveHold(), now=NOW)
    kept = await get_archive_volume(db, city.county_admin.actor, volume_id=volume["id"])
    assert kept == held
