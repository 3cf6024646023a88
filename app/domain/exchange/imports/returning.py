"""Handing back (退回文件): the file of an import as it was sent, with what became of each row beside it.

Only whoever handed the file in gets it back: it may be full of ID numbers, which no other answer shows.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.errors import Conflict, NotAllowed
from app.domain.exchange.imports.kind import ImportAction, ImportColumn, ImportKind
from app.domain.exchange.imports.requesting import ImportNotChecked
from app.domain.exchange.imports.row import ImportRow
from app.domain.exchange.imports.run import IMPORTS, Import, ImportStage
from app.domain.exchange.imports.staging import kind_of
from app.sql import Connection, Row, Statement
from app.tabular import SourceRow, row_handed_back


class ReturnedRows(StrEnum):
    """Which rows of a file are handed back (退回范围)."""

    REFUSED = "refused"
    """被拒绝的行"""
    ALL = "all"
    """全部行及核对结果"""


# What can be refused.


class ImportFileOfAnother(NotAllowed):
    """Somebody else handed the file in: what is in it is shown to nobody but them."""

    code = "import_file_of_another"
    zh = "该文件由他人上传，只能由上传者本人取回。"
    en = "Somebody else handed this file in: nobody but them gets it back."

    def __init__(self) -> None:
        super().__init__(permission="")


class ImportFileForgotten(Conflict):
    """The file is no longer kept: nothing was left to do with it, or thirty days are over."""

    code = "import_file_forgotten"
    zh = "原文件已不再保存（导入已了结或已满 30 天），请重新上传。"
    en = "The file is no longer kept (all is done, or 30 days are over): hand it in again."


# What may be asked.

_KEPT = Statement(
    select(*(col(getattr(Import, name)) for name in ("created_by", "stored_size", "file_name")))
    .where(col(Import.id) == bindparam("import_id", type_=Uuid))
)  # fmt: skip
_RETURNABLE = frozenset({ImportStage.CHECKED, ImportStage.APPLIED})


async def get_returnable_import(db: Connection, actor: Actor, *, import_id: UUID) -> Row:
    """An import whose file the actor handed in, and may have back: it was checked, and is not over."""
    run = await IMPORTS.get(db, actor, import_id)
    kept = await db.one(_KEPT, import_id=import_id) or {}
    if kept["created_by"] != actor.account_id or actor.on_behalf_of is not None:
        raise ImportFileOfAnother
    # What is sealed of people is shown to no application that asks for somebody.
    actor.require_in_person()
    if run["stage"] not in _RETURNABLE:
        raise ImportNotChecked
    return run | kept


_OUTCOMES = Statement(
    select(
        *(
            col(getattr(ImportRow, name))
            for name in ("number", "action", "before", "after", "reasons")
        )
    )
    .where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        col(ImportRow.number).between(
            bindparam("first", type_=Integer), bindparam("last", type_=Integer)
        ),
    )
)  # fmt: skip


async def returned_lines(
    db: Connection, *, run: Row, lines: list[SourceRow], rows: ReturnedRows
) -> list[Any]:
    """Of these lines of a file those that are handed back, as a writer takes them."""
    kind = kind_of(run)
    outcomes = await db.all(
        _OUTCOMES, import_id=run["id"], first=lines[0].number, last=lines[-1].number
    )
    said = {
        row["number"]: outcome_of(kind, row)
        for row in outcomes
        if rows is ReturnedRows.ALL or row["action"] == ImportAction.REJECT
    }
    return [row_handed_back(line, said[line.number]) for line in lines if line.number in said]


_COMPARED = {
    ImportAction.CREATE: "本系统无此人",
    ImportAction.CHANGE: "不一致（本系统 → 文件）",
    ImportAction.UNCHANGED: "一致",
    ImportAction.REJECT: "无法比对",
}
_WORDS = {
    ImportAction.CREATE: "新增",
    ImportAction.CHANGE: "变更",
    ImportAction.UNCHANGED: "无变化",
    ImportAction.REJECT: "拒绝",
}


def outcome_of(kind: ImportKind, row: Row) -> str:
    """What a row does and why, in Chinese, as the people read it who keep the file."""
    changes = [
        f"{column.zh} {_word(column, row['before'].get(name))} → {_word(column, value)}"
        for name, value in row["after"].items()
        if row["action"] == ImportAction.CHANGE and (column := kind.by_field.get(name)) is not None
    ]
    because = [reason["zh"] for reason in row["reasons"]]
    said = "；".join([*changes, *because])
    words = _COMPARED if kind.only_compares else _WORDS
    word = words[ImportAction(row["action"])]
    return f"{word}：{said}" if said else word


def _word(column: ImportColumn, value: Any) -> str:
    """A value in the words of its column, as far as it has any."""
    if isinstance(value, list):
        return "、".join(_word(column, each) for each in value)
    if value is None:
        return "（空）"
    return next((word for word, each in column.words.items() if each == value), str(value))
