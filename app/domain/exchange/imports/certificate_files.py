"""Rows about a person with a certificate: who is meant, and which file they name as what shows it (证书文件).

The file was handed in before, at the unit of the import.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, select
from sqlmodel import col

from app.domain.errors import DomainError, Invalid
from app.domain.exchange.imports.kind import Draft, Ground
from app.domain.exchange.imports.named_persons import Asked, people_meant
from app.domain.exchange.imports.places import units_known
from app.domain.training.files import File
from app.sql import Connection, Row, Statement

_COLUMN = "证书文件"

# What can be refused.


class CertificateFileUnknown(Invalid):
    """No file of that name, or more than one, was handed in at the unit of the import."""

    code = "import_certificate_file_unknown"
    zh = "导入单位没有、或有多个名为该名称的文件，请先上传（POST /files）。"
    en = "At the unit of this import there is no one file of that name: hand it in first."


# What may be asked.

_FILES = Statement(
    select(col(File.id), col(File.name)).where(
        col(File.unit_id) == bindparam("unit_id", type_=Uuid),
        col(File.name) == any_(bindparam("names", type_=ARRAY(Text))),
    )
)


class Certified(NamedTuple):
    """A draft with whom it means, and the file that it names, if it names one."""

    draft: Draft
    person: Row
    file_id: UUID | None


async def find_certified(
    db: Connection, *, ground: Ground, drafts: Sequence[Draft], lock: bool
) -> list[Certified]:
    """Those drafts that mean a person, and no file or one that is there; the others are refused."""
    words = {draft.said.school for draft in drafts if draft.said.school}
    known = await units_known(db, ground=ground, words=words, lock=False)
    asked = [Asked(draft) for draft in drafts]
    people = await people_meant(db, ground=ground, asked=asked, known=known, lock=lock)
    files = await _files_named(db, ground, drafts)
    found = []
    for draft in drafts:
        person = people[draft.row_id]
        if isinstance(person, DomainError):
            draft.refuse(person)
        elif not draft.refused:
            found.append(Certified(draft, person, files[draft.row_id]))
    return found


async def _files_named(
    db: Connection, ground: Ground, drafts: Sequence[Draft]
) -> dict[UUID, UUID | None]:
    """The file that each draft names, by the key of its row; who names none that is sure is refused."""
    names = {draft.row_id: draft.said.certificate_file for draft in drafts}
    wanted = sorted(set(names.values()) - {None})
    found: dict[str, list[UUID]] = {}
    for row in await db.all(_FILES, unit_id=ground.unit_id, names=wanted) if wanted else []:
        found.setdefault(row["name"], []).append(row["id"])
    files: dict[UUID, UUID | None] = {}
    for draft in drafts:
        name = names[draft.row_id]
        files[draft.row_id] = None
        if name is not None and len(found.get(name, ())) != 1:
            draft.refuse(CertificateFileUnknown(), column=_COLUMN)
        elif name is not None:
            files[draft.row_id] = found[name][0]
    return files
