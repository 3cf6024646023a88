"""Verification (核验) of the trail: every link is computed again, from the first to the last."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, bindparam, case, func, select, tuple_, union_all
from sqlmodel import col

from app.domain.access.audit.act import AuditAct
from app.domain.access.audit.chain import (
    ACT_CONTENT,
    BEGINNING,
    CHANGE_CONTENT,
    SEQUENCES,
    AuditLink,
    has_link,
    hash_of,
    read_head,
)
from app.domain.access.audit.change import AuditChange
from app.domain.base import Finding
from app.sql import Connection, Row, Statement


class KnownHead(NamedTuple):
    """A head that was noted outside, on some day: the link at this position had this hash."""

    position: int
    hash: bytes


class AuditVerification(NamedTuple):
    """What was read: sealed rows, rows that wait to be sealed, and the first thing found wrong."""

    sealed: int
    waiting: int
    finding: Finding | None


_LINKS = Statement(
    select(
        *(
            col(getattr(AuditLink, name))
            for name in ("position", "sequence", "transaction", "hash")
        ),
        func.coalesce(col(AuditAct.transaction), col(AuditChange.transaction)).label("written_in"),
        col(AuditAct.id).label("act_id"),
        case((col(AuditAct.id).is_not(None), ACT_CONTENT)).label("act"),
        case((col(AuditChange.id).is_not(None), CHANGE_CONTENT)).label("change"),
        func.concat(col(AuditChange.table_name), " ", col(AuditChange.row_key)).label("changed"),
    )
    .select_from(AuditLink)
    .outerjoin(AuditAct, col(AuditAct.sequence) == col(AuditLink.sequence))
    .outerjoin(AuditChange, col(AuditChange.id) == col(AuditLink.sequence))
    .order_by(col(AuditLink.position))
)


def _without_link() -> Statement:
    """How many rows have no link, and the first of them that the chain has already passed."""
    parts: list[Any] = [
        select(
            sequence.label("sequence"),
            table.__table__.c.transaction.label("transaction"),  # type: ignore[attr-defined]
        ).where(~has_link(sequence))
        for table, sequence in SEQUENCES.items()
    ]
    rows = union_all(*parts).subquery()
    passed = tuple_(rows.c.transaction, rows.c.sequence) < tuple_(
        bindparam("transaction", type_=BigInteger), bindparam("sequence", type_=BigInteger)
    )
    return Statement(
        select(
            func.count().label("rows"), func.min(rows.c.sequence).filter(passed).label("passed")
        ).select_from(rows)
    )


_WITHOUT_LINK = _without_link()


async def verify_trail(db: Connection, *, known: KnownHead | None) -> AuditVerification:
    """Compute every link again; stop at the first thing that is not as it was sealed.

    Needs a transaction that sees one state of the database. Memory is bounded: rows are streamed.
    """
    head = await read_head(db)
    previous, sealed = BEGINNING, 0
    async for link in db.stream(_LINKS):
        finding = _wrong(link, sealed + 1, previous, known)
        if finding is not None:
            return AuditVerification(sealed, 0, finding)
        previous, sealed = link["hash"], link["position"]
    if known is not None and known.position > sealed:
        return AuditVerification(sealed, 0, _cut_off(sealed))
    last = {name: head[name] for name in ("transaction", "sequence")}
    unlinked = await db.one(_WITHOUT_LINK, **last) or {"rows": 0, "passed": None}
    if unlinked["passed"] is not None:
        return AuditVerification(sealed, unlinked["rows"], _slipped_in(unlinked["passed"]))
    return AuditVerification(sealed, unlinked["rows"], None)


def _wrong(link: Row, position: int, previous: bytes, known: KnownHead | None) -> Finding | None:
    """What is wrong with a link, if anything is."""
    key = {name: str(link[name]) for name in ("position", "sequence")}
    contents = [link[name] for name in ("act", "change") if link[name] is not None]
    if link["position"] != position:
        return Finding(
            "audit_link", {"position": str(position)}, "链接缺失。", "A link is missing."
        )
    if not contents:
        return Finding(
            "audit_link", key, "所封存的记录已被删除。", "The row that it seals is gone."
        )
    if len(contents) > 1:
        return Finding("audit_link", key, "同一序号有两条记录。", "Two rows have its sequence.")
    if link["hash"] != hash_of(previous, contents[0]):
        return _named(link, key, "内容与封存时不符。", "Its content is not what was sealed.")
    return _misplaced(link, key, known)


def _misplaced(link: Row, key: dict[str, str], known: KnownHead | None) -> Finding | None:
    """What is wrong with the place of a link whose row is as it was sealed, if anything is."""
    if link["transaction"] != link["written_in"]:
        return Finding(
            "audit_link", key, "事务号与所封存的记录不符。", "Its transaction is not its row's."
        )
    if known is not None and known.position == link["position"] and known.hash != link["hash"]:
        return Finding(
            "audit_link", key, "与留存的链头不符。", "It is not the head that was noted outside."
        )
    return None


def _named(link: Row, key: dict[str, str], zh: str, en: str) -> Finding:
    if link["act"] is not None:
        return Finding("audit_act", {**key, "id": str(link["act_id"])}, zh, en)
    return Finding("audit_change", {**key, "row": link["changed"]}, zh, en)


def _cut_off(sealed: int) -> Finding:
    key = {"position": str(sealed)}
    return Finding(
        "audit_link", key, "链条短于留存的链头。", "The chain ends before the noted head."
    )


def _slipped_in(sequence: int) -> Finding:
    key = {"sequence": str(sequence)}
    return Finding(
        "audit_link", key, "有记录混入已封存的部分。", "A row was put among those that are sealed."
    )
