from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import SQLModel

from app.database.migrations import all_tables
from app.database.pool import Pool
from app.domain.access.consents import give_consent
from app.domain.access.delegations import Delegation
from app.domain.access.roles import Permission, Role
from app.domain.errors import NotAllowed
from app.domain.exchange.batches import NewBatch, create_batch
from app.domain.exchange.records import LEFT_OUT, list_own_provisions, sections, stream_record
from app.domain.organisation.committees import CommitteeMember
from app.domain.organisation.responsibilities import Responsibility
from app.domain.paging import PageRequest
from app.domain.people.personal_data import (
    Look,
    LookKind,
    PersonalDatum,
    RevealRequest,
    reveal_personal_data,
)
from app.domain.people.provisions import Reader, record_reads
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.exchange.entered import enter, entry
from tests.make import (
    NOW,
    City,
    Person,
    make_account,
    make_activity,
    make_attendance,
    make_city,
    make_note,
)
from tests.make_organisation import make_committee
from tests.make_people import enter_person, make_pair
from tests.make_personal import MASKED, PHONE, REASON, make_phone, number_of
from tests.make_programmes import merge_twins
from tests.oauth import make_client


async def record_of(db: Connection, person: Person) -> tuple[dict[str, Any], bytes]:
    pieces = [piece async for piece in stream_record(db, person.actor, now=NOW)]
    whole = b"".join(pieces)
    return msgspec.json.decode(whole), whole


async def test_a_record_has_everything_about_the_person_and_nothing_sealed(
    db: Connection, city: City, resources: Resources
) -> None:
    cipher = resources.cipher
    await make_phone(db, cipher, city.teacher_account, city.teacher)
    number = await number_of(db, cipher, city.teacher)
    activity = await make_activity(db, city.school, city.school_admin)
    both = (city.teacher, city.colleague)
    await make_attendance(db, activity["sessions"][0], city.school_admin, *both)
    for teacher in both:
        await make_note(db, activity, teacher)
        await enter(db, entry(teacher))
    await reveal_personal_data(
        db, city.school_admin.actor, teacher_id=city.teacher["id"], cipher=cipher, now=NOW,
        request=RevealRequest(data=[PersonalDatum.ID_NUMBER], reason=REASON),
    )  # fmt: skip
    record, whole = await record_of(db, city.teacher_account)
    [teacher] = record["teacher"]
    assert (teacher["name"], teacher["id_number"]) == ("测试甲", city.teacher["id_number"])
    assert (teacher["birth_date"], record["teacher_phone"][0]["phone"]) == ("1988-03-07", MASKED)
    lengths = {name: len(rows) for name, rows in record.items() if name != "made_at" and rows}
    assert lengths == {
        "teacher": 1, "account": 1, "attendance": 1, "credit_entry": 1, "data_consent": 1,
        "employment": 1, "look": 1, "note": 1, "role_grant": 1, "teacher_phone": 1,
        "teacher_post": 1, "teacher_rank": 1,
    } | ({"standing": lengths["standing"]} if "standing" in lengths else {})  # fmt: skip
    about = {
        row["teacher_id"]
        for rows in record.values()
        if isinstance(rows, list)
        for row in rows
        if row.get("teacher_id")
    }
    assert about == {str(city.teacher["id"])}
    for secret in (number, PHONE, "sealed", "hash", "secret"):
        assert secret.encode() not in whole.replace(b"wrong_secrets", b"")


async def test_a_record_has_what_stayed_with_one_that_was_merged_into_it(
    db: Connection, city: City, resources: Resources
) -> None:
    one = city.teacher
    other = await enter_person(db, city, resources, "far_school")
    await enter(db, entry(other))
    await merge_twins(db, resources, city.city_admin, one, other)
    record, _ = await record_of(db, city.teacher_account)
    assert [row["id"] for row in record["teacher"]] == [str(one["id"]), str(other["id"])]
    kinds = [(row["teacher_id"], row["kind"]) for row in record["credit_entry"]]
    assert sorted(kinds) == sorted(
        [(str(other["id"]), "earn"), (str(other["id"]), "reverse"), (str(one["id"]), "transfer_in")]
    )


