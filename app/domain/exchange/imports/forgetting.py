"""Forgetting (清理): files and what is sealed of their rows, once nothing can be done with them any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, any_, bindparam, not_, or_, select, update
from sqlmodel import col

from app.domain.base import MOMENT
from app.domain.exchange.imports.row import ImportRow
from app.domain.exchange.imports.run import Import, ImportStage
from app.domain.training.files import FileStore
from app.sql import Connection, Statement

KEPT = timedelta(days=30)
"""How long refused rows can be repaired without giving the ID number again, and a file is kept for them."""

_BEFORE = bindparam("before", type_=MOMENT)
is_over = or_(
    col(Import.stage) == ImportStage.CANCELLED,
    col(Import.stage) == ImportStage.UNDONE,
    and_(col(Import.stage) == ImportStage.APPLIED, col(Import.rejects) == 0),
)
"""Of an import: that nothing can be done with its file any more."""
_OF_USE = Statement(
    select(col(Import.id)).where(
        col(Import.id) == any_(bindparam("given", type_=ARRAY(Uuid))),
        col(Import.created_at) >= _BEFORE,
        not_(is_over),
    )
)
_UNSEAL = Statement(
    update(ImportRow)
    .where(
        col(ImportRow.import_id) == col(Import.id),
        col(ImportRow.given_sealed).is_not(None),
        or_(col(Import.created_at) < _BEFORE, is_over),
    )
    .values(given_sealed=None)
)


async def tidy_imports(db: Connection, *, now: datetime) -> None:
    """Forget what is sealed of rows that are over, or that nobody has repaired for thirty days."""
    await db.run(_UNSEAL, before=now - KEPT)


async def forget_import_files(
    db: Connection, *, store: FileStore, names: Sequence[str], now: datetime
) -> None:
    """Forget of these files those that no import needs, or that no import has."""
    files = {UUID(name.rpartition("/")[2]): name for name in names}
    kept = await db.all(_OF_USE, given=list(files), before=now - KEPT)
    for row in kept:
        del files[row["id"]]
    await store.remove(list(files.values()))
