"""Units (单位): counties and schools, found by their code, or by their name below their superior.

Superiors stand above those below them. A file sets up and brings up to date; it moves and closes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import DomainError, Unfit
from app.domain.exchange.imports.comparing import apart
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportAction,
    ImportColumn,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.words import LEVELS, LOCATIONS, STAGES
from app.domain.exchange.imports.places import (
    Known,
    plain_value,
    staged_words,
    the_unit,
    units_known,
    wanted_of,
)
from app.domain.exchange.imports.reading import refuse_unfit
from app.domain.exchange.imports.reasons import (
    ChangedSince,
    ColumnUnfit,
    RestedOn,
    UnitElsewhere,
    UnitUnknown,
)
from app.domain.organisation.names_and_codes import UnitCodeText, UnitName, check_code
from app.domain.organisation.unit_codes import give_codes
from app.domain.organisation.unit_names import rename_units
from app.domain.organisation.units import (
    Level,
    LocationClass,
    LocationCode,
    NewUnit,
    Stage,
    UnitChanges,
    create_units,
    hold_units,
    lock_city,
    units_by_id,
    update_units,
)
from app.sql import Connection, Row


class UnitLine(Command):
    """A row of a file of units."""

    parent: str | None = Field(default=None, max_length=100)
    level: Level = Level.SCHOOL
    name: UnitName
    code: UnitCodeText | None = None
    stages: list[Stage] | None = Field(default=None, max_length=4)
    location: LocationClass | None = None
    location_code: LocationCode | None = None


_COLUMNS = (
    ImportColumn("name", "单位名称", "Name", "某某小学", needed=True, also=("名称", "学校名称")),
    ImportColumn(
        "code", "单位代码", "Code", also=("代码", "学校标识码", "行政区划代码", "学校代码")
    ),
    ImportColumn("parent", "上级单位", "Superior", also=("主管教育局", "主管单位", "所属县区")),
    ImportColumn("level", "层级", "Level", "学校", words=LEVELS),
    ImportColumn(
        "stages", "学段", "Stages", "小学、初中", words=STAGES, many=True, also=("办学学段",)
    ),
    ImportColumn("location", "城乡分类", "Location", "镇区", words=LOCATIONS),
    ImportColumn("location_code", "城乡分类代码", "Location code", "121"),
)
_FIELDS = ("name", "code", "stages", "location", "location_code")
"""What of a unit that is there follows the file."""


def _identify(said: UnitLine, _: Ground) -> tuple[str, str]:
    return said.code or f"{said.parent or ''}|{said.name}", said.name


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    if lock:
        await lock_city(db, city_id=ground.city_id)
    words = {
        word
        for draft in drafts
        for word in (draft.said.parent, draft.said.code, draft.said.name)
        if word
    }
    known = await units_known(db, ground=ground, words=words, lock=lock)
    above: set[str] = set()
    if not lock:
        above = await staged_words(db, ground=ground, words=words)
    for draft in drafts:
        _look_up(draft, known, above)
        above |= {word for word in (draft.said.name, draft.said.code) if word}
    # A unit may be named by its code in one row, and by its name in another.
    apart([draft for draft in drafts if draft.target_id], lambda draft: draft.target_id)


def _look_up(draft: Draft, known: Known, above: set[str]) -> None:
    said = draft.said
    parent = the_unit(known, said.parent)
    if isinstance(parent, DomainError) and not (
        isinstance(parent, UnitUnknown) and said.parent in above
    ):
        draft.refuse(parent, column=UNITS.column("parent").zh)
        return
    there = _there(known, said, None if isinstance(parent, DomainError) else parent)
    draft.unit = None if isinstance(parent, DomainError) else parent
    draft.wanted = wanted_of(said, _FIELDS)
    if there is None:
        _check_new(draft)
        return
    if said.code is not None:
        _check_code(draft, there)
    # Below a superior that the file is yet to set up lies nothing that is there.
    if said.parent is not None and (draft.unit is None or there["parent_id"] != draft.unit["id"]):
        draft.refuse(UnitElsewhere(), column=UNITS.column("parent").zh)
    if "level" in draft.given and there["level"] != said.level:
        draft.refuse(UnitElsewhere(), column=UNITS.column("level").zh)
    draft.target_id, draft.work = there["id"], there
    draft.current = {name: plain_value(there[name]) for name in _FIELDS}


def _there(known: Known, said: UnitLine, parent: Row | None) -> Row | None:
    """The unit that a row is about, if it is there: by its code, or by its name below its superior."""
    if said.code is not None:
        coded = [row for row in known.get(said.code, []) if row["code"] == said.code]
        if coded:
            return coded[0]
    for row in known.get(said.name, []):
        below = parent is not None and row["parent_id"] == parent["id"]
        if (
            below
            and row["closed_on"] is None
            and (said.code in {None, row["code"]} or row["code"] is None)
        ):
            return row
    return None


def _new(said: UnitLine, parent_id: Any) -> NewUnit:
    given = said.model_dump(exclude={"parent"}, exclude_none=True)
    return NewUnit.model_validate(given | {"parent_id": parent_id})


def _check_new(draft: Draft) -> None:
    """Refuse what no unit can be, whatever its superior."""
    try:
        _new(draft.said, draft.row_id)
    except ValidationError as problem:
        refuse_unfit(UNITS, draft, problem)


def _check_code(draft: Draft, there: Row) -> None:
    """Refuse a code that is none of the unit's kind."""
    try:
        check_code(draft.said.code, is_school=there["level"] == Level.SCHOOL)
    except Unfit:
        header = UNITS.column("code").zh
        refusal = ColumnUnfit(column=header, allowed_zh="", allowed_en="")
        draft.refuse(refusal, column=header)


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    waiting = {draft.said.parent for draft in drafts if draft.unit is None and draft.said.parent}
    known = dict(await units_known(db, ground=ground, words=waiting, lock=True)) if waiting else {}
    new = [draft for draft in drafts if draft.action is not ImportAction.CHANGE]
    while new:
        # As deep as the file goes: those whose superior is there, then those below these.
        ready: list[tuple[Draft, Row]] = []
        later: list[tuple[Draft, DomainError]] = []
        for draft in new:
            parent = draft.unit or the_unit(known, draft.said.parent)
            if isinstance(parent, DomainError):
                later.append((draft, parent))
            else:
                ready.append((draft, parent))
        if not ready:
            raise later[0][1]
        await _set_up(db, actor, ground, ready, known)
        new = [draft for draft, _ in later]
    changed = [draft for draft in drafts if draft.action is ImportAction.CHANGE]
    await _change(db, actor, ground, {draft.target_id: draft.after for draft in changed})


