import json
from copy import deepcopy
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.domain.learning.learning_records import (
    AttachmentsNotKept,
    StatementUnfit,
    TooManyStatements,
    only_identifiers,
    read_statements,
)
from app.domain.learning.learning_records.naming import digest_of, name_statement
from app.domain.learning.learning_records.values import Rule, moment_of, seconds_of
from tests.make import NOW
from tests.make_learning import ADL, AGENT, ISSUER, LESSON

PLAIN: dict[str, Any] = {
    "actor": AGENT,
    "verb": {"id": f"{ADL}completed"},
    "object": LESSON,
}
FULL: dict[str, Any] = {
    **PLAIN,
    "id": "7CCD3322-E1A5-411A-A67D-6A735C76F119",
    "actor": {"objectType": "Agent", "name": "甲", "mbox": "mailto:a@example.org"},
    "verb": {"id": f"{ADL}answered", "display": {"zh-CN": "回答", "en-US": "answered"}},
    "object": {
        "objectType": "Activity",
        "id": "https://player.example/question",
        "definition": {
            "name": {"zh-Hans-CN": "一问"},
            "description": {"en": "A question"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://player.example/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a[,]b"],
            "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
            "extensions": {"https://player.example/x": {"anything": None}},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": False,
        "response": "a",
        "duration": "PT1H2M3.5S",
        "extensions": {},
    },
    "context": {
        "registration": str(uuid4()),
        "instructor": {"objectType": "Group", "member": [AGENT]},
        "team": {"objectType": "Group", "openid": "https://id.example/team"},
        "contextActivities": {"parent": LESSON, "category": [LESSON, LESSON]},
        "revision": "1",
        "platform": "web",
        "language": "zh-CN",
        "statement": {"objectType": "StatementRef", "id": str(uuid4())},
        "extensions": {},
    },
    "timestamp": "2026-11-20T10:00:00.123456789+08:00",
    "stored": "2026-11-20T02:00:00Z",
    "authority": {"mbox_sha1sum": "a" * 40},
    "version": "1.0.3",
}
SUB = {"objectType": "SubStatement", **PLAIN}
SOME_KEY = "5b1ea1ce-0000-4000-8000-00000000c1a5"
"""A key that is the same in every process: tests are named by what they are given."""
REFERENCE = {"objectType": "StatementRef", "id": str(uuid4())}

GOOD: dict[str, dict[str, Any]] = {
    "only what is required": PLAIN,
    "everything": FULL,
    "a sub-statement": PLAIN | {"object": SUB},
    "a sub-statement of a statement": PLAIN | {"object": SUB | {"object": REFERENCE}},
    "an agent as object": PLAIN | {"object": {"objectType": "Agent"} | AGENT},
    "a group as object": PLAIN | {"object": {"objectType": "Group", "member": [AGENT]}},
    "a reference": PLAIN | {"object": REFERENCE},
    "a voiding one": PLAIN | {"verb": {"id": f"{ADL}voided"}, "object": REFERENCE},
    "a group with an identifier and no members": PLAIN
    | {"actor": {"objectType": "Group", "mbox": "mailto:g@example.org"}},
    "no offset of its own but Z": PLAIN | {"timestamp": "2026-11-20T02:00:00Z"},
    "an unknown verb": PLAIN | {"verb": {"id": "urn:example:anything"}},
    "version 1.0": PLAIN | {"version": "1.0"},
}
"""Statements that the specification allows."""


def changed(path: str, value: Any, of: dict[str, Any] = FULL) -> dict[str, Any]:
    """A copy in which a property is another; `...` takes it away."""
    made = deepcopy(of)
    inside: Any = made
    *parents, last = path.split(".")
    for name in parents:
        inside = inside[name]
    if value is ...:
        del inside[last]
    else:
        inside[last] = value
    return made


BAD: tuple[tuple[str, Any, Rule], ...] = (
    # 2.2: every statement.
    ("actor", ..., Rule.MISSING),
    ("verb", ..., Rule.MISSING),
    ("object", ..., Rule.MISSING),
    ("id", "not-a-uuid", Rule.UUID),
    ("id", "{7CCD3322-E1A5-411A-A67D-6A735C76F119}", Rule.UUID),
    ("iD", SOME_KEY, Rule.UNKNOWN),
    ("actor", None, Rule.OBJECT),
    ("result", None, Rule.OBJECT),
    ("verb", "completed", Rule.OBJECT),
    ("version", "1.1.0", Rule.VERSION),
    ("version", "0.9", Rule.VERSION),
    ("timestamp", "2026-11-20", Rule.TIMESTAMP),
    ("timestamp", "2026-11-20T10:00:00", Rule.TIMESTAMP),
    ("timestamp", "2026-11-20T10:00:00-00:00", Rule.TIMESTAMP),
    ("timestamp", "2026-02-30T10:00:00Z", Rule.TIMESTAMP),
    ("timestamp", "0001-01-01T00:00:00+23:59", Rule.TIMESTAMP),
    ("timestamp", 1763604000, Rule.TIMESTAMP),
    ("stored", "yesterday", Rule.TIMESTAMP),
    # 2.4.2: agents and groups.
    ("actor", {"name": "甲"}, Rule.ONE_IDENTIFIER),
    ("actor", AGENT | {"mbox": "mailto:a@example.org"}, Rule.ONE_IDENTIFIER),
    ("actor", AGENT | {"objectType": "agent"}, Rule.WORD),
    ("actor", AGENT | {"email": "a@example.org"}, Rule.UNKNOWN),
    ("actor", {"mbox": "a@example.org"}, Rule.MBOX),
    ("actor", {"mbox": "mailto:nobody"}, Rule.MBOX),
    ("actor", {"mbox": f"mailto:a@{'a' * 400_000} "}, Rule.MBOX),  # at once, however long
    ("actor", {"mbox_sha1sum": "a" * 39}, Rule.SHA1),
    ("actor", {"openid": "id.example/a"}, Rule.IRI),
    ("actor", {"account": {"name": "a"}}, Rule.MISSING),
    ("actor", {"account": {"homePage": ISSUER}}, Rule.MISSING),
    ("actor", {"account": {"homePage": "ours", "name": "a"}}, Rule.IRI),
    ("actor", {"account": {"homePage": ISSUER, "name": 7}}, Rule.STRING),
    ("actor", {"account": {"homePage": ISSUER, "name": "a\0"}}, Rule.STRING),
    ("actor", AGENT | {"name": 7}, Rule.STRING),
    ("actor", {"objectType": "Group"}, Rule.ONE_IDENTIFIER),
    ("actor", {"objectType": "Group", "member": []}, Rule.EMPTY),
    ("actor", {"objectType": "Group", "member": AGENT}, Rule.LIST),
    ("actor", {"objectType": "Group", "member": [{"objectType": "Group"} | AGENT]}, Rule.WORD),
    ("context.team", AGENT, Rule.MISSING),
    ("context.instructor", {"name": "甲"}, Rule.ONE_IDENTIFIER),
    ("authority", {"name": "甲"}, Rule.ONE_IDENTIFIER),
    # 2.4.3: verbs.
    ("verb.id", ..., Rule.MISSING),
    ("verb.id", "completed", Rule.IRI),
    ("verb.display", "回答", Rule.OBJECT),
    ("verb.display", {"not a language": "x"}, Rule.LANGUAGE),
    ("verb.display", {"en": 7}, Rule.STRING),
    # 2.4.4: objects.
    ("object.id", ..., Rule.MISSING),
    ("object.id", "lesson", Rule.IRI),
    ("object.id", "https://player.example/a b", Rule.IRI),
    ("object.objectType", "activity", Rule.WORD),
    ("object.definition.type", "lesson", Rule.IRI),
    ("object.definition.moreInfo", "more", Rule.IRI),
    ("object.definition.name", {"en": None}, Rule.STRING),
    ("object.definition.title", "x", Rule.UNKNOWN),
    ("object.definition.extensions", {"x": 1}, Rule.IRI),
    ("object.definition.interactionType", "guess", Rule.WORD),
    ("object.definition.interactionType", ..., Rule.MISSING),
    ("object.definition.interactionType", "likert", Rule.MISPLACED),
    ("object.definition.correctResponsesPattern", "a", Rule.LIST),
    ("object.definition.correctResponsesPattern", [1], Rule.STRING),
    ("object.definition.choices", [{"description": {}}], Rule.MISSING),
    ("object.definition.choices", [{"id": "a"}, {"id": "a"}], Rule.REPEATED),
    ("object.definition.scale", [{"id": "a"}], Rule.MISPLACED),
    ("object", {"objectType": "StatementRef", "id": "x"}, Rule.UUID),
    ("object", {"objectType": "StatementRef"}, Rule.MISSING),
    ("object", REFERENCE | {"definition": {}}, Rule.UNKNOWN),
    ("object", SUB | {"id": str(uuid4())}, Rule.UNKNOWN),
    ("object", SUB | {"stored": "2026-11-20T02:00:00Z"}, Rule.UNKNOWN),
    ("object", SUB | {"version": "1.0.3"}, Rule.UNKNOWN),
    ("object", SUB | {"authority": AGENT}, Rule.UNKNOWN),
    ("object", SUB | {"object": SUB}, Rule.NESTED),
    ("object", SUB | {"context": {"registration": "x"}}, Rule.UUID),
    # 2.4.5: results.
    ("result.score.scaled", 1.5, Rule.RANGE),
    ("result.score.scaled", "1", Rule.NUMBER),
    ("result.score.scaled", True, Rule.NUMBER),
    ("result.score.raw", 11, Rule.RANGE),
    ("result.score.raw", -1, Rule.RANGE),
    ("result.score.min", 10, Rule.RANGE),
    ("result.score.percent", 50, Rule.UNKNOWN),
    ("result.success", "true", Rule.BOOLEAN),
    ("result.completion", 1, Rule.BOOLEAN),
    ("result.response", 7, Rule.STRING),
    ("result.duration", "1:02:03", Rule.DURATION),
    ("result.duration", "P", Rule.DURATION),
    ("result.duration", "PT", Rule.DURATION),
    ("result.duration", "PT1.5H2M", Rule.DURATION),
    ("result.extensions", {"speed": 2}, Rule.IRI),
    ("result.extensions", {"urn:x": json.loads("[" * 51 + "]" * 51)}, Rule.DEPTH),
    # 2.4.6: contexts.
    ("context.registration", "class 1", Rule.UUID),
    ("context.language", "中文", Rule.LANGUAGE),
    ("context.revision", 1, Rule.STRING),
    ("context.contextActivities", {"before": LESSON}, Rule.UNKNOWN),
    ("context.contextActivities", {"parent": "lesson"}, Rule.OBJECT),
    ("context.contextActivities", {"parent": [{"id": "lesson"}]}, Rule.IRI),
    ("context.statement", {"objectType": "StatementRef", "id": 1}, Rule.UUID),
    ("context.statement", {"id": str(uuid4())}, Rule.MISSING),
    ("context.place", "x", Rule.UNKNOWN),
)
"""What the specification forbids, section by section: a change to `FULL`, and the rule it breaks."""


def read(value: Any) -> list[dict[str, Any]]:
    return read_statements(json.dumps(value).encode())


@pytest.mark.parametrize("name", GOOD)
def test_what_the_specification_allows_is_read_as_it_was_told(name: str) -> None:
    assert read(GOOD[name]) == [GOOD[name]]


@pytest.mark.parametrize(("path", "value", "rule"), BAD)
def test_what_the_specification_forbids_is_refused(path: str, value: Any, rule: Rule) -> None:
    with pytest.raises(StatementUnfit) as refused:
        read(changed(path, value))
    assert refused.value.details["rule"] == rule
    for language in ("zh", "en"):
        assert refused.value.details["at"] in refused.value.message(language)


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (PLAIN | {"object": REFERENCE, "context": {"revision": "1"}}, Rule.MISPLACED),
        (PLAIN | {"object": {"objectType": "Agent"} | AGENT, "context": {"platform": "x"}},
         Rule.MISPLACED),
        (PLAIN | {"verb": {"id": f"{ADL}voided"}}, Rule.VOIDING),
        ([PLAIN, PLAIN | {"actor": {}}], Rule.ONE_IDENTIFIER),
        ([FULL, FULL | {"id": FULL["id"].lower()}], Rule.REPEATED),
        ("a statement", Rule.OBJECT),
        ([[PLAIN]], Rule.OBJECT),
    ],
)  # fmt: skip
def test_what_goes_together_is_seen_together(told: Any, rule: Rule) -> None:
    with pytest.raises(StatementUnfit) as refused:
        read(told)
    assert refused.value.details["rule"] == rule


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", Rule.JSON),
        (b"{", Rule.JSON),
        (b'"\xff"', Rule.JSON),
        (b'{"result": NaN}', Rule.JSON),
        (b'{"result": 1e999}', Rule.JSON),
        (b"[" * 100_000, Rule.JSON),
        (b'{"actor": {}, "actor": {}}', Rule.UNKNOWN),
    ],
)
def test_what_is_no_json_is_refused(content: bytes, rule: Rule) -> None:
    with pytest.raises(StatementUnfit) as refused:
        read_statements(content)
    assert refused.value.details["rule"] == rule


