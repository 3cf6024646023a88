"""Taking in what a player tells: whose record it is, what it makes void, whether it is new."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.domain.access.actors import Actor, Scope
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT
from app.domain.errors import Conflict, Invalid
from app.domain.learning.learning_records.grammar import VOIDED, Statement
from app.domain.learning.learning_records.looking_up import Participants, kept_records
from app.domain.learning.learning_records.naming import (
    check_tags,
    digest_of,
    name_statement,
    written,
)
from app.domain.learning.learning_records.table import LearningDue, LearningRecord
from app.sql import Connection, Row, UniqueViolationError, new_id
from app.sql import Statement as Sql

# What can be refused.


class StatementReferenceUnknown(Invalid):
    """A statement refers to another, or makes one void, that this player has not told."""

    code = "statement_reference_unknown"
    zh = "第 {position} 条语句所引用的语句不是本应用报送的。"
    en = "Statement {position} refers to a statement that you have not told."


class VoidOfVoid(Invalid):
    """A statement that makes another void is not made void."""

    code = "void_of_void"
    zh = "作废语句本身不能被作废。"
    en = "A statement that makes another void cannot be made void."


class StatementVoided(Conflict):
    """The statement was made void before."""

    code = "statement_voided"
    zh = "该语句已被作废。"
    en = "The statement was made void before."


class StatementDiffers(Conflict):
    """Another statement is kept under this identifier."""

    code = "statement_differs"
    zh = "该标识下已有另一条不同的语句。"
    en = "Another statement is kept under this identifier."


# What may be done.


def _fall_due() -> Sql:
    names = ("activity_id", "teacher_id")
    pairs = (
        func.unnest(*(bindparam(f"{name}s", type_=ARRAY(Uuid)) for name in names))
        .table_valued(*names, name="pair")
        .render_derived()
    )
    rows = select(*(pairs.c[name] for name in names), bindparam("now", type_=MOMENT))
    due = insert(LearningDue).from_select([*names, "since"], rows)
    # Written though it is there: who counts leaves what is held so, and counts it when it is told.
    # It is due since the first that was told, so that who is told of without end has a turn.
    return Sql(
        due.on_conflict_do_update(
            index_elements=list(names), set_={"since": col(LearningDue.since)}
        )
    )


_FALL_DUE = _fall_due()


async def keep_statements(
    db: Connection, actor: Actor, *, told: Sequence[Statement], issuer: str, now: datetime
) -> list[UUID]:
    """Keep all of these statements, or none; the key of each, in their order.

    They were read by `read_statements`. A player tells of teachers and classes within its grants. What
    is kept already, and says the same, is kept once.
    """
    scope = actor.require(Permission.LEARNING_RECORD_WRITE)
    taking = _Taking(actor, scope, issuer, now, told)
    await taking.participants.look_up(db, taking.named)
    rows = await taking.rows(db)
    if rows:
        try:
            async with db.transaction():
                await db.copy(LearningRecord, rows)
        except UniqueViolationError:
            # Somebody told one of them at the same moment: it is the same, or it is refused now.
            rows = await taking.rows(db)
            await db.copy(LearningRecord, rows)
        await mark_due(db, pairs=((row["activity_id"], row["teacher_id"]) for row in rows), now=now)
    return taking.ids


async def mark_due(db: Connection, *, pairs: Iterable[tuple[UUID, UUID]], now: datetime) -> None:
    """Have the progress of these (class, teacher) counted again, in one order everywhere."""
    found = sorted(set(pairs))
    await db.run(
        _FALL_DUE,
        activity_ids=[activity_id for activity_id, _ in found],
        teacher_ids=[teacher_id for _, teacher_id in found],
        now=now,
    )


class _Taking:
    """One request: its statements, and what the database knows of what they name."""

    def __init__(
        self, actor: Actor, scope: Scope, issuer: str, now: datetime, told: Sequence[Statement]
    ) -> None:
        self.player_id, self.now, self.told = actor.account_id, now, told
        self.named = [name_statement(each, issuer) for each in told]
        self.ids = [UUID(each["id"]) if "id" in each else new_id() for each in told]
        self.digests = [digest_of(each) for each in told]
        self.authority = {
            "objectType": "Agent",
            "account": {"homePage": issuer, "name": str(actor.account_id)},
        }
        self.participants = Participants(scope)
        self._known: dict[UUID, Row] = {}

    async def rows(self, db: Connection) -> list[Row]:
        """The rows of those that are new; refused where another is kept under the key of one."""
        references = {each.refers_to for each in self.named if each.refers_to is not None}
        self._known = await kept_records(db, ids=references.union(self.ids))
        new = [position for position in range(len(self.told)) if self._is_new(position)]
        return [self._row_of(position) for position in new]

    def _is_new(self, position: int) -> bool:
        kept = self._known.get(self.ids[position])
        if kept is None:
            return True
        if kept["digest"] != self.digests[position] or kept["player_id"] != self.player_id:
            raise StatementDiffers
        return False

    def _row_of(self, position: int) -> Row:
        named, told = self.named[position], self.told[position]
        reference = self._reference_of(position)
        is_void = reference is not None and told["verb"]["id"] == VOIDED
        if reference is not None and is_void:
            whose = self._voided(position, reference)
        else:
            whose = self.participants.whose(named, position + 1)
        stored_at = self.now + timedelta(microseconds=position)
        tags = {*named.tags, *(reference["tags"] if reference is not None else ())}
        check_tags(tags, f"$[{position}]")
        row = {
            "id": self.ids[position],
            **whose,
            "player_id": self.player_id,
            "verb": told["verb"]["id"],
            "object": _object_of(told),
            "of_class": named.of_class,
            "happened_at": named.happened_at or stored_at,
            "stored_at": stored_at,
            "seconds": named.seconds,
            "share": named.share,
            "score": named.score,
            "completed": named.completed,
            "voids": reference["id"] if reference is not None and is_void else None,
            "tags": _array(tags),
            "document": self._document_of(position, stored_at),
            "digest": self.digests[position],
        }
        # One that is told after it in the same request may refer to it.
        self._known[row["id"]] = row | {"voided": False, "tags": tags}
        return row

    def _reference_of(self, position: int) -> Row | None:
        """What a statement refers to: kept before, or told before it in the same request."""
        key = self.named[position].refers_to
        if key is None:
            return None
        found = self._known.get(key)
        if found is None or found["player_id"] != self.player_id:
            raise StatementReferenceUnknown(position=position + 1)
        return found

    def _voided(self, position: int, reference: Row) -> Row:
        """Whose a voiding statement is: of whom the other is, who is still the player's to tell of."""
        if not self.participants.scope.covers(reference):
            raise StatementReferenceUnknown(position=position + 1)
        if reference["voids"] is not None:
            raise VoidOfVoid
        if reference["voided"]:
            raise StatementVoided
        reference["voided"] = True
        names = (*PLACE, "teacher_id", "activity_id", "session_id")
        return {name: reference[name] for name in names}

    def _document_of(self, position: int, stored_at: datetime) -> str:
        told = self.told[position]
        moment = stored_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        document = {
            **told,
            "id": str(self.ids[position]),
            "timestamp": told.get("timestamp", moment),
            "stored": moment,
            "authority": self.authority,
            "version": told.get("version", "1.0.0"),
        }
        return written(document).decode()


def _object_of(told: Statement) -> str:
    """What it is said of: the identifier where it has one, else what kind of thing it is."""
    found = told["object"]
    return str(found.get("id", found.get("objectType")))


def _array(words: Iterable[str]) -> str:
    """An array of texts as PostgreSQL writes it."""
    quoted = (each.replace("\\", "\\\\").replace('"', '\\"') for each in sorted(set(words)))
    return "{" + ",".join(f'"{each}"' for each in quoted) + "}"
