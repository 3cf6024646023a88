"""Templates (模板): workbooks to be filled in, one for each kind of file, made from its declaration."""

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.exchange.imports.kind import ImportColumn, ImportKind, ImportSubject
from app.domain.exchange.imports.kinds import KINDS
from app.sql import Connection
from app.tabular import Column, template_of

# What may be asked.


async def get_import_template(
    db: Connection,  # noqa: ARG001  no row is read
    actor: Actor,
    *,
    subject: ImportSubject,
) -> bytes:
    """A workbook for files of this kind, with drop-downs and examples, for whoever imports anywhere."""
    actor.require(Permission.IMPORT_WRITE)
    kind = KINDS[subject]
    return template_of([_column(kind, each) for each in kind.columns], title=kind.words)


def _column(kind: ImportKind, column: ImportColumn) -> Column:
    """A column as people fill it in; the words that are offered are the first for each value."""
    first = {value: word for word, value in reversed(column.words.items())}
    choices = [word for word in column.words if first[column.words[word]] == word]
    return Column(
        name=column.field,
        title=column.zh,
        note=_note(column),
        # Of several words in one cell no list can offer one.
        choices=() if column.many else choices,
        examples=(column.example,) if column.example else (),
        required=column.needed or column.field in kind.identified_by,
    )


def _note(column: ImportColumn) -> str:
    notes = [column.en]
    if column.day:
        notes.append("日期，如 2026-09-01")
    if column.many:
        notes.append(f"可填多项，以、分隔：{'、'.join(column.words)}")
    if column.secret:
        notes.append("以文本格式填写，加密保存")
    return "；".join(notes)
