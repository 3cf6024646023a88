"""What a statement names: whom, which class, by what it is asked for, and what counts of it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from app.domain.learning.learning_records.grammar import Statement
from app.domain.learning.learning_records.values import Rule, moment_of, refuse, seconds_of

ADL = "http://adlnet.gov/expapi/verbs/"
EXPERIENCED, PROGRESSED, TERMINATED = (
    f"{ADL}{word}" for word in ("experienced", "progressed", "terminated")
)
COMPLETED, PASSED, FAILED, SCORED = (
    f"{ADL}{word}" for word in ("completed", "passed", "failed", "scored")
)
TIMED = frozenset({EXPERIENCED, TERMINATED})
"""Verbs whose durations add up to the time spent; those of others are totals of their own."""
ENDING = (COMPLETED, PASSED, FAILED, SCORED, TERMINATED)
"""Verbs of what a person brings to an end, and no program says by itself while a page is open."""
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
"""Percent of the object that is done, a whole number (cmi5)."""
SHARE = "https://w3id.org/xapi/video/extensions/progress"
"""The same as a fraction of 1 (xAPI video profile)."""


@dataclass(frozen=True, slots=True)
class OurThing:
    """What an IRI of ours names: a class, or a session of one."""

    is_session: bool
    key: UUID


@dataclass(frozen=True, slots=True)
class Named:
    """What the domain needs to know of a statement."""

    learner: UUID | None
    """The teacher whom the actor's account names; None where it names none of ours."""
    things: tuple[OurThing, ...]
    """What of ours the statement is about: its object, else its parent, else its grouping."""
    of_class: bool
    refers_to: UUID | None
    happened_at: datetime | None
    seconds: int | None
    share: int | None
    score: Decimal | None
    completed: bool
    tags: tuple[str, ...]


def key_of_agent(agent: Statement) -> str | None:
    """One text for each agent that is identified; None for a group without an identifier."""
    account = agent.get("account")
    if account is not None:
        return f"{account['homePage']}\n{account['name']}"
    for name in ("mbox", "mbox_sha1sum", "openid"):
        if name in agent:
            return f"{name}\n{agent[name]}"
    return None


def teacher_of(agent: Statement, issuer: str) -> UUID | None:
    """The key of a teacher that an account of ours names: nobody is guessed by an address of mail."""
    account = agent.get("account")
    if account is None or agent.get("objectType") == "Group" or account["homePage"] != issuer:
        return None
    try:
        return UUID(account["name"])
    except ValueError:
        return None


def thing_of(iri: str, issuer: str) -> OurThing | None:
    """What an IRI of ours names."""
    kind, _, key = iri.removeprefix(f"{issuer}/").partition("/")
    if not iri.startswith(f"{issuer}/") or kind not in ("activities", "sessions"):
        return None
    try:
        return OurThing(kind == "sessions", UUID(key))
    except ValueError:
        return None


def name_statement(statement: Statement, issuer: str) -> Named:
    """What a checked statement names; `issuer` is the address by which we are known."""
    told_of = statement["object"]
    kind = told_of.get("objectType", "Activity")
    result = statement.get("result", {})
    verb = statement["verb"]["id"]
    whole = thing_of(told_of["id"], issuer) if kind == "Activity" else None
    things = (whole,) if whole is not None else _around(statement, issuer)
    timed = verb in TIMED and "duration" in result
    scaled = result.get("score", {}).get("scaled")
    said = statement.get("timestamp")
    return Named(
        learner=teacher_of(statement["actor"], issuer),
        things=things,
        of_class=whole is not None and not whole.is_session,
        refers_to=UUID(told_of["id"]) if kind == "StatementRef" else None,
        happened_at=None if said is None else moment_of(said),
        seconds=seconds_of(result["duration"]) if timed else None,
        share=_share(result.get("extensions", {})),
        score=None if scaled is None else round(Decimal(str(scaled)), 6),
        completed=_is_completed(verb, result),
        tags=tuple(sorted(set(_tags(statement)))),
    )


def _around(statement: Statement, issuer: str) -> tuple[OurThing, ...]:
    around = statement.get("context", {}).get("contextActivities", {})
    for name in ("parent", "grouping"):
        named = (thing_of(each["id"], issuer) for each in listed(around.get(name)))
        found = tuple(dict.fromkeys(each for each in named if each is not None))
        if found:
            return found
    return ()


def listed(value: Any) -> list[Any]:
    """One or many, as a list: the standard takes either for the activities around."""
    if value is None:
        return []
    return value if type(value) is list else [value]


