"""Which unit a file means: by the code in force, or by a name that only one has in the import's place."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select
from sqlmodel import col

from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import Draft, Ground
from app.domain.exchange.imports.reasons import UnitAmbiguous, UnitUnknown
from app.domain.exchange.imports.row import ImportRow
from app.domain.organisation.names_and_codes import UnitCode
from app.domain.organisation.units import Unit, UnitClosed, lock_city
from app.sql import Connection, Row, Statement

_CODE = (
    select(col(UnitCode.code))
    .where(
        col(UnitCode.unit_id) == col(Unit.id),
        col(UnitCode.superseded_at).is_(None),
        col(UnitCode.valid_to).is_(None),
    )
    .correlate(Unit)
    .scalar_subquery()
)
_WORDS = any_(bindparam("words", type_=ARRAY(Text)))
_coded = select(col(UnitCode.unit_id)).where(
    col(UnitCode.code) == _WORDS,
    col(UnitCode.superseded_at).is_(None),
    col(UnitCode.valid_to).is_(None),
)
_UNITS = (
    select(
        *(
            col(getattr(Unit, name))
            for name in (
                "id", "level", "name", "parent_id", "city_id", "county_id", "school_id",
                "closed_on", "stages", "location", "location_code",
            )
        ),
        _CODE.label("code"),
    )
    .where(
        col(Unit.city_id) == bindparam("city_id", type_=Uuid),
        or_(
            col(Unit.name) == _WORDS,
            col(Unit.id).in_(_coded),
            col(Unit.id) == bindparam("own_id", type_=Uuid),
        ),
    )
    .order_by(col(Unit.id))
)  # fmt: skip
_FIND = Statement(_UNITS)
_HOLD = Statement(_UNITS.with_for_update(key_share=True, read=True, of=Unit))
"""Whoever closes or moves a unit holds it wholly, and waits for this, or is waited for.

Taken after people, as they do who rearrange units; a kind that writes units themselves holds the city
before (`lock_city`), so that none of them rearranges any meanwhile.
"""

Known = Mapping[str | None, list[Row]]
"""Word to the units that have it as code or name; None to the import's own unit."""


async def units_known(db: Connection, *, ground: Ground, words: Iterable[str], lock: bool) -> Known:
    """The units in the place of an import by these words; with `lock` none is closed or moved meanwhile."""
    given = sorted(set(words))
    rows = await db.all(
        _HOLD if lock else _FIND, words=given, city_id=ground.city_id, own_id=ground.unit_id
    )
    known: dict[str | None, list[Row]] = {None: []}
    for row in rows:
        if row["id"] == ground.unit_id:
            known[None].append(row)
        if ground.covers(row):
            for word in {row["name"], row["code"]} - {None}:
                known.setdefault(word, []).append(row)
    return known


def the_unit(known: Known, word: str | None) -> Row | DomainError:
    """The one open unit that a word means, or why it means none."""
    found = known.get(word, [])
    open_ones = [row for row in found if row["closed_on"] is None]
    if len(open_ones) == 1:
        return open_ones[0]
    if len(open_ones) > 1:
        return UnitAmbiguous()
    if found:
        return UnitClosed(day=found[0]["closed_on"].isoformat())
    return UnitUnknown()


async def hold_places(
    db: Connection, *, ground: Ground, drafts: Sequence[Draft], column: str, lock: bool
) -> Known:
    """Say of each draft in which unit it lies; refused where that is none of the import's.

    With `lock` no other import of the city writes meanwhile, and no unit is moved or closed.
    """
    if lock:
        await lock_city(db, city_id=ground.city_id)
    words = {
        word
        for draft in drafts
        for word in (draft.said.unit, getattr(draft.said, "school", None))
        if word
    }
    known = await units_known(db, ground=ground, words=words, lock=lock)
    for draft in drafts:
        unit = the_unit(known, draft.said.unit)
        if isinstance(unit, DomainError):
            draft.refuse(unit, column=column)
        else:
            draft.unit = unit
    return known


def plain_value(value: Any) -> Any:
    """A value as it goes into JSON and is compared: words and days as text."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, list):
        return sorted(str(each) for each in value)
    return str(value)


def plain_with_amounts(value: Any) -> Any:
    """The same, with amounts to two places."""
    return f"{value:.2f}" if isinstance(value, Decimal) else plain_value(value)


def wanted_of(said: Any, names: Iterable[str]) -> dict[str, Any]:
    """What of these fields a row says, as it is compared; what it leaves out is not wanted otherwise."""
    return {
        name: plain_with_amounts(value)
        for name in names
        if (value := getattr(said, name)) is not None
    }


_STAGED = Statement(
    select(
        col(ImportRow.given)["name"].astext.label("name"),
        col(ImportRow.given)["code"].astext.label("code"),
    ).where(
        col(ImportRow.import_id) == bindparam("import_id", type_=Uuid),
        or_(
            col(ImportRow.given)["name"].astext == _WORDS,
            col(ImportRow.given)["code"].astext == _WORDS,
        ),
    )
)


async def staged_words(db: Connection, *, ground: Ground, words: Iterable[str]) -> set[str]:
    """Those of these words that rows staged before name or code a unit by."""
    rows = await db.all(_STAGED, import_id=ground.import_id, words=sorted(set(words)))
    return {word for row in rows for word in (row["name"], row["code"]) if word}