async def test_nobody_has_the_record_of_another(db: Connection, city: City) -> None:
    for person in (city.school_admin, city.city_admin, city.auditor, city.integration):
        with pytest.raises(NotAllowed):
            await record_of(db, person)


def test_every_column_that_names_people_is_part_of_the_record_or_says_why_not() -> None:
    """Read from the keys of the database itself, whatever a column is called."""
    all_tables()
    sections.cache_clear()
    shown = {f"{each.name}.{name}" for each in sections() for name in each.owners}
    about = {"teacher.id"}
    did: set[str] = set()
    for table in SQLModel.metadata.tables.values():
        for column in table.c:
            targets = {each.target_fullname for each in column.foreign_keys}
            if "teacher.id" in targets or column.name == "account_id":
                about.add(f"{table.name}.{column.name}")
            elif "account.id" in targets:
                is_act = column.name.endswith(("_by", "_for"))
                (did if is_act else about).add(f"{table.name}.{column.name}")
    assert {"peer_pair.one_id", "peer_pair.other_id", "delegation.delegate_id"} < shown
    assert {"committee_member.account_id", "responsibility.account_id"} < shown
    missing = about - shown
    assert {each if each in LEFT_OUT else each.split(".")[0] for each in missing} == LEFT_OUT.keys()
    assert shown <= about
    assert {name.split(".")[1] for name in did} == {
        "added_by", "agreed_by", "answered_by", "appeal_decided_by", "appealed_by",
        "appointed_by", "appraised_by", "asked_by", "assembled_by", "assembled_for",
        "assessed_by", "assigned_by", "changed_by", "checked_by", "closed_by", "concluded_by",
        "confirmed_by", "created_by",
        "decided_by", "decided_for", "declared_by", "drafted_by", "ended_by", "ended_for",
        "entered_by", "explained_by", "filed_by", "given_by", "granted_by", "handed_in_by",
        "handed_over_by", "held_by", "imported_by", "invited_by", "issued_by", "judged_by",
        "left_by", "lent_by", "linked_by", "made_by", "made_for", "marked_by", "nominated_by",
        "opened_by", "posted_by", "proposed_by", "proposed_for", "proved_by", "published_by",
        "published_for", "raised_by", "rated_by", "received_by", "recorded_by", "registered_by",
        "released_by", "reminded_by", "repaid_by", "repealed_by", "reported_by", "retrieved_by",
        "reversed_by", "reviewed_by", "revoked_by", "sealed_by", "sent_back_by", "sent_by",
        "set_by", "settled_by", "stated_by", "submitted_by", "submitted_for", "summarised_by",
        "superseded_by", "taken_by", "ticked_by", "trusted_by", "upheld_by", "uploaded_by",
        "verified_by", "withdrawn_by", "written_by",
    }, "who did something, which is not what is kept about them"  # fmt: skip


async def test_a_record_has_ones_pairs_seats_and_duties_and_no_others(
    db: Connection, city: City
) -> None:
    ours = await make_pair(db, city.school, city.teacher, city.colleague)
    theirs = await make_pair(db, city.county, city.colleague, city.sibling_teacher)
    committee = await make_committee(db, city.school, "王教授")
    since = {"valid_from": date(2020, 9, 1), "recorded_at": NOW}
    member = {"committee_id": committee["id"], "duty": "member", **since}
    account_id = city.teacher_account.actor.account_id
    seats = [
        {"id": new_id(), **member, "teacher_id": teacher_id, "account_id": account}
        for teacher_id, account in (
            (city.teacher["id"], None), (None, account_id), (city.colleague["id"], None),
        )
    ]  # fmt: skip
    await db.insert_all(CommitteeMember, seats)
    duty = {"id": new_id(), "unit_id": city.school["id"], "duty": "first_responsible", **since}
    await db.insert(Responsibility, duty | {"account_id": account_id})
    record, whole = await record_of(db, city.teacher_account)

    def keys(name: str) -> set[str]:
        return {row["id"] for row in record[name]}

    assert keys("peer_pair") == {str(ours["id"])}
    assert keys("committee_member") == {str(seat["id"]) for seat in seats[:2]}
    assert keys("responsibility") == {str(duty["id"])}
    assert "测试乙".encode() not in whole, "a pair names the other by key alone"
    theirs_too, _ = await record_of(db, city.colleague_account)
    assert {row["id"] for row in theirs_too["peer_pair"]} == {str(ours["id"]), str(theirs["id"])}


