"""Checking (核对): a file is staged part by part, and it is known what it would change; nothing is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, cast, false, func, null, select, update
from sqlmodel import col

from app.domain.errors import Invalid
from app.domain.exchange.imports.kind import Draft, Ground, ImportAction, ImportKind
from app.domain.exchange.imports.known import digests_of, find_known, stage_known
from app.domain.exchange.imports.reading import add_faults, fields_of, given_of, read_draft
from app.domain.exchange.imports.reasons import RowRepeated
from app.domain.exchange.imports.row import ImportRow
from app.domain.exchange.imports.run import Import, ImportStage
from app.domain.exchange.imports.staging import (
    compare_drafts,
    ground_of,
    hold_import,
    kind_of,
    row_of,
)
from app.domain.people.identity import PersonalDataCipher
from app.domain.progress import advance_work
from app.sql import Connection, Row, Statement, new_id
from app.tabular import SourceRow, UnreadableFile

# What can be refused.


class FileOfOtherKind(Invalid):
    """The columns are not those of this kind of file."""

    code = "import_file_of_other_kind"
    zh = "文件缺少“{missing}”列，不是“{kind}”文件。请使用模板。"
    en = "The file has no column '{missing}', so it is no file of {kind}. Please use the template."


class FileUnreadable(Invalid):
    """The file cannot be read as a table; code and words are those of what is wrong with it."""

    def __init__(self, fault: UnreadableFile) -> None:
        self.code, self.zh, self.en = (  # type: ignore[misc]
            fault.code, _braced(fault.zh), _braced(fault.en)
        )  # fmt: skip
        super().__init__()


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


# What may be done.


def _fields(kind: ImportKind, headers: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Which fields the columns of a file fill; refused where what says whom a row is about is missing."""
    fields, unknown = fields_of(kind, list(headers))
    for name in kind.identified_by:
        if name not in fields.values():
            raise FileOfOtherKind(missing=kind.column(name).zh, kind=kind.words)
    return fields, unknown


def _drafted(
    kind: ImportKind, fields: Mapping[str, str], line: SourceRow, digest: bytes | None
) -> Draft:
    """A row of the file; in JSON Lines each may have other names than the first."""
    if not line.cells.keys() <= fields.keys():
        fields, _ = fields_of(kind, line.cells)
    given = given_of(fields, line.cells)
    draft = Draft(row_id=new_id(), number=line.number, given=given, digest=digest)
    add_faults(draft, fields, line.faults)
    return draft


@dataclass
class FilePart:
    """Some lines of a file, on their way in.

    What they say is read in a thread, once it is known which of them would change nothing.
    """

    lines: Sequence[SourceRow]
    fields: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    known: list[tuple[int, bytes | None]] = field(default_factory=list)
    drafts: "asyncio.Future[list[Draft]] | None" = None


async def _begin(
    db: Connection, kind: ImportKind, ground: Ground, mark: int, part: FilePart
) -> None:
    """Have a part read beside what follows; lines up to the mark were staged before."""
    if part.drafts is not None:
        return
    part.lines = [line for line in part.lines if line.number > mark]
    if part.lines:
        part.fields, part.unknown = _fields(kind, list(part.lines[0].cells))
    digests = digests_of(kind, ground, part.lines)
    numbered = [(line.number, digest) for line, digest in zip(part.lines, digests, strict=True)]
    known = await find_known(db, kind=kind, lines=numbered)
    part.known = [each for each in numbered if each[0] in known]
    others = [
        (line, digest)
        for line, digest in zip(part.lines, digests, strict=True)
        if line.number not in known
    ]

    def read() -> list[Draft]:
        drafts = [_drafted(kind, part.fields, *each) for each in others]
        for draft in drafts:
            read_draft(kind, draft, ground)
        return drafts

    part.drafts = asyncio.ensure_future(asyncio.to_thread(read))


