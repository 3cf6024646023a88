import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import ReferenceType

import pytest

from app.cli.archives import BundleWrong, verify_bundle
from app.domain.access.actors import Actor
from app.domain.credits.assessment_requirements import AssessmentTerm
from app.domain.credits.assessments.assessment import Judgement
from app.domain.credits.certificates import CertificateState
from app.domain.credits.packs.parts import CreditLevel, EntryKind
from app.domain.learning.mentorships import MentorshipState
from app.domain.learning.outputs import OutputKind
from app.domain.learning.topics import TopicGrade, TopicLevel
from app.domain.paging import PageRequest
from app.domain.people.facts.merits import Honour, HonourLevel
from app.domain.people.goals import GoalResult
from app.domain.quality.archive_retrievals import (
    ArchiveRetrievalExpired,
    ArchiveRetrievalNotFound,
    ArchiveRetrievalOfAnother,
    list_archive_retrievals,
    stream_archive_bundle,
)
from app.domain.quality.archive_retrievals.words import CODES, NAMES
from app.domain.quality.archive_volumes import ArchiveVolumeNotFound, ArchiveVolumeWrongState
from app.domain.quality.archive_volumes.of_school import OF_SCHOOL
from app.domain.quality.archive_volumes.of_teacher import OF_TEACHER
from app.domain.quality.regulations import RegulationKind
from app.domain.quality.unit_evaluations.table import AppealOutcome
from app.domain.training.activities import ActivityState
from app.domain.training.contest_results.result import Award
from app.domain.training.destinations import HostLevel
from app.domain.training.evidence_kinds import EvidenceKind
from app.domain.training.files import stored_name
from app.domain.training.notes import NoteKind
from app.domain.training.plans import PlanKind
from app.domain.training.vocabulary import ActivityKind, ActivityMode
from app.request import Resources
from app.sql import Connection, Row
from tests.make import NOW, City, Person, make_activity
from tests.make_archives import (
    SIGNER,
    make_material,
    make_retrieval,
    make_sealed,
    make_sealed_of,
    make_volume,
)
from tests.make_evidence import make_evidence, make_file

PAGE = PageRequest(limit=50)
ARGUMENTS = {
    "owner_id": UUID(int=0), "since": date(2026, 9, 1), "before": date(2027, 9, 1),
}  # fmt: skip
TEXT = "这是课堂实录。".encode() * 1000


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def keep(resources: Resources, content: bytes) -> Row:
    """A content that lies in the store, as a file's columns name it."""
    digest = sha256(content).hexdigest()
    await resources.archive.store.write(stored_name(digest), once(content))
    return {"sha256": digest, "size": len(content), "media_type": "text/plain", "kind": "document"}


async def bundle_of(
    db: Connection, actor: Actor, retrieval: Row, resources: Resources
) -> zipfile.ZipFile:
    """The whole bundle, read as whoever gets it reads it."""
    pieces = stream_archive_bundle(
        db, actor, retrieval_id=retrieval["id"], press=resources.press, now=NOW
    )
    return zipfile.ZipFile(io.BytesIO(b"".join([piece async for piece in pieces])))


async def sealed_with_files(db: Connection, city: City, resources: Resources) -> Row:
    """A sealed volume with a file that its school alone opens, and one that the bureau opens too."""
    by = city.school_admin
    activity = await make_material(db, by, city.school, city.teacher)
    stored = await keep(resources, TEXT)
    for name, more in (
        ("课堂实录.txt", {"sharing": "county"}),
        ("学生作品.txt", {"shows_pupils": True}),
    ):
        file = await make_file(db, city.school, by, name=name, **stored, **more)
        await make_evidence(db, activity, by, file_id=file["id"], title=name)
    return await make_sealed(db, by, city.county_admin, city.school)


async def test_a_bundle_is_what_was_sealed(
    db: Connection, city: City, resources: Resources, tmp_path: Path
) -> None:
    volume = await sealed_with_files(db, city, resources)
    retrieval = await make_retrieval(db, city.school_admin, volume)
    bundle = await bundle_of(db, city.school_admin.actor, retrieval, resources)
    assert bundle.testzip() is None
    assert bundle.namelist() == [
        "seal.jwt", "index.pdf", "pieces/0001-0004.jsonl", "pieces/0001-0004.pdf",
        "files/0003-课堂实录.txt", "files/0004-学生作品.txt",
    ]  # fmt: skip
    assert bundle.read("index.pdf").startswith(b"%PDF-")
    assert bundle.read("files/0003-课堂实录.txt") == TEXT
    path = tmp_path / "bundle.zip"
    rewrite(bundle, path, {})
    assert verify_bundle(path, SIGNER.jwks()) == (volume["title"], 4, 2)
    lines = bundle.read("pieces/0001-0004.jsonl")
    for changed in (
        {"files/0003-课堂实录.txt": TEXT[:-1]},
        {"pieces/0001-0004.jsonl": lines.replace("圆满完成".encode(), "圆满结束".encode())},
        {"pieces/0001-0004.jsonl": lines[: lines.rindex(b'{"content"')]},
    ):
        rewrite(bundle, path, changed)
        with pytest.raises(BundleWrong):
            verify_bundle(path, SIGNER.jwks())


