"""Preparing claims for others (代拟申报): drafts in the names of teachers, from a list that their school keeps.

A claim is one's own declaration: a draft that somebody else has prepared is the teacher's as any other, who
writes it otherwise, hands it in, or leaves it. Nobody else sees it before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, insert, select
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.access.roles import Permission
from app.domain.base import MOMENT
from app.domain.credits.claims.claim import ClaimNotFound, NewClaim
from app.domain.credits.claims.drafting import ClaimEvidenceEmpty, ClaimNotOpen, keys_of
from app.domain.credits.claims.steps import ClaimAct, Move, move_claims
from app.domain.credits.claims.submitting import hold_claims
from app.domain.credits.claims.table import Claim, ClaimEvidence, ClaimFields, ClaimState
from app.domain.errors import Conflict
from app.domain.people.teachers import Teacher, TeacherNotFound, check_teachers
from app.domain.training.files import FILES, FileNotFound
from app.sql import Connection, Row, Statement, new_id

# What can be refused.


class ClaimWrittenOn(Conflict):
    """The teacher has written the draft otherwise: it is no longer what was prepared."""

    code = "credit_claim_written_on"
    zh = "教师已修改该申报草稿，不能再收回。"
    en = "The teacher has written this draft otherwise: it is not taken back."


# What may be done.

_TABLE: Any = Claim.__table__  # type: ignore[attr-defined]
_EACH = (
    "id", "teacher_id", *(name for name in ClaimFields.model_fields if name != "content"),
    "title_key", "certificate_key",
)  # fmt: skip


def _prepare() -> Statement:
    arrays = [
        bindparam(f"each_{name}", type_=ARRAY(_TABLE.c[name].type, dimensions=1)) for name in _EACH
    ]
    content = bindparam("each_content", type_=ARRAY(Text))
    given = func.unnest(*arrays, content).table_valued(*_EACH, "content").render_derived("given")
    same = {
        "state": bindparam("state", type_=_TABLE.c.state.type),
        "version": bindparam("version", type_=_TABLE.c.version.type),
        "round": bindparam("round", type_=_TABLE.c.round.type),
        "drafted_at": bindparam("now", type_=MOMENT),
        "since": bindparam("now", type_=MOMENT),
    }
    rows = select(
        *(given.c[name] for name in _EACH),
        func.string_to_array(given.c.content, " "),
        *same.values(),
        *(col(getattr(Teacher, name)) for name in PLACE),
    ).join_from(given, Teacher, col(Teacher.id) == given.c.teacher_id)
    names = [*_EACH, "content", *same, *PLACE]
    return Statement(insert(_TABLE).from_select(names, rows, include_defaults=False))


_PREPARE = _prepare()


async def prepare_claims(
    db: Connection, actor: Actor, *, entries: Sequence[tuple[UUID, NewClaim]], now: datetime
) -> list[UUID]:
    """Draft claims in the names of teachers of the actor's place, all or none; the keys in that order.

    The statements do not grow with the claims.
    """
    if not entries:
        return []
    ids = [teacher_id for teacher_id, _ in entries]
    await check_teachers(db, actor, teacher_ids=ids, permission=Permission.ATTENDANCE_WRITE)
    pieces = [piece for _, new in entries for piece in new.evidence]
    if any(piece.text is None and piece.file_id is None for piece in pieces):
        raise ClaimEvidenceEmpty
    files = await FILES.by_id(db, actor, [piece.file_id for piece in pieces if piece.file_id])
    if None in files.values():
        raise FileNotFound
    rows: list[Row] = []
    evidence: list[Row] = []
    for teacher_id, new in entries:
        fields = new.model_dump(include=set(ClaimFields.model_fields))
        row = {"id": new_id(), "teacher_id": teacher_id, **fields, **keys_of(fields)}
        rows.append(row)
        evidence += [
            {"id": new_id(), "claim_id": row["id"], **piece.model_dump()} for piece in new.evidence
        ]
    made = await db.run(
        _PREPARE,
        **{f"each_{name}": [row[name] for row in rows] for name in _EACH},
        each_content=[" ".join(row["content"]) for row in rows],
        state=ClaimState.DRAFT,
        version=1,
        round=0,
        now=now,
    )
    if made != len(rows):
        raise TeacherNotFound
    await db.insert_all(ClaimEvidence, evidence)
    return [row["id"] for row in rows]


async def take_back_prepared_claims(
    db: Connection, actor: Actor, *, prepared: Mapping[UUID, Mapping[str, Any]], now: datetime
) -> None:
    """Take drafts back that were prepared for others, all or none, as long as they are as they were.

    `prepared` are their keys with the fields that were written, as text.
    """
    held = await hold_claims(db, claim_ids=list(prepared))
    scope = actor.scope(Permission.ATTENDANCE_WRITE)
    if len(held) < len(prepared) or not all(scope.covers(claim) for claim in held.values()):
        raise ClaimNotFound
    for key, claim in held.items():
        if claim["state"] != ClaimState.DRAFT:
            raise ClaimNotOpen(state=claim["state"])
        if any(str(claim[name]) != value for name, value in prepared[key].items()):
            raise ClaimWrittenOn
    moves = [
        Move(claim=claim, act=ClaimAct.WITHDRAW, state=ClaimState.WITHDRAWN, by=actor.account_id)
        for claim in held.values()
    ]
    await move_claims(db, moves=moves, now=now)