async def stage_part(
    db: Connection,
    *,
    import_id: UUID,
    part: FilePart,
    following: FilePart | None = None,
    cipher: PersonalDataCipher,
    now: datetime,
) -> None:
    """Stage the next lines of a file, in a transaction of their own; those staged before are passed over.

    Those `following` are read meanwhile.
    """
    run = await hold_import(db, import_id=import_id)
    kind, ground = kind_of(run), ground_of(run, cipher, now)
    await _begin(db, kind, ground, run["mark"], part)
    if following is not None:
        await _begin(db, kind, ground, run["mark"], following)
    if not part.lines or part.drafts is None:
        return
    await stage_known(db, import_id=import_id, lines=part.known)
    drafts = await part.drafts
    await compare_drafts(
        db, kind=kind, ground=ground, drafts=drafts, overwrite=run["overwrite"], lock=False
    )
    await db.copy(ImportRow, [row_of(kind, draft, ground) for draft in drafts])
    said: dict[str, Any] = {"mark": part.lines[-1].number}
    if not run["columns"]:
        said |= {"columns": list(part.fields.values()), "unknown": part.unknown[:50]}
    await db.change(Import, import_id, said)
    await advance_work(db, Import, row_id=import_id, done=run["done"] + len(part.lines))


_line: Any = ImportRow.__table__  # type: ignore[attr-defined]


def _repeated() -> Statement:
    """Refuse every row that is about what an earlier one is about."""
    of_import = _line.c.import_id == bindparam("import_id", type_=Uuid)
    first = func.min(_line.c.number).over(partition_by=_line.c.key)
    twice = (
        select(_line.c.id, _line.c.number, first.label("first"))
        .where(of_import, _line.c.key.is_not(None))
        .subquery("twice")
    )
    number = cast(twice.c.first, String)
    reason = func.jsonb_build_object(
        "code", RowRepeated.code,
        "zh", func.replace(RowRepeated.zh, "{first}", number),
        "en", func.replace(RowRepeated.en, "{first}", number),
        "column", null(),
        "note", false(),
    )  # fmt: skip
    return Statement(
        update(_line)
        .where(_line.c.id == twice.c.id, twice.c.first < twice.c.number)
        .values(
            action=ImportAction.REJECT,
            reasons=_line.c.reasons.op("||")(func.jsonb_build_array(reason)),
        )
    )


_REPEATED = _repeated()
_COUNTS = Statement(
    select(col(ImportRow.action), func.count().label("rows"))
    .where(col(ImportRow.import_id) == bindparam("import_id", type_=Uuid))
    .group_by(col(ImportRow.action))
)
_NAMES = {
    ImportAction.CREATE: "creates",
    ImportAction.CHANGE: "changes",
    ImportAction.UNCHANGED: "unchanged",
    ImportAction.REJECT: "rejects",
}


async def count_rows(db: Connection, *, import_id: UUID) -> Row:
    """How many rows of an import do what."""
    rows = await db.all(_COUNTS, import_id=import_id)
    counted = {_NAMES[ImportAction(row["action"])]: row["rows"] for row in rows}
    return dict.fromkeys(_NAMES.values(), 0) | counted


async def count_absent(db: Connection, *, kind: ImportKind, run: Row) -> Row:
    """Whom a full roster lacks, and of which schools too many: it stops the import (`shrunk`)."""
    if not run["full_roster"] or kind.absent is None:
        return {}
    schools = await kind.absent(db, import_id=run["id"], unit_id=run["unit_id"])
    shrunk = [
        school
        for school in schools
        if school["missing"] * 100 > school["registered"] * run["shrink_share"]
    ]
    return {"missing": sum(school["missing"] for school in schools), "shrunk": shrunk[:100]}


async def finish_check(db: Connection, *, import_id: UUID) -> None:
    """Say what a wholly staged file would change: repeated rows are refused, what it lacks is counted."""
    run = await hold_import(db, import_id=import_id)
    kind = kind_of(run)
    await db.run(_REPEATED, import_id=import_id)
    said = await count_rows(db, import_id=import_id) | await count_absent(db, kind=kind, run=run)
    said |= {"stage": ImportStage.CHECKED, "mark": 0}
    await db.change(Import, import_id, said)
    await advance_work(db, Import, row_id=import_id, done=run["done"], total=run["done"])
