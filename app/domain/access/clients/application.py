"""An application in the register: what it says of itself, its table, and who may read it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, Text, Uuid
from sqlmodel import Field, col

from app.domain.access.accounts import Account, AccountName
from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE, Door
from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, text_enum
from app.domain.errors import NotFound
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row

_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"
_LOOPBACK = r"(127\.0\.0\.1|\[::1\])"
_PATH = r"(/[A-Za-z0-9._~%/@:+-]*)?(\?[A-Za-z0-9._~%/@:+=&-]*)?"

RedirectAddress = Annotated[
    str,
    StringConstraints(
        max_length=300, pattern=rf"^(https://{_HOST}|http://{_LOOPBACK})(:[0-9]{{1,5}})?{_PATH}$"
    ),
]
"""Where a person is sent back: https, or this machine itself (RFC 8252, 7.3)."""

Origin = Annotated[
    str,
    StringConstraints(
        max_length=200,
        pattern=rf"^(https://{_HOST}|http://({_LOOPBACK}|localhost))(:[0-9]{{1,5}})?$",
    ),
]
"""Scheme, host and port of a page in a browser, as the header `Origin` has them."""


class ClientKind(StrEnum):
    """Whether an application can keep a secret (RFC 6749, 2.1)."""

    CONFIDENTIAL = "confidential"
    """机密应用: it runs on a server of its own."""
    PUBLIC = "public"
    """公开应用: it runs where others can look into it, in a browser, on a telephone, as a script."""


class Flow(StrEnum):
    """A way in which an application gets its tokens (授权方式)."""

    AUTHORISATION_CODE = "authorization_code"
    """授权码: a person signs in here, in the browser, and is sent back (RFC 6749, 4.1; RFC 7636)."""
    DEVICE_CODE = "device_code"
    """设备码: a person types a code elsewhere (RFC 8628)."""
    CLIENT_CREDENTIALS = "client_credentials"
    """客户端凭据: the application acts for itself (RFC 6749, 4.4)."""


FOR_PEOPLE = (Flow.AUTHORISATION_CODE, Flow.DEVICE_CODE)
"""The ways in which an application acts for people; what it got by them it renews while it has one."""


class ClientFields(BaseModel):
    """Who answers for an application, what for, and how far it may go."""

    organisation: str = Field(min_length=1, max_length=100, description="运营单位 / who runs it")
    purpose: str = Field(min_length=1, max_length=500, description="用途 / what it is for")
    filing_number: str | None = Field(
        default=None,
        min_length=1,
        max_length=60,
        description="教育移动互联网应用程序备案号 / filing number of an educational app",
    )
    agreement_number: str | None = Field(
        default=None, min_length=1, max_length=60, description="数据协议编号 / data agreement"
    )
    agreement_ends: date | None = Field(
        default=None, description="协议终止日（不含） / first day without the agreement"
    )
    valid_to: date = Field(
        description="登记终止日（不含） / first day on which it may no longer ask"
    )
    scopes: list[Permission] = Field(
        min_length=1,
        max_length=40,
        description="权限范围上限 / scopes: the most that it may do",
        sa_type=ARRAY(Text),
    )
    flows: list[Flow] = Field(
        min_length=1, max_length=3, description="授权方式 / ways to tokens", sa_type=ARRAY(Text)
    )
    redirect_uris: list[RedirectAddress] = Field(
        default_factory=list,
        max_length=10,
        description="回调地址，须完全一致 / where people are sent back, compared exactly",
        sa_type=ARRAY(Text),
    )
    origins: list[Origin] = Field(
        default_factory=list,
        max_length=10,
        description="浏览器来源（CORS） / origins of its pages in browsers",
        sa_type=ARRAY(Text),
    )


class Client(ClientFields, Table, table=True):
    """An application in the register; its key is that of its account, whose place is its own."""

    __table_args__ = (
        CheckConstraint(
            "kind = 'confidential' OR NOT 'client_credentials' = ANY (flows)",
            name="public_is_nobody",
        ),
        CheckConstraint(
            "(previous_secret IS NULL) = (previous_secret_until IS NULL)", name="previous_ends"
        ),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid, foreign_key="account.id")
    kind: ClientKind = Field(sa_type=text_enum(ClientKind))
    previous_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_secret_until: datetime | None = Field(default=None, sa_type=MOMENT)
    registered_at: datetime = Field(sa_type=MOMENT)
    registered_by: UUID | None = Field(default=None, foreign_key="account.id", sa_type=Uuid)


class ClientView(ClientFields):
    """An application as both faces show it; never its secret."""

    id: UUID = Field(description="标识，同其账号 / key, that of its account")
    name: AccountName = Field(description="客户端标识 / its client_id", max_length=60)
    display_name: str = Field(description="应用名称 / name for people")
    kind: ClientKind = Field(description="类型 / kind")
    city_id: UUID = Field(description="所属市 / city")
    county_id: UUID = Field(description="主管教育局 / bureau in charge")
    registered_at: datetime = Field(description="登记时间 / registered")
    suspended_at: datetime | None = Field(description="停用时间 / suspended since")


# What can be refused.


class ClientNotFound(NotFound):
    """There is no such application for the one who asks."""

    code = "client_not_found"
    zh = "未找到该应用。"
    en = "There is no such application."


# What may be asked.

_ACCOUNT_COLUMNS = ("name", "display_name", "suspended_at", "city_id", "county_id")

CLIENTS = Door(
    table=Client,
    view=ClientView,
    read=Permission.CLIENT_READ,
    missing=ClientNotFound,
    places={name: col(getattr(Account, name)) for name in PLACE},
    computed={name: col(getattr(Account, name)) for name in _ACCOUNT_COLUMNS},
    joined=Client.__table__.join(  # type: ignore[attr-defined]
        Account.__table__,  # type: ignore[attr-defined]
        col(Client.id) == col(Account.id),
    ),
    filters={"kind": col(Client.kind)},
    sorts={"name": (col(Account.name),), "created": ()},
)
"""The register, placed by the accounts of the applications."""


async def get_client(db: Connection, actor: Actor, *, client_id: UUID, lock: bool = False) -> Row:
    """One application within the actor's reach."""
    return await CLIENTS.get(db, actor, client_id, lock=lock)


async def list_clients(
    db: Connection, actor: Actor, *, page: PageRequest, kind: ClientKind | None = None
) -> Page:
    """The applications that the actor may see, by name unless sorted otherwise."""
    return await CLIENTS.page(db, actor, page, filters={"kind": kind})