def test_attachments_are_refused_and_so_are_too_many() -> None:
    with pytest.raises(AttachmentsNotKept):
        read(PLAIN | {"attachments": []})
    with pytest.raises(TooManyStatements):
        read([PLAIN] * 1001)
    assert len(read([PLAIN] * 1000)) == 1000


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("PT0S", 0), ("PT1M30S", 90), ("PT1.9S", 1), ("P1DT1H", 90_000), ("P1W", 604_800),
        ("PT0.5M", 30), ("P1Y2M", 31_536_000 + 2 * 2_592_000), ("PT999999999H", 2_000_000_000),
    ],
)  # fmt: skip
def test_durations_are_whole_seconds(duration: str, seconds: int) -> None:
    assert seconds_of(duration) == seconds


def test_moments_are_in_utc() -> None:
    assert moment_of("2026-11-20T10:00:00+0800") == NOW
    assert moment_of("2026-11-20t02:00:00z") == NOW


# When two say the same.


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", SOME_KEY),
        ("stored", "2020-01-01T00:00:00Z"),
        ("authority", AGENT),
        ("version", ...),
        ("timestamp", "2026-11-20T02:00:00.123456Z"),
        ("verb.display", ...),
        ("object.definition", ...),
        ("object.objectType", ...),
        ("actor.objectType", ...),
        ("context.contextActivities.parent", [LESSON]),
    ],
)
def test_what_makes_no_difference(path: str, value: Any) -> None:
    assert digest_of(changed(path, value)) == digest_of(FULL)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actor", AGENT),
        ("verb.id", f"{ADL}passed"),
        ("object.id", "https://player.example/other"),
        ("result.success", False),
        ("context.registration", SOME_KEY),
        ("timestamp", "2026-11-20T02:00:01Z"),
        ("result", ...),
    ],
)
def test_what_makes_a_difference(path: str, value: Any) -> None:
    assert digest_of(changed(path, value)) != digest_of(FULL)


