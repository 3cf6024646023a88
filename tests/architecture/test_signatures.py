"""What the domain's functions look like, and what none of them may do."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import WINGS, Source, dotted, sources

NOBODY_ACTS: dict[str, str] = {
    "app.domain.access.accounts.insert_account": "A part of opening an account, after its checks.",
    "app.domain.access.accounts.raise_security_version": "A part of every change of rights.",
    "app.domain.access.grants.insert_grant": "A part of granting, after its checks.",
    "app.domain.access.refresh_tokens": "Who asks is what a refresh token tells.",
    "app.domain.access.sign_in": "Who asks is what a sign-in finds out.",
    "app.domain.access.subjects.place_of_subject": "The place by which granting is then checked.",
    "app.domain.credits.entries.ledger": "Parts of recognising and reversing, behind their doors.",
    "app.domain.credits.standings.facts": "What counting is told, once a door has shown the person.",
    "app.domain.credits.standings.governing": "The rules by which somebody is counted, whoever asks.",
    "app.domain.credits.standings.writing": "Parts of recognising and reversing, behind their doors.",
    "app.domain.credits.verification": "The operator's: it reads everything, on the host.",
    "app.domain.credits.standings.due": "The operator has it done every night: `yanxun recount`.",
    "app.domain.organisation.founding": "Before a city is founded there is nobody in it.",
    "app.domain.organisation.names_and_codes.name_unit": "A part of setting up a unit.",
    "app.domain.people.careers.change_rank": "A part of recording a rank, behind its door.",
    "app.domain.exchange.changes.raise_change_epoch": "The operator's, after a restoration.",
}
"""Public functions of the domain that take no actor, or whole modules of them, with the reason."""

VERB_NOUN = re.compile(r"[a-z]+(_[a-z0-9]+)+")
CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.monotonic",
    "time.time",
    "time.time_ns",
}


def public_functions(source: Source) -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    """The asynchronous functions that a module of the domain offers to others."""
    for node in source.tree.body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield f"{source.module}.{node.name}", node


def wrong_signatures(found: tuple[Source, ...]) -> list[str]:
    wrong = []
    for source in found:
        for name, function in public_functions(source):
            nobody = {name, source.module} & NOBODY_ACTS.keys()
            expected = ["db"] if nobody else ["db", "actor"]
            arguments = function.args
            positional = [argument.arg for argument in arguments.posonlyargs + arguments.args]
            plain = not (arguments.vararg or arguments.kwarg or arguments.defaults)
            if not (VERB_NOUN.fullmatch(function.name) and positional == expected and plain):
                wrong.append(f"{name}({', '.join(positional)}), line {function.lineno}")
    return wrong


def forbidden_calls(found: tuple[Source, ...]) -> list[str]:
    """Commits, clocks and relationships: the faces commit, time is handed in, ids are the links."""
    return [
        f"{source.path}:{line}: {name}("
        for source in found
        for name, line in source.calls
        if name.endswith(".commit")
        or name.rpartition(".")[2] == "Relationship"
        or ".".join(name.split(".")[-2:]) in CLOCKS
    ]


def uses(found: tuple[Source, ...], forbidden: str) -> list[str]:
    return [
        f"{source.path}:{node.lineno}"
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and dotted(node).rpartition(".")[2] == forbidden
    ]


def selects(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.path}:{line}"
        for source in found
        for name, line in source.calls
        if name.rpartition(".")[2] == "select"
    ]


@pytest.fixture(scope="module")
def domain() -> tuple[Source, ...]:
    found = sources("app/domain")
    assert any(source.path == "app/domain/errors.py" for source in found)
    return found


def test_domain_functions_say_on_which_connection_and_for_whom(domain: tuple[Source, ...]) -> None:
    wings = tuple(f"app/domain/{wing}/" for wing in WINGS)
    assert wrong_signatures(tuple(s for s in domain if s.path.startswith(wings))) == []


def test_exempt_functions_still_exist(domain: tuple[Source, ...]) -> None:
    existing = {
        named
        for source in domain
        for name, _ in public_functions(source)
        for named in (name, source.module)
    }
    assert NOBODY_ACTS.keys() <= existing


def test_domain_neither_commits_nor_looks_at_a_clock(domain: tuple[Source, ...]) -> None:
    assert forbidden_calls(domain) == []


def test_domain_does_not_speak_http(domain: tuple[Source, ...]) -> None:
    assert uses(domain, "HTTPException") == []


def test_statements_are_composed_in_the_domain_alone() -> None:
    others = tuple(
        source
        for source in sources("app")
        if not source.path.startswith("app/domain/") and source.path != "app/sql.py"
    )
    assert others
    assert selects(others) == []


@pytest.mark.parametrize(
    "text",
    [
        "async def get_unit(db, *, id): ...",
        "async def get_unit(actor, db, *, id): ...",
        "async def get_unit(db, actor, id): ...",
        "async def get_unit(db, actor=None, *, id): ...",
        "async def get_unit(db, actor, *ids): ...",
        "async def get_unit(db, actor, **fields): ...",
        "async def unit(db, actor): ...",
    ],
)
def test_a_wrong_signature_is_found(text: str) -> None:
    assert len(wrong_signatures((Source("app/domain/people/example.py", text),))) == 1


@pytest.mark.parametrize(
    "text",
    ["async def get_unit(db, actor, *, id): ...", "def parse(text): ...", "async def _x(): ..."],
)
def test_a_right_signature_passes(text: str) -> None:
    assert wrong_signatures((Source("app/domain/people/example.py", text),)) == []


@pytest.mark.parametrize(
    "text",
    [
        "await db.commit()",
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "teachers: list[Teacher] = Relationship()",
        "sqlmodel.Relationship()",
    ],
)
def test_a_forbidden_call_is_found(text: str) -> None:
    assert len(forbidden_calls((Source("app/domain/example.py", text),))) == 1


def test_the_clock_of_the_database_is_allowed() -> None:
    assert forbidden_calls((Source("app/domain/example.py", "func.now()"),)) == []


def test_a_stray_select_and_a_stray_status_are_found() -> None:
    example = (Source("app/api/example.py", "sqlalchemy.select(1)\nraise HTTPException(404)"),)
    assert selects(example) == ["app/api/example.py:1"]
    assert uses(example, "HTTPException") == ["app/api/example.py:2"]