async def _set_up(
    db: Connection,
    actor: Actor,
    ground: Ground,
    ready: Sequence[tuple[Draft, Row]],
    known: dict[str | None, list[Row]],
) -> None:
    """Set units up below superiors that are there, and know them for those below."""
    news = [_new(draft.said, parent["id"]) for draft, parent in ready]
    keys = await create_units(db, actor, news=news, now=ground.now)
    units = await units_by_id(db, actor, unit_ids=keys)
    for (draft, _), key in zip(ready, keys, strict=True):
        draft.target_id = key
        if (unit := units[key]) is not None:
            for word in {unit["name"], unit["code"]} - {None}:
                known.setdefault(word, []).append(unit)


async def _change(db: Connection, actor: Actor, ground: Ground, changes: Mapping[Any, Row]) -> None:
    """Let units have these values, by whichever way each is changed."""
    names = {unit_id: said["name"] for unit_id, said in changes.items() if "name" in said}
    await rename_units(db, actor, names=names, now=ground.now)
    codes = {unit_id: code for unit_id, said in changes.items() if (code := said.get("code"))}
    await give_codes(db, actor, codes=codes, now=ground.now)
    others = {
        unit_id: UnitChanges.model_validate(own)
        for unit_id, said in changes.items()
        if (own := {name: said[name] for name in said.keys() - {"name", "code"}})
    }
    await update_units(db, actor, changes=others, now=ground.now)


async def _restore(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    if any("code" in row["after"] for row in rows):
        # A code that was given is void, not free again: that is for people to decide.
        raise RestedOn
    ids = {row["target_id"] for row in rows}
    units = await hold_units(
        db, actor, unit_ids=ids, permission=Permission.UNIT_WRITE, to_change=True
    )
    before: dict[UUID, Row] = {}
    for row in rows:
        # What several parts of a file have changed of one unit is given back the last first.
        there = units[row["target_id"]] | before.setdefault(row["target_id"], {})
        if any(plain_value(there[name]) != value for name, value in row["after"].items()):
            raise ChangedSince
        before[row["target_id"]] |= row["before"]
    await _change(db, actor, ground, before)


async def _hold(db: Connection, ground: Ground, _: Sequence[UUID]) -> None:
    await lock_city(db, city_id=ground.city_id)


UNITS = ImportKind(
    subject=ImportSubject.UNITS,
    words="单位 / units",
    permission=Permission.UNIT_WRITE,
    columns=_COLUMNS,
    row=UnitLine,
    identified_by=("name",),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    hold=_hold,
)