# What a statement names.


def test_a_class_is_named_by_the_object_or_around_it() -> None:
    key, other = uuid4(), uuid4()
    of_class, of_session = f"{ISSUER}/activities/{key}", f"{ISSUER}/sessions/{other}"
    named = name_statement(PLAIN | {"object": {"id": of_class}}, ISSUER)
    assert ([each.key for each in named.things], named.of_class) == ([key], True)
    around = {"contextActivities": {"parent": {"id": of_session}, "grouping": [{"id": of_class}]}}
    named = name_statement(PLAIN | {"context": around}, ISSUER)
    assert [(each.key, each.is_session) for each in named.things] == [(other, True)]
    assert not named.of_class
    for iri in (f"https://elsewhere.example/activities/{key}", f"{ISSUER}/groups/{key}",
                f"{ISSUER}/activities/1"):  # fmt: skip
        assert name_statement(PLAIN | {"object": {"id": iri}}, ISSUER).things == ()


def test_nobody_is_guessed() -> None:
    key = str(uuid4())
    account = {"account": {"homePage": ISSUER, "name": key}}
    assert name_statement(PLAIN | {"actor": account}, ISSUER).learner == UUID(key)
    for other in (
        {"mbox": f"mailto:{key}@example.org"},
        {"account": {"homePage": "https://elsewhere.example", "name": key}},
        {"account": {"homePage": ISSUER, "name": "测试甲"}},
        {"objectType": "Group"} | account,
    ):
        assert name_statement(PLAIN | {"actor": other}, ISSUER).learner is None


