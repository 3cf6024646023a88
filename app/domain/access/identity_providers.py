"""Identity providers (身份提供方): platforms of the city or the province whose sign-in is believed here.

A provider speaks OpenID Connect. What it says is who somebody is there (its `sub`); whose account that
is here is decided by a link (`identities`) alone, never by a name, an e-mail or a telephone number.
The issuer never changes: another issuer is another provider, with links of its own.
"""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, SecretStr, StringConstraints, model_validator
from sqlalchemy import ARRAY, LargeBinary, Text, UniqueConstraint, Uuid, bindparam, select, update
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.doors import Door
from app.domain.access.roles import Permission, SubjectKind
from app.domain.access.subjects import SubjectNotFound, place_of_subject
from app.domain.base import MOMENT, Command, Placed, SecretCipher, Table, key, place_constraints
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.paging import Page, PageRequest
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

MOST_OFFERED = 10
"""How many providers the page of signing in offers, the oldest first."""

Issuer = Annotated[
    str,
    StringConstraints(
        max_length=200,
        pattern=r"^(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http://(127\.0\.0\.1|localhost))"
        r"(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?$",
    ),
]
"""https; this machine itself for trying things out, where a setting allows it."""
OpenIdScope = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")
]


class IdentityProviderFields(BaseModel):
    """What is shown of a provider."""

    name: str = Field(
        min_length=1, max_length=30, description="按钮文字 / what its button says: sign in with …"
    )
    client_id: str = Field(
        min_length=1, max_length=200, description="本系统在该平台的客户端标识 / who we are there"
    )
    scopes: list[OpenIdScope] = Field(
        default_factory=lambda: ["openid"],
        min_length=1,
        max_length=10,
        description="请求的范围，须含 openid / scopes, openid among them",
        sa_type=ARRAY(Text),
    )
    is_enabled: bool = Field(default=True, description="是否启用 / whether it is offered")


class IdentityProvider(IdentityProviderFields, Placed, Table, table=True):
    """A provider, placed at the city that trusts it."""

    __table_args__ = (*place_constraints(), UniqueConstraint("city_id", "issuer"))

    id: UUID = key()
    issuer: str = Field(sa_type=Text)
    secret_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    registered_at: datetime = Field(sa_type=MOMENT)
    registered_by: UUID = Field(foreign_key="account.id", sa_type=Uuid)


class IdentityProviderView(IdentityProviderFields):
    """A provider as both faces show it; never its secret."""

    id: UUID = Field(description="标识 / key")
    issuer: str = Field(description="签发者地址 / issuer")
    city_id: UUID = Field(description="所属市 / city")
    registered_at: datetime = Field(description="登记时间 / registered")


def _check_scopes(scopes: list[str] | None) -> None:
    if scopes is not None and "openid" not in scopes:
        raise Unfit("范围须含 openid。", "The scope openid is needed.")


class NewIdentityProvider(IdentityProviderFields, Command):
    """A provider to be trusted."""

    unit_id: UUID = Field(description="市 / the city")
    issuer: Issuer = Field(description="签发者地址 / issuer, as its metadata has it")
    secret: SecretStr | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        description="客户端密钥，公开客户端为空 / client secret; null for a public client",
    )

    @model_validator(mode="after")
    def _asks_for_an_identity(self) -> Self:
        _check_scopes(self.scopes)
        return self


class IdentityProviderChanges(Command):
    """What of a provider is to be changed; what is left out stays as it is."""

    name: str | None = Field(
        default=None, min_length=1, max_length=30, description="按钮文字 / name"
    )
    client_id: str | None = Field(
        default=None, min_length=1, max_length=200, description="客户端标识 / who we are there"
    )
    scopes: list[OpenIdScope] | None = Field(
        default=None, min_length=1, max_length=10, description="请求的范围 / scopes"
    )
    is_enabled: bool | None = Field(default=None, description="是否启用 / whether it is offered")
    secret: SecretStr | None = Field(
        default=None, min_length=1, max_length=500, description="客户端密钥 / client secret"
    )

    @model_validator(mode="after")
    def _asks_for_an_identity(self) -> Self:
        _check_scopes(self.scopes)
        for name in self.model_fields_set - {"secret"}:
            if getattr(self, name) is None:
                raise Unfit(f"{name} 不能为空。", f"{name} cannot be null.")
        return self


# What can be refused.


class IdentityProviderNotFound(NotFound):
    """There is no such provider for the one who asks, or it is not offered."""

    code = "identity_provider_not_found"
    zh = "未找到该身份提供方，或其已停用。"
    en = "There is no such identity provider, or it is not offered."


class IdentityProviderNotCitys(Invalid):
    """Whom to believe is decided by the city."""

    code = "identity_provider_not_citys"
    zh = "身份提供方由市级登记。"
    en = "Identity providers are registered by the city."


class IdentityProviderRegistered(Conflict):
    """A city registers an issuer once."""

    code = "identity_provider_registered"
    zh = "该签发者已登记。"
    en = "This issuer is registered already."