def _share(extensions: Statement) -> int | None:
    percent, fraction = extensions.get(PROGRESS), extensions.get(SHARE)
    if type(percent) is int and 0 <= percent <= 100:
        return percent
    if isinstance(fraction, int | float) and fraction is not True and 0 <= fraction <= 1:
        return int(Decimal(str(fraction)) * 100)
    return None


def _is_completed(verb: str, result: Statement) -> bool:
    if verb == COMPLETED:
        return result.get("completion", True) is True
    return verb == PASSED and result.get("success", True) is True


# By what statements are asked for.

LONGEST_TAG, MOST_OF_TAGS = 2_000, 16_000
"""Bytes of one tag, which an index keeps whole, and of all of a statement: what refers to it has them too."""


def check_tags(tags: Iterable[str], at: str) -> None:
    """Refuse what names more, or by longer identifiers, than statements are asked for by."""
    lengths = [len(each.encode()) for each in tags]
    if max(lengths) > LONGEST_TAG or sum(lengths) > MOST_OF_TAGS:
        refuse(at, Rule.TOO_LONG)


def _tags(statement: Statement) -> Iterator[str]:
    told_of = statement["object"]
    kind = told_of.get("objectType", "Activity")
    context = statement.get("context", {})
    yield f"verb:{statement['verb']['id']}"
    if "registration" in context:
        yield f"registration:{context['registration'].lower()}"
    for each in (statement["actor"], told_of if kind in ("Agent", "Group") else {}):
        yield from _agents(each, "agent")
    if kind == "Activity":
        yield f"activity:{told_of['id']}"
    yield from _related(statement)
    if kind == "SubStatement":
        yield from _related(told_of)
        inner = told_of["object"]
        inner_kind = inner.get("objectType", "Activity")
        if inner_kind == "Activity":
            yield f"related_activity:{inner['id']}"
        for each in (told_of["actor"], inner if inner_kind in ("Agent", "Group") else {}):
            yield from _agents(each, "related_agent")


def _related(statement: Statement) -> Iterator[str]:
    context = statement.get("context", {})
    for name in ("instructor", "team"):
        yield from _agents(context.get(name, {}), "related_agent")
    for around in context.get("contextActivities", {}).values():
        for each in listed(around):
            yield f"related_activity:{each['id']}"


def _agents(agent: Statement, kind: str) -> Iterator[str]:
    key = key_of_agent(agent)
    if key is not None:
        yield f"{kind}:{key}"
    for member in agent.get("member", ()):
        yield f"{kind}:{key_of_agent(member)}"


# Whether two statements say the same.

_encode = msgspec.json.Encoder(order="sorted").encode
_SET_BY_US = frozenset({"id", "stored", "authority", "version"})


def digest_of(statement: Statement) -> bytes:
    """A digest that statements share which say the same (2.3.1 of the specification).

    What the server sets, what describes a verb or an activity, the order of members and of activities
    around it, and how a moment is written make no difference.
    """
    said = {name: each for name, each in statement.items() if name not in _SET_BY_US}
    return sha256(written(_plain(said))).digest()


def written(statement: Statement) -> bytes:
    """A statement as JSON, its names in order; half a character is refused, which nobody can write."""
    try:
        return _encode(statement)
    except UnicodeEncodeError:
        refuse("$", Rule.JSON)


def _plain(statement: Statement) -> Statement:
    said = {**statement, "actor": _plain_agent(statement["actor"])}
    said["verb"] = statement["verb"]["id"]
    said["object"] = _plain_object(statement["object"])
    if "timestamp" in said:
        said["timestamp"] = moment_of(said["timestamp"])
    if "context" in said:
        said["context"] = _plain_context(said["context"])
    return said


def _plain_object(told_of: Statement) -> Statement:
    kind = told_of.get("objectType", "Activity")
    if kind == "SubStatement":
        return _plain(told_of)
    if kind in ("Agent", "Group"):
        return _plain_agent(told_of)
    key = told_of["id"]
    return {"objectType": kind, "id": key.lower() if kind == "StatementRef" else key}


def _plain_agent(agent: Statement) -> Statement:
    said = {"objectType": "Agent", **agent}
    if "member" in said:
        members = [_plain_agent(each) for each in said["member"]]
        said["member"] = sorted(members, key=written)
    return said


def _plain_context(context: Statement) -> Statement:
    said = dict(context)
    for name in ("instructor", "team"):
        if name in said:
            said[name] = _plain_agent(said[name])
    if "registration" in said:
        said["registration"] = said["registration"].lower()
    if "contextActivities" in said:
        said["contextActivities"] = {
            name: sorted(each["id"] for each in listed(around))
            for name, around in said["contextActivities"].items()
        }
    return said
