"""Room (限额): how many imports are worked on at a time, of an account and in a place, and how much is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlmodel import col

from app.domain.access.accounts import Account
from app.domain.access.actors import Actor
from app.domain.base import MOMENT
from app.domain.errors import Conflict
from app.domain.exchange.imports.forgetting import KEPT, is_over
from app.domain.exchange.imports.run import Import, ImportWork
from app.domain.people.teachers.strata import is_among
from app.domain.progress import ProgressState
from app.domain.turns import take_turn
from app.sql import Connection, Row, Statement

AT_WORK = (ProgressState.WAITING, ProgressState.RUNNING)
MOST_AT_WORK = 5
"""Imports of one account on which work waits or is under way."""
MOST_OF_ACCOUNT = 1_000_000_000
MOST_OF_UNIT = 4_000_000_000
"""Bytes of the files that are kept of an account, and of a unit, since something is to be done with them."""


# What can be refused.


class TooManyImports(Conflict):
    """So many imports of one account are worked on at a time."""

    code = "import_limit"
    zh = "同一账号同时处理的导入最多 {most} 个，请等待完成或取消。"
    en = "At most {most} imports of an account are worked on at a time: wait, or cancel one."


class ImportFilesTooLarge(Conflict):
    """The files that are kept for imports are so large together: of the account, or of the unit."""

    code = "import_files_limit"
    zh = "未完成导入所保留的文件合计超过 {most} 字节，请先完成、撤回或取消部分导入。"
    en = (
        "The files of imports that are not done have more than {most} bytes together: complete, take"
        " back or cancel some of them."
    )


class PlaceBusy(Conflict):
    """Another import is entering or taking back in the same place: one after the other."""

    code = "import_place_busy"
    zh = "同一范围内另有导入正在写入，请待其完成。"
    en = "Another import is writing in the same place: wait until it is done."


# What may be asked.

_WRITES = (ImportWork.APPLY, ImportWork.UNDO)


def _same_place() -> Any:
    """That an import's place holds that of the one asked about, or lies within it."""
    names = ("city_id", "county_id", "school_id")
    own = bindparam("unit_id", type_=Uuid)
    holds = or_(*(col(Import.unit_id) == bindparam(name, type_=Uuid) for name in names))
    return or_(holds, *(col(getattr(Import, name)) == own for name in names))


_WRITING = Statement(
    select(
        exists().where(
            col(Import.id) != bindparam("import_id", type_=Uuid),
            is_among(col(Import.work), _WRITES),
            is_among(col(Import.state), AT_WORK),
            _same_place(),
        )
    )
)
_own = col(Import.created_by) == bindparam("account_id", type_=Uuid)
_there = col(Import.unit_id) == bindparam("unit_id", type_=Uuid)
_kept = and_(
    not_(is_over),
    col(Import.created_at) >= bindparam("before", type_=MOMENT),
)


def _bytes_of(of: Any) -> Any:
    size = func.sum(cast(col(Import.stored_size), BigInteger)).filter(of, _kept)
    return cast(func.coalesce(size, 0), BigInteger)


_TAKEN = Statement(
    select(
        _bytes_of(_own).label("of_account"),
        _bytes_of(_there).label("of_unit"),
    ).where(or_(_own, _there))
)
_AT_WORK = Statement(
    select(func.count()).where(
        col(Import.asked_by) == bindparam("account_id", type_=Uuid),
        is_among(col(Import.state), AT_WORK),
    )
)
_HOLD_ACCOUNT = Statement(
    select(col(Account.id))
    .where(col(Account.id) == bindparam("account_id", type_=Uuid))
    .with_for_update(key_share=True)
)


async def hold_asker(db: Connection, actor: Actor) -> None:
    """Hold the account that asks: of two imports that it asks for at once, one is counted first."""
    await db.one(_HOLD_ACCOUNT, account_id=actor.account_id)


async def check_at_work(db: Connection, actor: Actor) -> None:
    """Refuse more work for an account for which so much waits or is under way."""
    if await db.value(_AT_WORK, account_id=actor.account_id) >= MOST_AT_WORK:
        raise TooManyImports(most=MOST_AT_WORK)


async def hold_room(db: Connection, *, unit_id: UUID) -> None:
    """Hold what is kept of a unit: of two accounts that hand in for it at once, one is counted first."""
    await take_turn(db, f"files of imports of {unit_id}")


async def check_room(
    db: Connection, actor: Actor, *, unit_id: UUID, size: int, now: datetime
) -> None:
    """Refuse a file with so many bytes in the store, where there are too many already."""
    taken = await db.one(_TAKEN, account_id=actor.account_id, unit_id=unit_id, before=now - KEPT)
    if taken is None:
        return
    for kept, most in (("of_account", MOST_OF_ACCOUNT), ("of_unit", MOST_OF_UNIT)):
        if taken[kept] + size > most:
            raise ImportFilesTooLarge(most=most)


async def hold_place(db: Connection, actor: Actor, *, run: Row) -> None:
    """Let this import alone write in its place until its work is over, as one of those of the account."""
    await check_at_work(db, actor)
    await take_turn(db, f"imports of {run['city_id']}")
    place = {name: run[name] for name in ("city_id", "county_id", "school_id", "unit_id")}
    if await db.value(_WRITING, import_id=run["id"], **place):
        raise PlaceBusy
