"""The grammar of statements (xAPI 1.0.3, part 2): what a statement must be, property by property.

`read_statements` gives what it has checked as it was told. Pure: no database, no clock.
"""

import json
from typing import Any

from app.domain.errors import Invalid
from app.domain.learning.learning_records.things import (
    Check,
    check_activity,
    check_actor,
    check_extensions,
    check_group,
    check_languages,
    check_list,
    check_object,
    check_reference,
    word,
)
from app.domain.learning.learning_records.values import (
    Rule,
    StatementUnfit,
    check_boolean,
    check_iri,
    check_language,
    check_number,
    check_string,
    check_uuid,
    check_version,
    moment_of,
    refuse,
    seconds_of,
)

Statement = dict[str, Any]
"""A statement as it was told."""
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
MOST = 1000
"""Statements in one request."""


class AttachmentsNotKept(Invalid):
    """A statement has attachments, or comes in parts with them: none are taken."""

    code = "attachments_not_kept"
    zh = "本系统不接收语句附件，请以 application/json 发送不含 attachments 的语句。"
    en = "Attachments are not taken: send statements without any, as application/json."


class TooManyStatements(Invalid):
    """More statements than are taken at once."""

    code = "too_many_statements"
    zh = "一次最多发送 {most} 条语句。"
    en = "At most {most} statements are taken at once."


# What came of it, and around it.


def _check_scaled(value: Any, at: str) -> None:
    check_number(value, at)
    if not -1 <= value <= 1:
        refuse(at, Rule.RANGE)


_SCORE: dict[str, Check] = {
    "scaled": _check_scaled,
    "raw": check_number,
    "min": check_number,
    "max": check_number,
}


def _check_score(value: Any, at: str) -> None:
    check_object(value, at, _SCORE)
    least, most, raw = (value.get(name) for name in ("min", "max", "raw"))
    if least is not None and most is not None and least >= most:
        refuse(at, Rule.RANGE)
    if raw is not None and (
        (least is not None and raw < least) or (most is not None and raw > most)
    ):
        refuse(f"{at}.raw", Rule.RANGE)


_RESULT: dict[str, Check] = {
    "score": _check_score,
    "success": check_boolean,
    "completion": check_boolean,
    "response": check_string,
    "duration": seconds_of,
    "extensions": check_extensions,
}


def _check_around(value: Any, at: str) -> None:
    if type(value) is list:
        check_list(value, at, check_activity)
    else:
        check_activity(value, at)


_AROUND: dict[str, Check] = dict.fromkeys(
    ("parent", "grouping", "category", "other"), _check_around
)
_CONTEXT: dict[str, Check] = {
    "registration": check_uuid,
    "instructor": check_actor,
    "team": check_group,
    "contextActivities": lambda value, at: check_object(value, at, _AROUND),
    "revision": check_string,
    "platform": check_string,
    "language": check_language,
    "statement": check_reference,
    "extensions": check_extensions,
}


# Statements.


def _check_attachments(_: Any, __: str) -> None:
    raise AttachmentsNotKept


_VERB: dict[str, Check] = {"id": check_iri, "display": check_languages}
_SAID: dict[str, Check] = {
    "actor": check_actor,
    "verb": lambda value, at: check_object(value, at, _VERB, ("id",)),
    "object": lambda value, at: _check_told_of(value, at, nested=False),
    "result": lambda value, at: check_object(value, at, _RESULT),
    "context": lambda value, at: check_object(value, at, _CONTEXT),
    "timestamp": moment_of,
    "attachments": _check_attachments,
}
_STATEMENT: dict[str, Check] = {
    **_SAID,
    "id": check_uuid,
    "stored": moment_of,
    "authority": check_actor,
    "version": check_version,
}
_SUBSTATEMENT: dict[str, Check] = {
    **_SAID,
    "objectType": word("SubStatement"),
    "object": lambda value, at: _check_told_of(value, at, nested=True),
}
_REQUIRED = ("actor", "verb", "object")


def _check_told_of(value: Any, at: str, *, nested: bool) -> None:
    kind = value.get("objectType", "Activity") if type(value) is dict else "Activity"
    if kind == "SubStatement":
        if nested:
            refuse(at, Rule.NESTED)
        check_object(value, at, _SUBSTATEMENT, _REQUIRED)
        _check_whole(value, at)
    elif kind == "StatementRef":
        check_reference(value, at)
    elif kind in ("Agent", "Group"):
        check_actor(value, at)
    else:
        check_activity(value, at)


def _check_whole(statement: Statement, at: str) -> None:
    """What its properties have to do with each other."""
    kind = statement["object"].get("objectType", "Activity")
    context = statement.get("context", {})
    for name in ("revision", "platform"):
        if name in context and kind != "Activity":
            refuse(f"{at}.context.{name}", Rule.MISPLACED)
    if statement["verb"]["id"] == VOIDED and kind != "StatementRef":
        refuse(f"{at}.object", Rule.VOIDING)


def check_statement(value: Any, at: str) -> None:
    """Refuse what is no statement."""
    check_object(value, at, _STATEMENT, _REQUIRED)
    _check_whole(value, at)


# Reading.


def _pairs(pairs: list[tuple[str, Any]]) -> Statement:
    found = dict(pairs)
    if len(found) < len(pairs):
        refuse("$", Rule.UNKNOWN)
    return found


def _finite(text: str) -> float:
    number = float(text)
    if number - number != 0:
        raise ValueError
    return number


def _constant(_: str) -> None:
    raise ValueError


def read_json(content: bytes | str) -> Any:
    """What JSON says; no name twice in an object, and every number a number."""
    try:
        return json.loads(
            content, object_pairs_hook=_pairs, parse_float=_finite, parse_constant=_constant
        )
    except StatementUnfit:
        raise
    except (ValueError, RecursionError):
        refuse("$", Rule.JSON)


def read_statements(content: bytes) -> list[Statement]:
    """The statements of a request, one or a list, all of which are as the specification says."""
    told = read_json(content)
    statements = told if type(told) is list else [told]
    if len(statements) > MOST:
        raise TooManyStatements(most=MOST)
    for position, each in enumerate(statements):
        check_statement(each, f"$[{position}]" if type(told) is list else "$")
    named = [each["id"].lower() for each in statements if "id" in each]
    if len(set(named)) < len(named):
        refuse("$", Rule.REPEATED)
    return statements
