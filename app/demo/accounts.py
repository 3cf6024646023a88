"""The accounts: everybody has one, and some have a password with which to try the city."""

from dataclasses import dataclass
from uuid import UUID

from app.demo.keys import Keys
from app.demo.listed import Account
from app.demo.people import Person
from app.demo.places import RECORDED, Place
from app.demo.rows import Rows
from app.domain.access.accounts import Account as AccountTable
from app.domain.access.accounts import AccountKind
from app.domain.access.grants import RoleGrant
from app.domain.access.roles import SUBJECT, Role
from app.domain.base import civil_date
from app.security import passwords


@dataclass
class Doorkeeper:
    """Opens accounts, and hands out passwords to those who are listed."""

    rows: Rows
    keys: Keys
    listed: list[Account]

    async def open(
        self,
        name: str,
        role: Role,
        place: Place,
        *,
        display_name: str,
        with_secret: bool,
        subject_id: UUID | None = None,
    ) -> UUID:
        """Open an account with a role over a unit, or over a subject that lies there."""
        account_id = await self._open(
            name, role, place, None, display_name=display_name, with_secret=with_secret
        )
        self._grant(account_id, role, subject_id or place.id)
        return account_id

    async def open_for(
        self, person: Person, name: str, *, group_id: UUID | None, with_secret: bool
    ) -> None:
        """Open a teacher's account; it leads a group where one is named."""
        role = Role.GROUP_LEADER if group_id else Role.TEACHER
        account_id = await self._open(
            name, role, person.school, person.id, display_name=person.name, with_secret=with_secret
        )
        self._grant(account_id, Role.TEACHER, person.id)
        if group_id is not None:
            self._grant(account_id, Role.GROUP_LEADER, group_id)

    async def _open(
        self,
        name: str,
        role: Role,
        place: Place,
        teacher_id: UUID | None,
        *,
        display_name: str,
        with_secret: bool,
    ) -> UUID:
        kind = AccountKind.CLIENT if role is Role.INTEGRATION else AccountKind.PERSON
        account_id = self.keys()
        self.rows.add(
            AccountTable,
            id=account_id,
            name=name,
            kind=kind,
            display_name=display_name,
            teacher_id=teacher_id,
            secret=await self._secret(name, kind, role, place) if with_secret else None,
            **place.columns,
        )
        return account_id

    def _grant(self, account_id: UUID, role: Role, subject_id: UUID) -> None:
        self.rows.add(
            RoleGrant,
            id=self.keys(),
            account_id=account_id,
            role=role,
            subject=SUBJECT[role],
            subject_id=subject_id,
            valid_from=civil_date(RECORDED),
            recorded_at=RECORDED,
        )

    async def _secret(self, name: str, kind: AccountKind, role: Role, place: Place) -> bytes:
        if kind is AccountKind.CLIENT:
            secret = passwords.new_secret()
            stored = passwords.hash_secret(secret)
        else:
            secret = passwords.new_password()
            stored = (await passwords.hash_password(secret)).encode()
        self.listed.append(Account(name, secret, kind.value, role.value, place.name))
        return stored
