"""The REST interface of a provider (OneRoster 1.2 Rostering Service), pulled whole."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
import msgspec

from app.oneroster.roster import (
    GONE,
    Class,
    Enrolment,
    Org,
    Person,
    Roster,
    Unreadable,
    full_name,
)

SCOPE = "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly"
_PART = 1000
_MOST = 2_000_000
"""Things of a collection, as many as our files may have rows."""
_TRIES = 5
_PATIENCE = 60.0
_LONGEST_PAUSE = 60.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Thing = dict[str, Any]


class Provider:
    """A provider at `base` (… `/ims/oneroster/rostering/v1p2`), asked within a `with`."""

    def __init__(self, base: str, token_url: str, client_id: str, secret: str) -> None:
        for url in (base, token_url):
            parts = urlsplit(url)
            if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
                raise Unreadable(
                    "名册接口的地址须为 https。", "A provider is asked by https alone."
                )
        self._base, self._token_url = base.rstrip("/"), token_url
        self._known = (client_id, secret)
        self._token: str | None = None
        self._http = httpx2.Client(timeout=_PATIENCE, trust_env=False, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def read(self, roster: Roster) -> None:
        """Take all that it shows into a roster."""
        for collection, (part, read) in _COLLECTIONS.items():
            things = (
                (_checked(read(each)), each.get("status") == GONE) for each in self._all(collection)
            )
            try:
                roster.take(part, things, whole=True)
            except (KeyError, TypeError, AttributeError, msgspec.ValidationError):
                raise Unreadable(
                    f"{collection} 的内容不符合规范。", f"{collection} is not as the standard says."
                ) from None

    def _all(self, collection: str) -> Iterator[Thing]:
        """Every thing of a collection, part after part, in the order of the keys."""
        offset, before = 0, None
        while True:
            asked = {"limit": str(_PART), "offset": str(offset), "sort": "sourcedId"}
            answer = self._ask(f"{self._base}/{collection}", asked)
            content = _content(answer)
            things = content.get(collection)
            if not isinstance(things, list):
                raise Unreadable(f"回应中没有 {collection}。", f"The answer has no {collection}.")
            if (things and things == before) or offset > _MOST:
                raise Unreadable(
                    f"{collection} 的分页没有尽头。", f"The parts of {collection} have no end."
                )
            yield from things
            offset, before = offset + len(things), things
            total = answer.headers.get("x-total-count", "")
            # Providers may give less than is asked for; the standard has them say how many there are.
            is_over = offset >= int(total) if total.isdecimal() else len(things) < _PART
            if not things or is_over:
                return

    def _ask(self, url: str, asked: dict[str, str]) -> httpx2.Response:
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(2.0 ** (attempt - 1))
            try:
                bearer = {"Authorization": f"Bearer {self._token or self._new_token()}"}
                answer = self._http.get(url, params=asked, headers=bearer)
            except httpx2.TransportError:
                continue
            if answer.status_code == httpx2.codes.UNAUTHORIZED and attempt == 0:
                self._token = None
            elif answer.status_code in {429, 502, 503, 504}:
                time.sleep(_pause(answer))
            elif answer.status_code == httpx2.codes.OK:
                return answer
            else:
                raise _refused(answer)
        raise Unreadable("名册接口没有应答。", "The provider does not answer.")

    def _new_token(self) -> str:
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        answer = self._http.post(self._token_url, data=form, auth=self._known)
        if answer.status_code != httpx2.codes.OK:
            raise _refused(answer)
        token = _content(answer).get("access_token")
        if not isinstance(token, str):
            raise Unreadable("没有得到访问令牌。", "The provider gave no token.")
        self._token = token
        return token


def _pause(answer: httpx2.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), _LONGEST_PAUSE) if said.isdecimal() else 0.0


def _content(answer: httpx2.Response) -> Thing:
    try:
        content = answer.json()
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Unreadable("名册接口的回应不是 JSON。", "The provider's answer is no JSON.")
    return content


def _refused(answer: httpx2.Response) -> Unreadable:
    return Unreadable(
        f"名册接口拒绝了请求（{answer.status_code}）。",
        f"The provider refused the request ({answer.status_code}).",
    )


def _checked(thing: Any) -> Any:
    """A thing whose fields are what they are declared to be, whatever JSON had there."""
    return msgspec.convert(msgspec.structs.asdict(thing), type(thing))


def _key(reference: Any) -> str | None:
    return None if reference is None else str(reference["sourcedId"])


def _org(told: Thing) -> Org:
    identifier = told.get("identifier") or None
    return Org(told["sourcedId"], told["name"], told["type"], identifier, _key(told.get("parent")))


def _person(told: Thing) -> Person:
    roles = told.get("roles") or []
    org = _key(told.get("primaryOrg")) or (_key(roles[0].get("org")) if roles else None)
    documents = {each["type"]: each["identifier"] for each in told.get("userIds") or ()}
    name = full_name(told.get("familyName") or "", told.get("givenName") or "")
    return Person(told["sourcedId"], name, org, documents)


def _class(told: Thing) -> Class:
    subject = next(iter(told.get("subjects") or ()), None)
    return Class(told["sourcedId"], told["title"], _key(told.get("school")), subject)


def _enrolment(told: Thing) -> Enrolment:
    is_primary = str(told.get("primary", "")).lower() == "true"
    return Enrolment(
        told["sourcedId"], str(_key(told["user"])), str(_key(told["class"])), told["role"],
        is_primary, told.get("beginDate"), told.get("endDate"),
    )  # fmt: skip


_COLLECTIONS: dict[str, tuple[str, Callable[[Thing], Any]]] = {
    "orgs": ("orgs", _org),
    "users": ("people", _person),
    "classes": ("classes", _class),
    "enrollments": ("enrolments", _enrolment),
}
