"""An act (行为): one write that was done, or one refusal of authority, and where it came from.

An act lies where what it changed lies, as that was at the time: in the school if all of it is one
school's, else in the county or the city. What changed nothing lies with the account. The place is kept
as it was: after a school has moved, the bureau that was in charge still finds what was done under it.
"""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import BigInteger, Index, UniqueConstraint, Uuid, case, func, text
from sqlalchemy.dialects.postgresql import INET
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, key
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

THIS_TRANSACTION = text("(pg_current_xact_id()::text::bigint)")
NEXT_IN_TRAIL = text("nextval('audit_sequence')")


class Provenance(NamedTuple):
    """Where a request came from: its id, the address that sent it, what program it says it was."""

    request_id: str | None = None
    address: str | None = None
    agent: str | None = None


class ActFields(BaseModel):
    """Who did what, for whom, with what, and what became of it."""

    account_id: UUID | None = Field(
        description="操作账号，运维命令为空 / account, null for the operator's commands",
        sa_type=Uuid,
    )
    on_behalf_of: UUID | None = Field(
        description="代何账号操作 / account on whose behalf", sa_type=Uuid
    )
    client_id: UUID | None = Field(
        description="所用第三方应用 / application that was used", sa_type=Uuid
    )
    operation: str = Field(max_length=60, description="操作 / operation id, as in the interface")
    target_id: UUID | None = Field(
        description="操作对象 / what the request named, or else the first thing that it made",
        sa_type=Uuid,
    )
    refusal: str | None = Field(
        max_length=60,
        description="拒绝代码，成功为空 / code of the refusal, null where it was done",
    )
    request_id: str | None = Field(max_length=64, description="请求编号 / request")
    agent: str | None = Field(
        max_length=120, description="客户端程序 / program, as it calls itself"
    )
    city_id: UUID | None = Field(description="所属市 / city", sa_type=Uuid)
    county_id: UUID | None = Field(description="主管教育局 / bureau in charge", sa_type=Uuid)
    school_id: UUID | None = Field(description="学校 / school, null above", sa_type=Uuid)


class AuditAct(ActFields, Table, table=True):
    """An act, written once; the database itself says when, in which transaction and in which order.

    It refers to nothing by a foreign key, so that it outlives whatever it is about.
    """

    __table_args__ = (
        UniqueConstraint("sequence"),
        Index(None, "transaction", "sequence"),
        *(
            Index(None, name, "id")
            for name in ("account_id", "target_id", "school_id", "county_id", "city_id")
        ),
        Index(
            "ix_audit_act_refused", "account_id", "at",
            postgresql_where=text("refusal IS NOT NULL"),
        ),
    )  # fmt: skip

    id: UUID = key()
    sequence: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": NEXT_IN_TRAIL})
    """Its place among acts and changes, which share one sequence."""
    transaction: int = Field(
        sa_type=BigInteger, sa_column_kwargs={"server_default": THIS_TRANSACTION}
    )
    since: int = Field(sa_type=BigInteger)
    """The act before it in its transaction, 0 where there is none: its changes lie in between."""
    at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": func.clock_timestamp()}
    )
    changed_rows: int
    address: str | None = Field(sa_type=INET)


class ActView(ActFields):
    """An act as both faces show it; of the address no more than the network."""

    id: UUID = Field(description="标识 / key")
    at: datetime = Field(description="时间 / when")
    changed_rows: int = Field(description="改动行数 / how many rows it changed")
    network: str | None = Field(
        description="来源网段（隐去末段） / network that it came from: 24 bits, of IPv6 48"
    )


# What can be refused.


class ActNotFound(NotFound):
    """There is no such act for the one who asks."""

    code = "act_not_found"
    zh = "未找到该审计记录。"
    en = "There is no such act."


# What may be asked.

_ADDRESS = col(AuditAct.address)
_BITS = case((func.family(_ADDRESS) == 4, 24), else_=48)

ACTS = Door(
    table=AuditAct,
    view=ActView,
    read=Permission.AUDIT_READ,
    missing=ActNotFound,
    filters={
        **{
            name: col(getattr(AuditAct, name))
            for name in ("account_id", "operation", "target_id", "school_id")
        },
        "refused": lambda refused: col(AuditAct.refusal).is_not(None) == refused,
        "since": lambda since: col(AuditAct.at) >= since,
        "until": lambda until: col(AuditAct.at) < until,
    },
    sorts={"at": ()},
    computed={"network": func.host(func.network(func.set_masklen(_ADDRESS, _BITS)))},
)


async def get_act(db: Connection, actor: Actor, *, act_id: UUID) -> Row:
    """One act within the actor's reach."""
    return await ACTS.get(db, actor, act_id)


async def list_acts(
    db: Connection,
    actor: Actor,
    *,
    page: PageRequest,
    account_id: UUID | None = None,
    operation: str | None = None,
    target_id: UUID | None = None,
    school_id: UUID | None = None,
    refused: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """The acts within the actor's place, the latest first unless sorted otherwise.

    `since` is the first moment of a period, `until` the first after it.
    """
    filters = {
        "account_id": account_id, "operation": operation, "target_id": target_id,
        "school_id": school_id, "refused": refused, "since": since, "until": until,
    }  # fmt: skip
    latest_first = replace(page, sort=page.sort or "-at")
    return await ACTS.page(db, actor, latest_first, filters=filters)
