"""From an actor to the claims of a token, and back.

A token carries the whole of what its bearer may do, so that a request needs no query to know its
actor. Keys are written in 22 characters each, so that some twenty grants fit.
"""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.domain.access.actors import Actor, Grant
from app.domain.access.delegations import Acting
from app.domain.access.roles import Duty, Permission, Role, SubjectKind
from app.domain.errors import Unauthenticated
from app.domain.people.provisions import Reader
from app.security.tokens import LIFETIME

_REMEMBERED = (LIFETIME + timedelta(minutes=1)).total_seconds()
"""Seconds after which no token is left that was issued before; two clocks may differ a little."""


_ENDING = ("sub", "client", "sid", "behalf", "delegation")
"""The account, the application, the sign-in; the account acted for, and by which delegation."""


class RevokedToken(Unauthenticated):
    """The token was issued before its account's rights changed, or the account was suspended."""

    code = "revoked_token"
    zh = "账号权限已变更，请重新登录。"
    en = "The account's rights have changed: sign in again."


def claims_of(
    actor: Actor,
    *,
    security_version: int,
    client_version: int = 0,
    sign_in_id: UUID | None = None,
    acting: Acting | None = None,
) -> dict[str, Any]:
    """The claims of a token for this actor; the keyring adds issuer, audience and times.

    The token ends with the version of its account, with that of the application it is issued to,
    and with the sign-in that it comes from; a delegate's also with the delegation by which it is
    `acting`, and with the version of whoever gave it.
    """
    claims: dict[str, Any] = {
        "sub": str(actor.account_id),
        "sv": security_version,
        "grants": [_claim_of(grant) for grant in actor.grants],
    }
    if actor.teacher_id is not None:
        claims["teacher"] = _short(actor.teacher_id)
    if sign_in_id is not None:
        claims["sid"] = str(sign_in_id)
    if actor.must_change_password:
        claims["first"] = True
    if actor.must_enrol_second_factor:
        claims["enrol"] = True
    if acting is not None:
        claims |= {
            "behalf": str(acting.granter_id),
            "bv": acting.granter_version,
            "delegation": str(acting.delegation_id),
        }
    if actor.client_id is not None:
        claims |= {"client": str(actor.client_id), "cv": client_version}
    if actor.scopes is not None:
        claims["scope"] = " ".join(sorted(actor.scopes))
    return claims


def ends_with(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose ending ends a token of these claims: whoever it names, and what it comes from."""
    return tuple(claims[name] for name in _ENDING if name in claims)


class ActorReader:
    """Makes actors from verified claims, and refuses those whose security version is outdated.

    What it has learnt it keeps for as long as a token lives that was issued before.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._versions: dict[str, tuple[int, float]] = {}
        self._uses: defaultdict[Reader, Counter[Permission]] = defaultdict(Counter)

    def learn(self, versions: Mapping[UUID, int]) -> None:
        """Take note of accounts whose security version was raised, and of sign-ins that ended."""
        now = self._clock()
        for subject_id, version in versions.items():
            known, _ = self._versions.pop(str(subject_id), (0, now))
            self._versions[str(subject_id)] = max(version, known), now
        while self._versions:
            oldest = next(iter(self._versions))
            if self._versions[oldest][1] + _REMEMBERED > now:
                break
            del self._versions[oldest]

    def take_uses(self) -> dict[Reader, dict[Permission, int]]:
        """How often applications have asked with which scopes since this was last taken."""
        taken = {reader: dict(uses) for reader, uses in self._uses.items() if uses}
        for uses in self._uses.values():
            uses.clear()
        return taken

    def give_back_uses(self, taken: Mapping[Reader, Mapping[Permission, int]]) -> None:
        """Count again what was taken and could not be recorded."""
        for reader, uses in taken.items():
            self._uses[reader].update(uses)

    def _outdated(self, subject: str | None, version: int) -> bool:
        return subject is not None and version < self._versions.get(subject, (0, 0.0))[0]

    def __call__(self, claims: Mapping[str, Any]) -> Actor:
        """The actor of these claims; raises `RevokedToken`."""
        if (
            self._outdated(claims["sub"], claims["sv"])
            or self._outdated(claims.get("client"), claims.get("cv", 0))
            or self._outdated(claims.get("behalf"), claims.get("bv", 0))
            or any(self._outdated(claims.get(name), 0) for name in ("sid", "delegation"))
        ):
            raise RevokedToken
        try:
            return self._actor_of(claims)
        except (KeyError, TypeError, ValueError):
            # Issued by a version of this program that knew other roles and permissions.
            raise RevokedToken from None

    def _actor_of(self, claims: Mapping[str, Any]) -> Actor:
        client, scope, teacher = claims.get("client"), claims.get("scope"), claims.get("teacher")
        behalf, sign_in = claims.get("behalf"), claims.get("sid")
        return Actor(
            account_id=UUID(claims["sub"]),
            grants=tuple(_grant(*parts) for parts in claims["grants"]),
            teacher_id=None if teacher is None else _long(teacher),
            client_id=None if client is None else UUID(client),
            scopes=None if scope is None else frozenset(map(Permission, scope.split())),
            on_behalf_of=None if behalf is None else UUID(behalf),
            sign_in_id=None if sign_in is None else UUID(sign_in),
            security_version=claims["sv"],
            must_change_password=claims.get("first", False),
            must_enrol_second_factor=claims.get("enrol", False),
            uses=self._uses_of(claims),
        )

    def _uses_of(self, claims: Mapping[str, Any]) -> Counter[Permission] | None:
        """Where the uses of an application are counted: for a person, or for itself (no sign-in)."""
        if "client" in claims:
            return self._uses[Reader(UUID(claims["client"]), for_person=True)]
        if "sid" not in claims:
            return self._uses[Reader(UUID(claims["sub"]), for_person=False)]
        return None


def _claim_of(grant: Grant) -> list[str | list[str] | None]:
    """A grant as a token tells it; `_grant` reads it again."""
    place = (grant.subject_id, grant.city_id, grant.county_id, grant.school_id)
    return [grant.role.value, grant.subject.value, *map(_short, place), *_beyond(grant)]


def _beyond(grant: Grant) -> list[str]:
    """What of a grant only some kinds of subjects have: a department's duties, or many keys in one."""
    if grant.subject is SubjectKind.DEPARTMENT:
        return [" ".join(grant.duties)]
    if not grant.schools:
        return []
    return [urlsafe_b64encode(b"".join(each.bytes for each in grant.schools)).decode().rstrip("=")]


def _grant(
    role: str,
    subject: str,
    subject_id: str,
    city: str,
    county: str | None,
    school: str | None,
    beyond: str = "",
) -> Grant:
    is_department = SubjectKind(subject) is SubjectKind.DEPARTMENT
    keys = b"" if is_department else urlsafe_b64decode(beyond + "=" * (-len(beyond) % 4))
    return Grant(
        role=Role(role),
        subject=SubjectKind(subject),
        subject_id=_long(subject_id),
        city_id=_long(city),
        county_id=None if county is None else _long(county),
        school_id=None if school is None else _long(school),
        schools=tuple(UUID(bytes=keys[at : at + 16]) for at in range(0, len(keys), 16)),
        duties=tuple(map(Duty, beyond.split())) if is_department else (),
    )


def _short(key: UUID | None) -> str | None:
    return None if key is None else urlsafe_b64encode(key.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(text + "=="))
