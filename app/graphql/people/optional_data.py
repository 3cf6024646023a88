"""Optional data over GraphQL."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry import Info

from app.domain.people import optional_data
from app.domain.people.optional_data import DataConsentView, NewDataConsent, NewPhone, PhoneView
from app.graphql.context import Context
from app.request import now


@strawberry.pydantic.type(
    name="DataConsent", description="可选信息同意 / a consent to optional data"
)
class DataConsentNode(DataConsentView):
    """A consent of the one who asks."""


@strawberry.pydantic.type(name="Phone", description="手机号（脱敏） / a telephone number, masked")
class PhoneNode(PhoneView):
    """A telephone number, masked."""


@strawberry.pydantic.input(name="NewDataConsent")
class NewDataConsentInput(NewDataConsent):
    """What a person allows."""


@strawberry.pydantic.input(name="NewPhone")
class NewPhoneInput(NewPhone):
    """A telephone number to be entered."""


@strawberry.type
class OptionalDataQueries:
    """What may be asked about optional data."""

    @strawberry.field(
        description="本人对可选信息的同意 / one's own consents", graphql_type=list[DataConsentNode]
    )
    async def data_consents(self, info: Info[Context]) -> Any:
        """What one has allowed, and has taken back."""
        actor = info.context.actor
        return await info.context.read(lambda db: optional_data.list_data_consents(db, actor))

    @strawberry.field(description="教师手机号（脱敏） / masked number", graphql_type=PhoneNode)
    async def phone(self, info: Info[Context], teacher_id: UUID) -> Any:
        """The telephone number of a teacher, masked."""
        actor = info.context.actor
        return await info.context.read(
            lambda db: optional_data.get_phone(db, actor, teacher_id=teacher_id)
        )


@strawberry.type
class OptionalDataMutations:
    """What may be done with optional data."""

    @strawberry.mutation(
        description="同意收集可选信息 / allow a kind of data", graphql_type=DataConsentNode
    )
    async def give_data_consent(self, info: Info[Context], new: NewDataConsentInput) -> Any:
        """Allow one kind of optional data about oneself."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await optional_data.give_data_consent(db, actor, new=new, now=now())

    @strawberry.mutation(
        description="撤回同意，相应信息即时删除 / take back; what was kept is erased",
        graphql_type=DataConsentNode,
    )
    async def withdraw_data_consent(self, info: Info[Context], consent_id: UUID) -> Any:
        """Take a consent back."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await optional_data.withdraw_data_consent(
                db, actor, consent_id=consent_id, now=now()
            )

    @strawberry.mutation(description="登记手机号 / enter a number", graphql_type=PhoneNode)
    async def set_phone(self, info: Info[Context], teacher_id: UUID, new: NewPhoneInput) -> Any:
        """Enter a teacher's telephone number, if it was allowed."""
        context = info.context
        async with context.transaction() as db:
            return await optional_data.set_phone(
                db,
                context.actor,
                teacher_id=teacher_id,
                new=new,
                cipher=context.held.cipher,
                now=now(),
            )

    @strawberry.mutation(description="删除手机号 / erase a number", graphql_type=PhoneNode)
    async def remove_phone(self, info: Info[Context], teacher_id: UUID) -> Any:
        """Erase a teacher's telephone number."""
        actor = info.context.actor
        async with info.context.transaction() as db:
            return await optional_data.remove_phone(db, actor, teacher_id=teacher_id)