# What may be asked.

IDENTITY_PROVIDERS = Door(
    table=IdentityProvider,
    view=IdentityProviderView,
    read=Permission.IDENTITY_PROVIDER_READ,
    missing=IdentityProviderNotFound,
    sorts={"created": ()},
)


async def get_identity_provider(
    db: Connection, actor: Actor, *, provider_id: UUID, lock: bool = False
) -> Row:
    """One provider within the actor's reach."""
    return await IDENTITY_PROVIDERS.get(db, actor, provider_id, lock=lock)


async def list_identity_providers(db: Connection, actor: Actor, *, page: PageRequest) -> Page:
    """The providers that the actor may see, in the order in which they were registered."""
    return await IDENTITY_PROVIDERS.page(db, actor, page)


_OFFERED = select(
    *(
        col(getattr(IdentityProvider, name))
        for name in ("id", "name", "issuer", "client_id", "scopes", "secret_sealed")
    )
).where(col(IdentityProvider.is_enabled))
_ALL_OFFERED = Statement(_OFFERED.order_by(col(IdentityProvider.id)).limit(MOST_OFFERED))
_ONE_OFFERED = Statement(
    _OFFERED.where(col(IdentityProvider.id) == bindparam("provider_id", type_=Uuid))
)


async def offered_providers(db: Connection) -> list[Row]:
    """The providers with which somebody who is not known yet may sign in."""
    return await db.all(_ALL_OFFERED)


async def read_offered_provider(db: Connection, *, provider_id: UUID) -> Row:
    """One of them, with its sealed secret; raises `IdentityProviderNotFound`."""
    row = await db.one(_ONE_OFFERED, provider_id=provider_id)
    if row is None:
        raise IdentityProviderNotFound
    return row


def secret_context(provider_id: UUID) -> str:
    """The place for which the secret of a provider is sealed."""
    return f"identity_provider|secret|{provider_id}"


# What may be done.


async def register_identity_provider(
    db: Connection, actor: Actor, *, new: NewIdentityProvider, cipher: SecretCipher, now: datetime
) -> Row:
    """Trust a provider in a city from now on; nobody is linked to it by that."""
    place = await place_of_subject(db, kind=SubjectKind.UNIT, subject_id=new.unit_id)
    if not actor.reach.covers(place):
        raise SubjectNotFound
    actor.require(Permission.IDENTITY_PROVIDER_WRITE, place)
    if new.unit_id != place["city_id"]:
        raise IdentityProviderNotCitys
    provider_id = new_id()
    row = {
        "id": provider_id,
        **new.model_dump(include=set(IdentityProviderFields.model_fields)),
        "issuer": new.issuer,
        "secret_sealed": _sealed(new.secret, provider_id, cipher),
        **{name: place[name] for name in ("city_id", "county_id", "school_id")},
        "registered_at": now,
        "registered_by": actor.account_id,
    }
    try:
        await db.insert(IdentityProvider, row)
    except UniqueViolationError:
        raise IdentityProviderRegistered from None
    return await IDENTITY_PROVIDERS.get(db, actor, provider_id)


_COLUMNS = IdentityProvider.__table__.c  # type: ignore[attr-defined]
_SECRET_TOO = bindparam("sealed", type_=LargeBinary)
_CHANGE = Statement(
    update(IdentityProvider)
    .where(col(IdentityProvider.id) == bindparam("provider_id", type_=Uuid))
    .values(
        {
            name: bindparam(name, type_=_COLUMNS[name].type)
            for name in IdentityProviderFields.model_fields
        }
    )
)
_SET_SECRET = Statement(
    update(IdentityProvider)
    .where(col(IdentityProvider.id) == bindparam("provider_id", type_=Uuid))
    .values(secret_sealed=_SECRET_TOO)
)


async def update_identity_provider(
    db: Connection,
    actor: Actor,
    *,
    provider_id: UUID,
    changes: IdentityProviderChanges,
    cipher: SecretCipher,
) -> Row:
    """Change a provider; one that is not enabled lets nobody in any more, whoever is in stays."""
    write = Permission.IDENTITY_PROVIDER_WRITE
    found = await IDENTITY_PROVIDERS.get(db, actor, provider_id, permission=write, lock=True)
    fields: dict[str, Any] = {name: found[name] for name in IdentityProviderFields.model_fields}
    fields |= changes.model_dump(exclude_unset=True, exclude={"secret"})
    await db.run(_CHANGE, provider_id=provider_id, **fields)
    if "secret" in changes.model_fields_set:
        sealed = _sealed(changes.secret, provider_id, cipher)
        await db.run(_SET_SECRET, provider_id=provider_id, sealed=sealed)
    return await IDENTITY_PROVIDERS.get(db, actor, provider_id)


def _sealed(secret: SecretStr | None, provider_id: UUID, cipher: SecretCipher) -> bytes | None:
    if secret is None:
        return None
    return cipher.seal(secret.get_secret_value(), context=secret_context(provider_id))
