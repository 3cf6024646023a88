"""Answers kept for clients that ask twice: the same `Idempotency-Key` gets the same answer.

The answer is stored in the transaction of the effect, so that either both exist or neither. Where what is
answered is read only after the effect, as over GraphQL, that it took place is stored with it, and the
answer later. A key is the account's own; sent again with another request it is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Uuid,
    bindparam,
    func,
    select,
    update,
)
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.base import MOMENT, Table
from app.domain.errors import Conflict, Invalid
from app.sql import Connection, Statement


class IdempotentAnswer(Table, table=True):
    """The answer to one unsafe request, by the account and the key that it was sent with."""

    __table_args__ = (PrimaryKeyConstraint("account_id", "key"),)

    account_id: UUID = Field(sa_type=Uuid)
    key: str = Field(max_length=255)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    answered_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": func.now()}, index=True
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: an HTTP status and the body's bytes."""

    status: int
    body: bytes


UNKNOWN = Answer(status=0, body=b"")
"""Stands for an answer that is not made yet when its effect is committed."""


# What can be refused.


class AnswerUnknown(Conflict):
    """The request took effect; what it was answered with is not kept yet, or was lost."""

    code = "idempotency_answer_unknown"
    zh = "该请求已生效，但答复尚未保存或已丢失：请稍后重试，或查询其结果。"
    en = (
        "This request took effect, but its answer is not kept yet, or was lost: try again in a"
        " moment, or read what it changed."
    )


class KeyInUse(Conflict):
    """A request with this key is being served at this moment."""

    code = "idempotency_key_in_use"
    zh = "相同 Idempotency-Key 的请求正在处理，请稍后重试。"
    en = "A request with this Idempotency-Key is being served: try again in a moment."


class KeyReused(Invalid):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    zh = "该 Idempotency-Key 已用于内容不同的请求。"
    en = "This Idempotency-Key was used for a different request."


# What may be asked.

_LOCK = Statement(select(func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger))))
_STORED = Statement(
    select(
        col(IdempotentAnswer.fingerprint), col(IdempotentAnswer.status), col(IdempotentAnswer.body)
    ).where(
        col(IdempotentAnswer.account_id) == bindparam("account_id", type_=Uuid),
        col(IdempotentAnswer.key) == bindparam("key"),
    )
)


async def find_answer(
    db: Connection, actor: Actor, *, key: str, fingerprint: bytes
) -> Answer | None:
    """The stored answer to this request, or None if it is the first; the key is locked until commit."""
    lock = hash_of_key(actor, key)
    if not await db.value(_LOCK, lock=lock):
        raise KeyInUse
    stored = await db.one(_STORED, account_id=actor.account_id, key=key)
    if stored is None:
        return None
    if stored["fingerprint"] != fingerprint:
        raise KeyReused
    if stored["status"] == UNKNOWN.status:
        raise AnswerUnknown
    return Answer(status=stored["status"], body=stored["body"])


def hash_of_key(actor: Actor, key: str) -> int:
    """The advisory lock's number for an account's key: 64 bits of a hash, signed."""
    digest = sha256(actor.account_id.bytes + key.encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


# What may be done.


async def keep_answer(
    db: Connection, actor: Actor, *, key: str, fingerprint: bytes, answer: Answer
) -> None:
    """Store the answer beside its effect."""
    row = {
        "account_id": actor.account_id,
        "key": key,
        "fingerprint": fingerprint,
        "status": answer.status,
        "body": answer.body,
    }
    await db.insert(IdempotentAnswer, row)


_SETTLE = Statement(
    update(IdempotentAnswer)
    .where(
        col(IdempotentAnswer.account_id) == bindparam("account_id", type_=Uuid),
        col(IdempotentAnswer.key) == bindparam("of_key"),
        col(IdempotentAnswer.status) == UNKNOWN.status,
    )
    .values(status=bindparam("told", type_=Integer), body=bindparam("said", type_=LargeBinary))
)


async def settle_answer(db: Connection, actor: Actor, *, key: str, answer: Answer) -> None:
    """Store the answer to a request whose effect was stored without one."""
    await db.run(
        _SETTLE, account_id=actor.account_id, of_key=key, told=answer.status, said=answer.body
    )