def rewrite(bundle: zipfile.ZipFile, path: Path, changed: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as written:
        for name in bundle.namelist():
            written.writestr(name, changed.get(name, bundle.read(name)))


async def test_files_that_show_pupils_do_not_leave_their_school(
    db: Connection, city: City, resources: Resources
) -> None:
    volume = await sealed_with_files(db, city, resources)
    retrieval = await make_retrieval(db, city.county_admin, volume)
    bundle = await bundle_of(db, city.county_admin.actor, retrieval, resources)
    assert [name for name in bundle.namelist() if name.startswith("files/")] == [
        "files/0003-课堂实录.txt"
    ]
    lines = [json.loads(line) for line in bundle.read("pieces/0001-0004.jsonl").splitlines()]
    assert [line["path"] for line in lines] == [None, None, "files/0003-课堂实录.txt", None]


async def test_a_look_is_recorded_and_shown_to_whom_it_is_about(db: Connection, city: City) -> None:
    volume = await make_sealed_of(db, city, growth=True)
    made = await make_retrieval(db, city.county_admin, volume)
    assert (made["reason"], made["retrieved_by"]) == (
        "年度督导",
        city.county_admin.actor.account_id,
    )
    for person in (city.teacher_account, city.school_admin):
        found = await list_archive_retrievals(db, person.actor, page=PAGE, volume_id=volume["id"])
        assert [row["id"] for row in found.items] == [made["id"]]
    assert (await list_archive_retrievals(db, city.sibling_admin.actor, page=PAGE)).items == []


async def refused(
    db: Connection, person: Person, retrieval: Row, resources: Resources, *, late: bool = False
) -> None:
    now = NOW + timedelta(days=2 * late)
    pieces = stream_archive_bundle(
        db, person.actor, retrieval_id=retrieval["id"], press=resources.press, now=now
    )
    await anext(aiter(pieces))


async def test_a_bundle_is_for_who_said_why_and_for_a_day(
    db: Connection, city: City, resources: Resources
) -> None:
    volume = await make_sealed_of(db, city)
    made = await make_retrieval(db, city.county_admin, volume)
    with pytest.raises(ArchiveRetrievalOfAnother):
        await refused(db, city.school_admin, made, resources)
    with pytest.raises(ArchiveRetrievalNotFound):
        await refused(db, city.sibling_admin, made, resources)
    with pytest.raises(ArchiveRetrievalExpired):
        await refused(db, city.county_admin, made, resources, late=True)
    await refused(db, city.county_admin, made, resources)


async def test_what_holds_nothing_yet_is_not_looked_into(db: Connection, city: City) -> None:
    volume = await make_volume(db, city.school_admin, city.school)
    with pytest.raises(ArchiveVolumeWrongState):
        await make_retrieval(db, city.county_admin, volume)
    with pytest.raises(ArchiveVolumeNotFound):
        await make_retrieval(db, city.sibling_admin, volume)
    assert (await list_archive_retrievals(db, city.county_admin.actor, page=PAGE)).items == []


CODED: tuple[type[StrEnum], ...] = (
    ActivityKind, ActivityMode, AppealOutcome, AssessmentTerm, Award, CertificateState, CreditLevel,
    EntryKind, EvidenceKind, GoalResult, HonourLevel, HostLevel, Honour, Judgement,
    MentorshipState, NoteKind, OutputKind, PlanKind, RegulationKind, TopicGrade, TopicLevel,
)  # fmt: skip


@pytest.mark.parametrize("kind", CODED, ids=lambda kind: kind.__name__)
def test_every_code_of_a_piece_has_a_word(kind: type[StrEnum]) -> None:
    assert [each.value for each in kind if each.value not in CODES] == []


def test_every_fact_of_a_piece_has_a_name(resources: Resources) -> None:
    facts = {
        str(value)
        for statements in (OF_SCHOOL, OF_TEACHER)
        for statement in statements.values()
        for value in statement.arguments(ARGUMENTS)
        if isinstance(value, str) and value.isascii() and value.isidentifier()
    }
    assert facts - NAMES.keys() <= {"draft", "confirmed", "concluded"}
    assert len(facts) > 40
    assert resources.press


class Measured:
    """A store whose files are a megabyte each, and which knows how many lie in memory at once."""

    def __init__(self) -> None:
        self.given: list[ReferenceType[Piece]] = []
        self.most = 0

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytearray]:
        """The same megabyte under any name, each time as an object of its own."""
        assert name
        piece = Piece(end - start)
        self.given.append(ReferenceType(piece))
        self.most = max(self.most, sum(each() is not None for each in self.given))
        yield piece


class Piece(bytearray):
    """Bytes that can be followed to their end."""


async def test_of_five_hundred_documents_few_are_in_memory_at_once(
    db: Connection, city: City, resources: Resources
) -> None:
    by = city.school_admin
    activity = await make_activity(db, city.school, by, state=ActivityState.CLOSED)
    for number in range(500):
        file = await make_file(db, city.school, by, name=f"{number}.png", size=1_000_000)
        await make_evidence(db, activity, by, file_id=file["id"], title=f"材料{number}")
    volume = await make_sealed(db, by, city.county_admin, city.school)
    assert volume["pieces"] == 501
    retrieval = await make_retrieval(db, by, volume)
    store: Any = Measured()
    press = resources.press._replace(store=store)
    largest = total = 0
    async for piece in stream_archive_bundle(
        db, by.actor, retrieval_id=retrieval["id"], press=press, now=NOW
    ):
        largest, total = max(largest, len(piece)), total + len(piece)
    assert (len(store.given), store.most) == (500, 1)
    assert total > 500_000_000
    assert largest < 3_000_000
