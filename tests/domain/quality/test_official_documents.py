"""Official documents: drafted, issued by who may, resting on what holds, received, repealed."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.database.pool import Pool
from app.domain.errors import DomainError, NotAllowed
from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.organisation.units import Unit, UnitClosed
from app.domain.paging import PageRequest
from app.domain.quality import official_documents as documents
from app.domain.quality.official_documents import (
    DocumentDraft,
    DocumentKind,
    DocumentRepeal,
    DocumentState,
    ReceivingUnit,
    plain_number,
)
from app.domain.training.files import FileLinks, FileNotFound, NewFileLink, PupilsStayInside
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.make import NOW, TODAY, City, Person, make_city
from tests.make_documents import draft, issued, make_document, seen_by
from tests.make_evidence import make_file
from tests.make_organisation import make_network

PAGE = PageRequest(limit=50)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("国发〔2012〕41号", "国发201241"),
        ("教师〔2011〕1号", "教师〔20111号"),
        ("岳办发〔2010〕1号", "岳办发〔20101号"),
        ("岳市教发〔2013〕18 号", "岳市教发(2013)18号"),
        ("岳市教发〔2013〕18", "岳市教发[2013]18号"),
    ],
)
def test_a_number_is_one_however_its_brackets_are_printed(one: str, other: str) -> None:
    assert plain_number(one) == plain_number(other)


def test_other_numbers_are_others() -> None:
    numbers = ["国发〔2012〕41号", "国发〔2012〕14号", "国办发〔2012〕41号", "国发〔2011〕41号"]
    assert len({plain_number(each) for each in numbers}) == len(numbers)


async def test_a_document_goes_to_whom_it_is_addressed(db: Connection, city: City) -> None:
    made = await documents.create_official_document(
        db,
        city.city_admin.actor,
        new=draft(
            city.city, number="岳市教发〔2026〕9号", addressee_sets=["counties", "direct_schools"],
            receive_by=TODAY + timedelta(days=3),
        ),
        now=NOW,
    )  # fmt: skip
    assert (made["state"], made["status"], made["issued_on"]) == ("draft", "draft", None)
    assert await seen_by(db, city.county_admin) == []
    with pytest.raises(documents.OfficialDocumentNotFound):
        await documents.get_official_document(db, city.county_admin.actor, document_id=made["id"])
    row = await documents.issue_official_document(
        db, city.city_admin.actor, document_id=made["id"], now=NOW
    )
    assert (row["state"], row["issued_on"], row["valid_from"]) == ("issued", TODAY, TODAY)
    receipts = await documents.list_document_receipts(
        db, city.city_admin.actor, document_id=row["id"], now=NOW
    )
    expected = {
        city.county["id"],
        city.other_county["id"],
        city.zone["id"],
        city.direct_school["id"],
    }
    assert {each["unit_id"] for each in receipts} == expected
    # Whoever is below a county that is addressed reads it too.
    for person in (city.county_admin, city.school_admin, city.teacher_account):
        assert await seen_by(db, person) == [row["id"]], person.name


async def test_each_unit_confirms_once_and_is_late_after_the_day(
    db: Connection, city: City
) -> None:
    row = await issued(
        db, city.city_admin, city.city, addressee_ids=[str(city.county["id"])],
        receive_by=TODAY.isoformat(),
    )  # fmt: skip
    key = {"document_id": row["id"]}

    async def receipts(days: int) -> list[Row]:
        return await documents.list_document_receipts(
            db, city.city_admin.actor, **key, missing=True, now=NOW + timedelta(days=days)
        )

    assert [each["overdue"] for each in await receipts(0)] == [False]
    assert [each["overdue"] for each in await receipts(1)] == [True]
    county = ReceivingUnit(unit_id=city.county["id"])
    with pytest.raises(NotAllowed):
        await documents.receive_official_document(
            db, city.teacher_account.actor, **key, receiving=ReceivingUnit(unit_id=city.school["id"]),
            now=NOW,
        )  # fmt: skip
    with pytest.raises(documents.DocumentNotAddressed):
        await documents.receive_official_document(
            db, city.school_admin.actor, **key, receiving=ReceivingUnit(unit_id=city.school["id"]),
            now=NOW,
        )  # fmt: skip
    first = await documents.receive_official_document(
        db, city.county_admin.actor, **key, receiving=county, now=NOW
    )
    again = await documents.receive_official_document(
        db, city.county_admin.actor, **key, receiving=county, now=NOW + timedelta(days=2)
    )
    assert (first["received_at"], again) == (NOW, first)
    assert await receipts(1) == []
    with pytest.raises(NotAllowed):
        await documents.list_document_receipts(db, city.auditor.actor, **key, now=NOW)


async def test_a_network_stands_for_its_schools_of_the_day(db: Connection, city: City) -> None:
    network = await make_network(db, city.county, city.sibling)
    row = await issued(
        db, city.county_admin, city.county,
        addressee_ids=[str(network["id"]), str(city.sibling["id"])],
    )  # fmt: skip
    (receipt,) = await documents.list_document_receipts(
        db, city.county_admin.actor, document_id=row["id"], now=NOW
    )
    assert receipt["unit_id"] == city.sibling["id"]
    assert await seen_by(db, city.school_admin) == []


async def test_who_may_issue_what(db: Connection, city: City) -> None:
    with pytest.raises(documents.DocumentIssuerUnfit):
        await issued(db, city.school_admin, city.school, kind="measures")
    assert (await issued(db, city.school_admin, city.school, kind="scheme"))["state"] == "issued"
    outside = {"issuer": "国务院", "issued_on": "2012-08-20", "kind": "opinion"}
    registered = await issued(db, city.school_admin, city.school, **outside)
    assert registered["issuer"] == "国务院"
    for person in (city.auditor, city.teacher_account):
        with pytest.raises(NotAllowed):
            await issued(db, person, city.school)
    with pytest.raises(documents.DocumentWithoutDate):
        await issued(db, city.city_admin, city.city, issuer="教育部")


async def test_what_does_not_hold_on_the_day_is_no_basis(db: Connection, city: City) -> None:
    by, day = city.city_admin, date(2026, 1, 1)
    ended: dict[str, dict[str, Any]] = {
        "repealed": {"repealed_on": day, "repeal_reason": "废止", "repealed_by": by.actor.account_id},
        "expired": {"valid_to": day},
        "to_come": {"valid_from": date(2990, 1, 1)},
        "draft": {"state": DocumentState.DRAFT},
    }  # fmt: skip
    for status, more in ended.items():
        basis = await make_document(db, city.city, by, **more)
        with pytest.raises(documents.DocumentBasisNotInForce) as refused:
            await issued(db, by, city.city, basis_ids=[str(basis["id"])])
        assert refused.value.details["status"] == status
    # On the day that the document itself bears it still held.
    basis = await make_document(db, city.city, by, valid_to=day)
    row = await issued(db, by, city.city, issued_on="2025-12-31", basis_ids=[str(basis["id"])])
    assert row["basis_ids"] == [basis["id"]]
    found = await documents.list_official_documents(db, by.actor, page=PAGE, basis_id=basis["id"])
    assert [each["id"] for each in found.items] == [row["id"]]


async def test_a_basis_that_ends_meanwhile_stops_the_issue(db: Connection, city: City) -> None:
    by = city.city_admin
    basis = await make_document(db, city.city, by)
    made = await documents.create_official_document(
        db, by.actor, new=draft(city.city, basis_ids=[str(basis["id"])]), now=NOW
    )
    await documents.repeal_official_document(
        db, by.actor, document_id=basis["id"], repeal=DocumentRepeal(reason="已过时"), now=NOW
    )
    with pytest.raises(documents.DocumentBasisNotInForce):
        await documents.issue_official_document(db, by.actor, document_id=made["id"], now=NOW)
    with pytest.raises(documents.DocumentBasisOfItself):
        await documents.rewrite_official_document(
            db, by.actor, document_id=made["id"], now=NOW,
            draft=DocumentDraft(title="通知", kind=DocumentKind.NOTICE, basis_ids=[made["id"]]),
        )  # fmt: skip
    unknown = draft(city.city, basis_ids=[str(new_id())])
    with pytest.raises(documents.DocumentBasisUnknown):
        await documents.create_official_document(db, by.actor, new=unknown, now=NOW)


async def test_both_days_of_a_printed_document_are_kept(db: Connection, city: City) -> None:
    days = {"issued_on": "2013-05-07", "published_on": "2013-06-18", "remark": "日期印作“201357”"}
    row = await issued(db, city.city_admin, city.city, number="岳市教发〔2013〕18 号", **days)
    assert (row["issued_on"], row["published_on"]) == (date(2013, 5, 7), date(2013, 6, 18))
    assert row["number"] == "岳市教发〔2013〕18 号"
    found = await documents.list_official_documents(
        db, city.city_admin.actor, page=PAGE, number="岳市教发201318"
    )
    assert [each["id"] for each in found.items] == [row["id"]]
    with pytest.raises(documents.DocumentNumberTaken):
        await issued(db, city.city_admin, city.city, number="岳市教发(2013)18号")


async def test_bad_days_are_refused(db: Connection, city: City) -> None:
    wrong: list[dict[str, Any]] = [
        {"issued_on": "2013-06-18", "published_on": "2013-05-07"},
        {"issued_on": "2013-06-18", "valid_to": "2013-06-18"},
        {"issued_on": "0001-01-01"},
        {"number": "〔〕"},
        {"number": "㍿" * 26},
        {"title": " "},
        {"unknown": 1},
    ]
    for bad in wrong:
        with pytest.raises(ValidationError):
            draft(city.city, **bad)
    refusals: list[tuple[type[DomainError], dict[str, Any]]] = [
        (documents.DocumentIssuedAhead, {"issued_on": "2990-01-01"}),
        (documents.DocumentDaysDisagree, {"published_on": "2013-05-07"}),
        (documents.DocumentReceiptUnfit, {"receive_by": TODAY.isoformat()}),
        (
            documents.DocumentReceiptUnfit,
            {"receive_by": "2013-05-07", "addressee_sets": ["counties"]},
        ),
        (documents.DocumentAddresseeOutside, {"addressee_ids": [str(city.city["id"])]}),
        (documents.DocumentAddresseeOutside, {"addressee_ids": [str(new_id())]}),
    ]
    for refusal, more in refusals:
        with pytest.raises(refusal):
            async with db.transaction():
                await issued(db, city.city_admin, city.city, **more)
    with pytest.raises(documents.DocumentAddresseeOutside):
        await issued(db, city.county_admin, city.county, addressee_sets=["counties"])
    far = [str(city.far_school["id"])]
    with pytest.raises(documents.DocumentAddresseeOutside):
        await issued(db, city.county_admin, city.county, addressee_ids=far)


async def test_a_document_gives_way_to_another_once_and_never_in_a_circle(
    db: Connection, city: City
) -> None:
    by = city.city_admin

    async def repeal(which: Row, **more: Any) -> Row:
        given = DocumentRepeal.model_validate({"reason": "以新换旧"} | more)
        return await documents.repeal_official_document(
            db, by.actor, document_id=which["id"], repeal=given, now=NOW
        )

    old, new, third = [await make_document(db, city.city, by) for _ in range(3)]
    with pytest.raises(documents.DocumentSupersedesItself):
        await repeal(old, successor_id=str(old["id"]))
    gone = await repeal(old, successor_id=str(new["id"]), on="2027-01-01")
    assert (gone["successor_id"], gone["repealed_on"]) == (new["id"], date(2027, 1, 1))
    assert gone["repeal_reason"] == "以新换旧"
    with pytest.raises(documents.DocumentNotInForce):
        await repeal(old)
    # The old one still holds on this day, and yet the circle is seen.
    with pytest.raises(documents.DocumentSupersessionCircle):
        await repeal(new, successor_id=str(old["id"]), on="2026-06-01")
    await repeal(new, successor_id=str(third["id"]), on="2028-01-01")
    with pytest.raises(documents.DocumentSupersessionCircle):
        await repeal(third, successor_id=str(old["id"]), on="2026-06-01")
    expired = await make_document(db, city.city, by, valid_to=date(2020, 1, 1))
    with pytest.raises(documents.DocumentSuccessorUnfit):
        await repeal(third, successor_id=str(expired["id"]))
    with pytest.raises(documents.DocumentNotInForce):
        await repeal(expired)
    with pytest.raises(NotAllowed):
        await documents.repeal_official_document(
            db, city.auditor.actor, document_id=third["id"],
            repeal=DocumentRepeal(reason="不该"), now=NOW,
        )  # fmt: skip


async def test_what_was_issued_stands(db: Connection, city: City) -> None:
    row = await issued(db, city.county_admin, city.county)
    again = DocumentDraft(title="改名", kind=DocumentKind.NOTICE)
    with pytest.raises(documents.DocumentWrongState):
        await documents.rewrite_official_document(
            db, city.county_admin.actor, document_id=row["id"], draft=again, now=NOW
        )
    with pytest.raises(documents.DocumentWrongState):
        await documents.issue_official_document(
            db, city.county_admin.actor, document_id=row["id"], now=NOW
        )


async def test_a_draft_is_rewritten_whole(db: Connection, city: City) -> None:
    by = city.county_admin
    basis = await make_document(db, city.county, by)
    new = draft(city.county, basis_ids=[str(basis["id"])], number="8号", remark="拟稿")
    made = await documents.create_official_document(db, by.actor, new=new, now=NOW)
    row = await documents.rewrite_official_document(
        db, by.actor, document_id=made["id"], now=NOW,
        draft=DocumentDraft(title="改名", kind=DocumentKind.LETTER),
    )  # fmt: skip
    assert (row["title"], row["basis_ids"], row["remark"], row["number"]) == (
        "改名",
        [],
        None,
        None,
    )


async def test_reading_and_listing_cost_one_statement(db: Connection, city: City) -> None:
    row = await issued(db, city.county_admin, city.county)
    before = db.statements
    await documents.get_official_document(db, city.school_admin.actor, document_id=row["id"])
    await documents.list_official_documents(
        db, city.county_admin.actor, page=PAGE, in_force_on=TODAY
    )
    assert db.statements - before == 2


async def test_two_documents_cannot_take_each_others_place_at_once(
    real_pool: Pool, resources: Resources
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        one, other = [await make_document(db, city.city, city.city_admin) for _ in range(2)]

    async def give_way(which: Row, to: Row) -> Any:
        repeal = DocumentRepeal(reason="以新换旧", successor_id=to["id"], on=date(2027, 1, 1))
        async with real_pool.transaction() as db:
            return await documents.repeal_official_document(
                db, city.city_admin.actor, document_id=which["id"], repeal=repeal, now=NOW
            )

    answers = await asyncio.gather(
        give_way(one, other), give_way(other, one), return_exceptions=True
    )
    assert sum(isinstance(each, documents.DocumentSupersessionCircle) for each in answers) == 1
    assert sum(isinstance(each, dict) for each in answers) == 1


def test_a_number_that_is_too_long_in_plain_characters_is_refused() -> None:
    with pytest.raises(ValidationError, match="100"):
        DocumentDraft(title="通知", kind=DocumentKind.NOTICE, number="㍿" * 26)


async def test_nobody_waits_for_a_unit_that_was_closed(db: Connection, city: City) -> None:
    row = await issued(
        db, city.city_admin, city.city, receive_by=TODAY.isoformat(),
        addressee_ids=[str(city.county["id"]), str(city.zone["id"])],
    )  # fmt: skip
    later = NOW + timedelta(days=10)

    async def receipts(*, missing: bool) -> dict[Any, bool]:
        found = await documents.list_document_receipts(
            db, city.city_admin.actor, document_id=row["id"], missing=missing, now=later
        )
        return {each["unit_id"]: each["overdue"] for each in found}

    async def waiting() -> int:
        kind = TaskKind.DOCUMENT_TO_RECEIVE
        tasks = await list_tasks(db, city.city_admin.actor, page=PAGE, now=later, kind=kind)
        return len(tasks.items)

    waited = await waiting()
    await db.change(Unit, city.zone["id"], {"closed_on": TODAY})
    assert await receipts(missing=True) == {city.county["id"]: True}
    assert await receipts(missing=False) == {city.county["id"]: True, city.zone["id"]: False}
    assert (waited, await waiting()) == (2, 1)


async def test_who_has_moved_away_since_is_not_addressed(db: Connection, city: City) -> None:
    named = [city.school["id"], city.sibling["id"]]
    row = await make_document(
        db, city.other_county, city.other_county_admin, state=DocumentState.DRAFT,
        addressee_ids=[*named, city.far_school["id"]],
    )  # fmt: skip
    await documents.issue_official_document(
        db, city.other_county_admin.actor, document_id=row["id"], now=NOW
    )
    receipts = await documents.list_document_receipts(
        db, city.other_county_admin.actor, document_id=row["id"], now=NOW
    )
    assert [each["unit_id"] for each in receipts] == [city.far_school["id"]]


async def test_a_closed_unit_issues_nothing(db: Connection, city: City) -> None:
    row = await make_document(db, city.zone, city.city_admin, state=DocumentState.DRAFT)
    await db.change(Unit, city.zone["id"], {"closed_on": TODAY})
    with pytest.raises(UnitClosed):
        await documents.issue_official_document(
            db, city.city_admin.actor, document_id=row["id"], now=NOW
        )


async def test_whoever_reads_an_issued_document_opens_its_file(db: Connection, city: City) -> None:
    file = await make_file(db, city.county, city.county_admin)
    made = await documents.create_official_document(
        db, city.county_admin.actor, now=NOW,
        new=draft(city.county, file_id=str(file["id"]), addressee_ids=[str(city.school["id"])]),
    )  # fmt: skip

    async def opened(person: Person, document_id: Any) -> str:
        link = await documents.create_document_file_link(
            db, person.actor, document_id=document_id, new=NewFileLink(),
            links=FileLinks(b"k" * 32), now=NOW,
        )  # fmt: skip
        return str(link["url"])

    assert str(file["id"]) in await opened(city.county_admin, made["id"])
    for person in (city.school_admin, city.teacher_account):
        with pytest.raises(documents.OfficialDocumentNotFound):
            await opened(person, made["id"])
    await documents.issue_official_document(
        db, city.county_admin.actor, document_id=made["id"], now=NOW
    )
    for person in (city.school_admin, city.teacher_account):
        assert str(file["id"]) in await opened(person, made["id"])
    with pytest.raises(documents.OfficialDocumentNotFound):
        await opened(city.sibling_admin, made["id"])
    bare = await make_document(db, city.county, city.county_admin)
    with pytest.raises(FileNotFound):
        await opened(city.county_admin, bare["id"])


async def test_the_file_of_a_draft_is_opened_by_whom_it_is_for(db: Connection, city: City) -> None:
    """A county reads the drafts of its schools, and not what they keep inside."""
    file = await make_file(db, city.school, city.school_admin)
    row = await make_document(
        db, city.school, city.school_admin, state=DocumentState.DRAFT, file_id=file["id"]
    )
    with pytest.raises(FileNotFound):
        await documents.create_document_file_link(
            db, city.county_admin.actor, document_id=row["id"], new=NewFileLink(),
            links=FileLinks(b"k" * 32), now=NOW,
        )  # fmt: skip


async def test_pupils_are_not_sent_out_without_consent(db: Connection, city: City) -> None:
    """A bureau's document goes to other units; a school's own stays among its people."""
    for unit, by, consent, goes in (
        (city.county, city.county_admin, None, False),
        (city.county, city.county_admin, "2026-01", True),
        (city.school, city.school_admin, None, True),
    ):
        file = await make_file(db, unit, by, shows_pupils=True, consent=consent)
        new = draft(unit, file_id=str(file["id"]))
        asked = documents.create_official_document(db, by.actor, new=new, now=NOW)
        if goes:
            assert (await asked)["file_id"] == file["id"]
        else:
            with pytest.raises(PupilsStayInside):
                await asked
