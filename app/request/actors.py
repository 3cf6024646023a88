"""From an actor to the claims of a token, and back.

A token carries the whole of what its bearer may do, so that a request needs no query to know its
actor. Keys are written in 22 characters each, so that some twenty grants fit.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.errors import Unauthenticated


class RevokedToken(Unauthenticated):
    """The token was issued before its account's rights changed, or the account was suspended."""

    code = "revoked_token"
    zh = "账号权限已变更，请重新登录。"
    en = "The account's rights have changed: sign in again."


def claims_of(actor: Actor, *, security_version: int) -> dict[str, Any]:
    """The claims of a token for this actor; the keyring adds issuer, audience and times."""
    claims: dict[str, Any] = {
        "sub": str(actor.account_id),
        "sv": security_version,
        "grants": [
            [
                grant.role.value,
                grant.subject.value,
                *map(_short, (grant.subject_id, grant.city_id, grant.county_id, grant.school_id)),
            ]
            for grant in actor.grants
        ],
    }
    if actor.teacher_id is not None:
        claims["teacher"] = _short(actor.teacher_id)
    return claims


class ActorReader:
    """Makes actors from verified claims, and refuses those whose security version is outdated."""

    def __init__(self) -> None:
        self._versions: dict[UUID, int] = {}

    def learn(self, versions: Mapping[UUID, int]) -> None:
        """Take note of accounts whose security version was raised."""
        for account_id, version in versions.items():
            self._versions[account_id] = max(version, self._versions.get(account_id, 0))

    def __call__(self, claims: Mapping[str, Any]) -> Actor:
        """The actor of these claims; raises `RevokedToken`."""
        account_id = UUID(claims["sub"])
        if claims["sv"] < self._versions.get(account_id, 0):
            raise RevokedToken
        teacher = claims.get("teacher")
        return Actor(
            account_id=account_id,
            grants=tuple(_grant(*parts) for parts in claims["grants"]),
            teacher_id=None if teacher is None else _long(teacher),
        )


def _grant(
    role: str, subject: str, subject_id: str, city: str, county: str | None, school: str | None
) -> Grant:
    return Grant(
        role=Role(role),
        subject=SubjectKind(subject),
        subject_id=_long(subject_id),
        city_id=_long(city),
        county_id=None if county is None else _long(county),
        school_id=None if school is None else _long(school),
    )


def _short(key: UUID | None) -> str | None:
    return None if key is None else urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(text + "=="))
