"""Entering providers, changing them, and telling their contact."""

from datetime import date, datetime
from typing import Annotated, Any, Protocol, Self
from uuid import UUID

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import Uuid, bindparam, select
from sqlmodel import Field, col

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.base import Command
from app.domain.errors import Conflict, Invalid, NotFound, Unfit
from app.domain.organisation.providers.credit_code import check_credit_code
from app.domain.organisation.providers.provider import (
    PROVIDERS,
    Provider,
    ProviderFields,
)
from app.domain.organisation.units import Level, hold_unit, place_of
from app.sql import Connection, Row, Statement, UniqueViolationError, new_id

ContactName = Annotated[str, StringConstraints(min_length=1, max_length=30)]
ContactPhone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$")]


_LONG_NUMBER = 11


class ContactCipher(Protocol):
    """What keeps a contact: it is handed in, and no key is known here."""

    def seal(self, plain: str, *, context: str) -> bytes:
        """Return `plain` encrypted for the place in which it is kept: table|column|row id."""

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return what was sealed for this `context`; raise for anything else."""


class _Contact(BaseModel):
    """Whom to call at a provider."""

    contact_name: ContactName | None = Field(default=None, description="联系人 / whom to ask for")
    contact_phone: ContactPhone | None = Field(default=None, description="联系电话 / telephone")


class NewProvider(_Contact, ProviderFields, Command):
    """A provider to be entered by a bureau; it is not approved yet."""

    unit_id: UUID = Field(description="登记的教育局 / bureau that registers it")

    @model_validator(mode="after")
    def _names_both(self) -> Self:
        _check_contact(self)
        return self


class ProviderChanges(_Contact, Command):
    """What of a provider is to be changed; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=2, max_length=100, description="名称 / name")
    qualified_until: date | None = Field(
        default=None, description="资质有效期至，null 为不限 / last day; null: without end"
    )

    @model_validator(mode="after")
    def _names_both(self) -> Self:
        if "name" in self.model_fields_set and self.name is None:
            raise Unfit("名称不能为空。", "The name cannot be null.")
        _check_contact(self)
        return self


class ContactView(BaseModel):
    """Whom to call at a provider, in full."""

    provider_id: UUID = Field(description="机构 / provider")
    contact: str = Field(description="联系人和电话 / name and telephone")


def _check_contact(given: _Contact) -> None:
    if (given.contact_name is None) != (given.contact_phone is None):
        raise Unfit("联系人和联系电话须一并填写。", "A contact has a name and a telephone.")


# What can be refused.


class ProviderOfBureau(Invalid):
    """The register of providers is a bureau's."""

    code = "provider_of_bureau"
    zh = "培训机构与基地由教育局登记。"
    en = "Providers are registered by a bureau."


class ProviderExists(Conflict):
    """The bureau has registered a provider with this code already."""

    code = "provider_exists"
    zh = "该统一社会信用代码已登记。"
    en = "A provider with this code is registered already."


class ProviderWithoutContact(NotFound):
    """Nobody is named whom one could call."""

    code = "provider_without_contact"
    zh = "该机构未登记联系方式。"
    en = "No contact is known of this provider."


# What may be done.


def _sealed(given: _Contact, provider_id: UUID, cipher: ContactCipher) -> dict[str, Any]:
    """What is kept of a contact: what may be shown of it, and all of it sealed."""
    if given.contact_name is None or given.contact_phone is None:
        return {"contact": None, "contact_sealed": None}
    name, phone = given.contact_name, given.contact_phone
    # Of a short number its beginning would tell too much.
    begins = phone[:3] if len(phone) >= _LONG_NUMBER else ""
    shown = f"{name[:1]}** {begins}****{phone[-2:]}"
    sealed = cipher.seal(f"{name} {phone}", context=_context(provider_id))
    return {"contact": shown, "contact_sealed": sealed}


def _context(provider_id: UUID) -> str:
    return f"provider|contact|{provider_id}"


async def register_provider(
    db: Connection, actor: Actor, *, new: NewProvider, cipher: ContactCipher, now: datetime
) -> Row:
    """Enter a provider into a bureau's register."""
    write = Permission.PROVIDER_WRITE
    unit = await hold_unit(db, actor, unit_id=new.unit_id, permission=write)
    if unit["level"] == Level.SCHOOL:
        raise ProviderOfBureau
    provider_id = new_id()
    code = new.credit_code
    row = {
        "id": provider_id,
        **new.model_dump(include=set(ProviderFields.model_fields)),
        "credit_code": code and check_credit_code(code),
        **_sealed(new, provider_id, cipher),
        **place_of(unit),
        "recorded_at": now,
    }
    try:
        await db.insert(Provider, row)
    except UniqueViolationError:
        raise ProviderExists from None
    return await PROVIDERS.get(db, actor, provider_id)


async def update_provider(
    db: Connection,
    actor: Actor,
    *,
    provider_id: UUID,
    changes: ProviderChanges,
    cipher: ContactCipher,
) -> Row:
    """Change what a provider is called, how long it is qualified, or whom one calls there."""
    write = Permission.PROVIDER_WRITE
    await PROVIDERS.get(db, actor, provider_id, permission=write, lock=True)
    values = changes.model_dump(exclude_unset=True)
    if _Contact.model_fields.keys() & values.keys():
        values = {name: values[name] for name in values.keys() - _Contact.model_fields.keys()}
        values |= _sealed(changes, provider_id, cipher)
    await db.change(Provider, provider_id, values)
    return await PROVIDERS.get(db, actor, provider_id)


_SEALED = Statement(
    select(col(Provider.contact_sealed)).where(
        col(Provider.id) == bindparam("provider_id", type_=Uuid)
    )
)


async def reveal_provider_contact(
    db: Connection, actor: Actor, *, provider_id: UUID, cipher: ContactCipher
) -> Row:
    """Whom to call at a provider, in full; for the bureau that keeps the register."""
    await PROVIDERS.get(db, actor, provider_id, permission=Permission.PROVIDER_WRITE)
    sealed = await db.value(_SEALED, provider_id=provider_id)
    if sealed is None:
        raise ProviderWithoutContact
    contact = cipher.open(sealed, context=_context(provider_id))
    return {"provider_id": provider_id, "contact": contact}
