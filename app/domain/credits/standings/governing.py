"""Which pack governs: the published packs of a city, compiled once in each process."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, case, null, select
from sqlmodel import col

from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.published import RulePack, in_force
from app.domain.credits.rules import Pack, compile_pack
from app.domain.credits.standings.counting import Key, key_of
from app.domain.errors import NotFound
from app.domain.people.careers import TODAY
from app.sql import Connection, Statement

_MOST_COMPILED = 256
_compiled: dict[UUID, Pack] = {}
"""Every pack that this process has counted under, by its key: a published pack never changes."""


class NoRulePack(NotFound):
    """No pack is in force for the person on that day."""

    code = "no_rule_pack_in_force"
    zh = "{day}没有生效的学分规则包。"
    en = "No rule pack is in force on {day}."


@dataclass(frozen=True, slots=True)
class CityPacks:
    """The packs of one city by their keys."""

    packs: dict[UUID, Pack]
    _keys: dict[date, Key | None] = field(default_factory=dict)
    """Of thousands of people most earned something on the same few days."""

    def key_on(self, day: date) -> Key | None:
        """Under which standing an entry of that day counts; None where no pack is in force."""
        if day not in self._keys:
            pack = self.on(day)
            self._keys[day] = None if pack is None else key_of(pack, day)
        return self._keys[day]

    def on(self, day: date) -> Pack | None:
        """The pack that is in force on a day; no two are."""
        return next((pack for pack in self.packs.values() if pack.document.covers(day)), None)

    def version(self, pack_id: str, version: int) -> Pack | None:
        """One version of a pack by its own id."""
        for pack in self.packs.values():
            if (pack.document.id, pack.document.version) == (pack_id, version):
                return pack
        return None


def counts_today(city_id: Any, sums: Any) -> ColumnElement[bool]:
    """The predicate 'of the pack in force today in that city, and of its present cycle'.

    `sums` are the columns of a table with pack_id, pack_version, cycle_start and cycle_end.
    """
    pack = (
        select(col(RulePack.id))
        .where(
            col(RulePack.city_id) == city_id,
            col(RulePack.unit_id) == city_id,
            col(RulePack.pack_id) == sums.pack_id,
            col(RulePack.version) == sums.pack_version,
            in_force(TODAY, TODAY),
        )
        .correlate_except(RulePack)
        .exists()
    )
    return pack & TODAY.between(sums.cycle_start, sums.cycle_end)


_known = bindparam("known", type_=ARRAY(Uuid))
_PACKS = Statement(
    select(
        col(RulePack.id),
        case((col(RulePack.id) == any_(_known), null()), else_=col(RulePack.document)).label(
            "document"
        ),
    )
    .where(
        # A city's own packs: those of a county would only ever refine them.
        col(RulePack.city_id) == bindparam("city_id", type_=Uuid),
        col(RulePack.unit_id) == col(RulePack.city_id),
    )
    .order_by(col(RulePack.effective_from), col(RulePack.id))
)


async def read_packs(db: Connection, *, city_id: UUID) -> CityPacks:
    """The packs of a city; one statement, which brings only the documents not yet compiled."""
    # A copy: others may begin the memory afresh while the answer is on its way.
    packs = dict(_compiled)
    rows = await db.all(_PACKS, city_id=city_id, known=list(packs))
    for row in rows:
        if row["id"] not in packs:
            document = PackDocument.model_validate(row["document"])
            packs[row["id"]] = _remembered(row["id"], compile_pack(document))
    return CityPacks({row["id"]: packs[row["id"]] for row in rows})


def _remembered(pack_key: UUID, pack: Pack) -> Pack:
    if len(_compiled) >= _MOST_COMPILED:
        _compiled.clear()
    _compiled[pack_key] = pack
    return pack