async def test_a_delegation_is_in_the_record_of_whom_it_names(db: Connection, city: City) -> None:
    given = {
        "id": new_id(),
        "granter_id": city.school_admin.actor.account_id,
        "delegate_id": city.teacher_account.actor.account_id,
        "subject_id": city.school["id"],
        "permissions": ["activity:read"],
        "reason": "请假期间代办",
        "valid_to": date(2026, 12, 31),
        "given_at": NOW,
    }
    await db.insert(Delegation, given)
    for person, found in ((city.teacher_account, [str(given["id"])]), (city.colleague_account, [])):
        record, _ = await record_of(db, person)
        assert [row["id"] for row in record["delegation"]] == found


async def test_at_whom_one_looked_is_in_their_record_and_not_in_ones_own(
    db: Connection, city: City
) -> None:
    look = {"kind": LookKind.REVEALED, "data": [PersonalDatum.PHONE], "reason": REASON, "at": NOW}
    by = {"account_id": city.teacher_account.actor.account_id}
    for teacher in (city.teacher, city.colleague):
        await db.insert(Look, {"id": new_id(), "teacher_id": teacher["id"], **look, **by})
    record, _ = await record_of(db, city.teacher_account)
    assert [row["teacher_id"] for row in record["look"]] == [str(city.teacher["id"])]


# What was provided to others.


async def own(db: Connection, person: Person) -> list[Row]:
    return (await list_own_provisions(db, person.actor, page=PageRequest())).items


async def test_a_batch_concerns_whom_it_has_entries_of(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        await enter(db, entry(city.teacher), entry(city.sibling_teacher))
    async with real_pool.transaction() as db:
        new = NewBatch(city_id=city.city["id"])
        batch = await create_batch(db, city.city_admin.actor, new=new, now=NOW)
        [provided] = await own(db, city.teacher_account)
        assert await own(db, city.colleague_account) == []
        [same] = await own(db, city.sibling_teacher_account)
    assert provided == same
    assert (provided["recipient"], provided["source_id"], provided["people"]) == (
        "province", batch["id"], 2,
    )  # fmt: skip
    assert (provided["legal_basis"], provided["categories"]) == ("statutory_duty", ["credits"])


async def test_an_application_concerns_those_who_allowed_it_on_the_day(
    db: Connection, city: City
) -> None:
    app = await make_client(db, city.city)
    account_id = city.teacher_account.actor.account_id
    await give_consent(
        db, account_id=account_id, client_id=app["id"], scopes=[Permission.CREDIT_READ], now=NOW
    )
    reader = Reader(app["id"], for_person=True)
    for days in (-1, 0, 1):
        moment = NOW + timedelta(days=days)
        await record_reads(db, reads={reader: {Permission.CREDIT_READ: 1}}, now=moment)
    assert [row["last_at"] for row in await own(db, city.teacher_account)] == [
        NOW + timedelta(days=1), NOW,
    ]  # fmt: skip
    assert await own(db, city.colleague_account) == []
    await db._driver.execute("UPDATE consent SET revoked_at = $1", NOW + timedelta(hours=1))
    assert [row["last_at"] for row in await own(db, city.teacher_account)] == [NOW]


async def test_an_application_that_reads_for_itself_concerns_all_of_its_bureau(
    db: Connection, city: City
) -> None:
    app = await make_client(db, city.county)
    reader = Reader(app["id"], for_person=False)
    await record_reads(db, reads={reader: {Permission.TEACHER_READ: 4}}, now=NOW)
    [row] = await own(db, city.teacher_account)
    assert (row["times"], row["legal_basis"]) == (4, "entrustment")
    assert await own(db, city.sibling_teacher_account) == [row], "the same county"
    far = await make_account(db, "far.teacher", Role.TEACHER, city.far_teacher)
    assert await own(db, far) == []
    for person in (city.school_admin, city.auditor):
        with pytest.raises(NotAllowed):
            await own(db, person)
