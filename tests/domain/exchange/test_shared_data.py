from app.domain.access.roles import PERMISSIONS, Role
from app.domain.exchange.shared_data import CATALOGUE, SharedDataView, SharingWay, list_shared_data
from app.domain.exchange.submissions import (
    NewSubmission,
    RecordKind,
    SubmissionKind,
    create_submission,
)
from app.sql import Connection
from tests.make import NOW, City
from tests.make_province import make_codes, make_leaver, make_things


async def test_everybody_may_know_what_is_shared(db: Connection, city: City) -> None:
    before = db.statements
    found = await list_shared_data(db, city.teacher_account.actor)
    assert db.statements == before
    assert [SharedDataView.model_validate(line) for line in found]
    assert all(line["fields"] and line["ground"] for line in found)
    sent = await list_shared_data(db, city.teacher_account.actor, way=SharingWay.SUBMITTED)
    assert [line["name"] for line in sent] == [kind.value for kind in RecordKind]


async def test_the_catalogue_names_what_is_sent_field_by_field(db: Connection, city: City) -> None:
    """What records hold is what the catalogue says, not a field more and not one less."""
    await make_codes(db, city)
    batch = await make_things(db, city)
    for kind in (*SubmissionKind, SubmissionKind.ROSTER):
        batch_id = batch["id"] if kind is SubmissionKind.CREDITS else None
        new = NewSubmission(city_id=city.city["id"], kind=kind, batch_id=batch_id)
        await create_submission(db, city.integration.actor, new=new, now=NOW)
        if kind is SubmissionKind.CERTIFICATES:
            await make_leaver(db, city)
    query = "SELECT DISTINCT ON (kind) kind, content FROM province_record ORDER BY kind"
    sent = {row["kind"]: set(row["content"]) for row in await db._driver.fetch(query)}
    assert sent == {
        line["name"]: {each["name"] for each in line["fields"]}
        for line in CATALOGUE
        if line["way"] is SharingWay.SUBMITTED
    }


def test_what_is_read_is_what_the_role_permits() -> None:
    scopes = {line["scope"] for line in CATALOGUE if line["way"] is SharingWay.READ}
    assert scopes <= PERMISSIONS[Role.PROVINCE]
