"""What a file knows by its title in a unit (按名称识别): courses, topics, resources.

Two of one title in one unit cannot be told apart by a file, and none of them is chosen. While rows are written
the city is held, so that two imports never set up the same thing twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, bindparam, select

from app.domain.base import Command
from app.domain.errors import Conflict
from app.domain.exchange.imports.kind import Draft, Ground, ImportKind
from app.domain.exchange.imports.named_persons import key_about
from app.domain.exchange.imports.places import plain_with_amounts, wanted_of
from app.domain.exchange.imports.reasons import ChangedSince, ColumnNeeded
from app.sql import Connection, Row, Statement


class TitledLine(Command):
    """A row that is about something by its title, in a unit or in that of the import."""

    title: str
    unit: str | None = None


class TitleAmbiguous(Conflict):
    """Several have that title in the unit."""

    code = "import_title_ambiguous"
    zh = "该单位有 {count} 项同名记录，无法确定是哪一项，请在系统中办理。"
    en = "In that unit {count} have this title: change the one you mean by hand."


def identify_titled(said: TitledLine, _: Ground) -> tuple[str, str]:
    """The key and the label of what a row is about."""
    return key_about(said.unit or "", said.title), said.title


class Titles:
    """How things of one table are found by their titles: those of a file, or many by their keys.

    `listed` makes of a row what files say; `others` are columns of what is `joined`.
    """

    def __init__(
        self,
        table: Any,
        names: Iterable[str],
        *present: ColumnElement[bool],
        listed: Callable[[Row], Row] = dict,
        joined: Any = None,
        others: Mapping[str, Any] | None = None,
    ) -> None:
        columns = table.__table__.c
        shown = [columns[name] for name in dict.fromkeys(("id", "unit_id", "title", *names))]
        shown += [column.label(name) for name, column in (others or {}).items()]
        rows = select(*shown).select_from(table.__table__ if joined is None else joined)
        self._listed = listed
        self._by_title = Statement(
            rows.where(
                columns.unit_id == any_(bindparam("unit_ids", type_=ARRAY(Uuid))),
                columns.title == any_(bindparam("titles", type_=ARRAY(Text))),
                *present,
            )
        )
        among = columns.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
        self._by_key = Statement(
            rows.where(among).order_by(columns.id).with_for_update(of=table.__table__)
        )

    async def among(
        self, db: Connection, places: Iterable[tuple[UUID, str]]
    ) -> dict[tuple[UUID, str], list[Row]]:
        """Those in these units by these titles."""
        asked = list(places)
        found: dict[tuple[UUID, str], list[Row]] = {}
        if asked:
            units, titles = {unit for unit, _ in asked}, {title for _, title in asked}
            rows = await db.all(self._by_title, unit_ids=list(units), titles=sorted(titles))
            for row in rows:
                found.setdefault((row["unit_id"], row["title"]), []).append(self._listed(row))
        return found

    async def hold_as_written(self, db: Connection, rows: Sequence[Row]) -> None:
        """Hold what the rows of an import have written; refused where it is otherwise by now."""
        kept = await db.all(self._by_key, ids=[row["target_id"] for row in rows])
        check_as_written([self._listed(each) for each in kept], rows)


async def find_titled(
    db: Connection, *, titles: Titles, drafts: Sequence[Draft], compared: Sequence[str]
) -> None:
    """Say of the drafts whose unit is known what is there by that title, and what is wanted of it."""
    placed = [draft for draft in drafts if draft.unit is not None]
    found = await titles.among(db, [title_of(draft) for draft in placed])
    for draft in placed:
        draft.wanted = wanted_of(draft.said, compared)
        there = found.get(title_of(draft), [])
        if len(there) > 1:
            draft.refuse(TitleAmbiguous(count=len(there)))
        elif there:
            draft.target_id = there[0]["id"]
            draft.work = there[0]
            draft.current = {name: plain_with_amounts(there[0][name]) for name in draft.wanted}


def title_of(draft: Draft) -> tuple[UUID, str]:
    """By what the thing of a draft is found."""
    return (draft.unit or {})["id"], draft.said.title


def need(kind: ImportKind, draft: Draft, names: Iterable[str]) -> None:
    """Refuse what would be new without what it cannot do without."""
    if draft.current is None:
        for name in names:
            if getattr(draft.said, name) is None:
                header = kind.column(name).zh
                draft.refuse(ColumnNeeded(column=header), column=header)


def check_as_written(kept: Iterable[Row], rows: Iterable[Row]) -> None:
    """Refuse where a thing is otherwise than the row of an import has written it, or there no more."""
    by_key = {each["id"]: each for each in kept}
    for row in rows:
        thing = by_key.get(row["target_id"])
        if thing is None or any(
            plain_with_amounts(thing[name]) != value
            for name, value in row["after"].items()
            if name in thing
        ):
            raise ChangedSince
