"""Who waits for whose receipt when schools are merged and documents repealed."""

from datetime import timedelta

from app.domain.exchange.tasks import TaskKind, list_tasks
from app.domain.organisation.reorganisations import Merger, merge_school
from app.domain.paging import PageRequest
from app.domain.quality import official_documents as documents
from app.domain.quality.official_documents import DocumentRepeal, ReceivingUnit
from app.sql import Connection
from tests.make import NOW, TODAY, City
from tests.make_documents import issued, seen_by


async def test_what_was_issued_to_a_school_is_for_the_one_that_it_was_merged_into(
    db: Connection, city: City
) -> None:
    come, owed, both = [
        await issued(
            db, city.county_admin, city.county, title=title, number=title,
            addressee_ids=[str(each["id"]) for each in to], receive_by=TODAY.isoformat(),
        )
        for title, to in (
            ("甲一", [city.school]), ("甲二", [city.school]), ("甲三", [city.school, city.sibling]),
        )
    ]  # fmt: skip
    for row in (come, both):
        await documents.receive_official_document(
            db, city.school_admin.actor, document_id=row["id"],
            receiving=ReceivingUnit(unit_id=city.school["id"]), now=NOW,
        )  # fmt: skip
    merger = Merger(successor_id=city.sibling["id"])
    await merge_school(
        db, city.county_admin.actor, unit_id=city.school["id"], merger=merger, now=NOW
    )
    assert set(await seen_by(db, city.sibling_admin)) == {come["id"], owed["id"], both["id"]}
    for row, received in ((come, True), (owed, False), (both, False)):
        receipts = await documents.list_document_receipts(
            db, city.county_admin.actor, document_id=row["id"], now=NOW
        )
        by_unit = {each["unit_id"]: each["received_at"] for each in receipts}
        assert (by_unit[city.sibling["id"]] is not None) is received
    waits = await list_tasks(
        db, city.sibling_admin.actor, page=PageRequest(), kind=TaskKind.DOCUMENT_TO_RECEIVE, now=NOW
    )
    assert {each["subject_id"] for each in waits.items} == {owed["id"], both["id"]}


async def test_nobody_waits_for_the_receipt_of_what_was_repealed(
    db: Connection, city: City
) -> None:
    row = await issued(
        db, city.county_admin, city.county, addressee_ids=[str(city.school["id"])],
        receive_by=TODAY.isoformat(),
    )  # fmt: skip
    later = NOW + timedelta(days=1)

    async def waits() -> tuple[int, int]:
        tasks = await list_tasks(
            db, city.school_admin.actor, page=PageRequest(), kind=TaskKind.DOCUMENT_TO_RECEIVE,
            now=later,
        )  # fmt: skip
        missing = await documents.list_document_receipts(
            db, city.county_admin.actor, document_id=row["id"], missing=True, now=later
        )
        return len(tasks.items), len(missing)

    assert await waits() == (1, 1)
    await documents.repeal_official_document(
        db, city.county_admin.actor, document_id=row["id"],
        repeal=DocumentRepeal(on=TODAY, reason="已被代替"), now=NOW,
    )  # fmt: skip
    assert await waits() == (0, 0)
    [kept] = await documents.list_document_receipts(
        db, city.county_admin.actor, document_id=row["id"], now=later
    )
    assert (kept["received_at"], kept["overdue"]) == (None, False)