def test_what_counts_of_a_statement() -> None:
    def named(verb: str, **result: Any) -> Any:
        told = PLAIN | {"verb": {"id": f"{ADL}{verb}"}, "result": result}
        return name_statement(told, ISSUER)

    assert named("experienced", duration="PT5M").seconds == 300
    assert named("completed", duration="PT5M").seconds is None, "a total of its own"
    assert named("completed").completed
    assert not named("completed", completion=False).completed
    assert named("passed").completed
    assert not named("passed", success=False).completed
    assert not named("failed").completed
    assert named("scored", score={"scaled": 0.8}).score == Decimal("0.8")
    percent = "https://w3id.org/xapi/cmi5/result/extensions/progress"
    fraction = "https://w3id.org/xapi/video/extensions/progress"
    assert named("progressed", extensions={percent: 40}).share == 40
    assert named("progressed", extensions={fraction: 0.4}).share == 40
    assert named("progressed", extensions={fraction: 0.29}).share == 29
    assert named("progressed", extensions={fraction: True}).share is None
    assert named("progressed", extensions={percent: 400}).share is None
    assert named("progressed", extensions={percent: True}).share is None


def test_ids_leave_nothing_but_identifiers() -> None:
    told = changed("actor.name", "甲")
    told["context"]["team"] = {
        "objectType": "Group",
        "name": "组",
        "member": [AGENT | {"name": "乙"}],
    }
    shown = json.loads(only_identifiers(json.dumps(told)))
    assert shown["actor"] == {"objectType": "Agent", "mbox": "mailto:a@example.org"}
    assert shown["verb"] == {"id": f"{ADL}answered"}
    assert shown["object"] == {"objectType": "Activity", "id": "https://player.example/question"}
    assert shown["context"]["team"]["member"] == [AGENT]
    assert shown["context"]["contextActivities"]["parent"] == [LESSON]
    assert shown["result"] == told["result"]
