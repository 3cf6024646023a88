"""What looks beyond the second wall, or reads without it, is a written list."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import app
from app.domain.access.walled import Beyond

SOURCE = Path(app.__file__).parent

BEYOND: dict[str, set[Beyond]] = {
    "domain/credits/certificates/documents.py": {Beyond.WRITTEN},
    "domain/credits/claim_publications/objections.py": {Beyond.MOVED},
    "domain/credits/claim_publications/publication.py": {Beyond.PUBLISHED},
    "domain/learning/course_runs/figures.py": {Beyond.COUNTED},
    "domain/learning/trainer_load.py": {Beyond.COUNTED},
    "domain/people/duplicates.py": {Beyond.SAME_PERSON},
    "domain/quality/campaigns/figures.py": {Beyond.COUNTED},
    "domain/quality/fund_reports/efficiency.py": {Beyond.COUNTED},
    "domain/quality/incentive_objections.py": {Beyond.MOVED, Beyond.PUBLISHED},
    "domain/quality/incentives/incentive.py": {Beyond.PUBLISHED},
    "domain/training/enrolments/room.py": {Beyond.COUNTED},
    "domain/training/occurrences.py": {Beyond.COUNTED},
    "domain/training/plan_items/item.py": {Beyond.COUNTED},
    "domain/training/study_items.py": {Beyond.COUNTED},
}
"""Which modules of the domain have statements that look beyond the wall, and why."""

_NOBODY = "Nobody is signed in: who may read is decided by a secret, a link, or is everybody."
_BEFORE = "What is looked at before a write, as the write sees it."
_SYSTEM = "The system's own work, for nobody who asks."

WITHOUT: dict[str, str] = {
    "api/access/device_codes.py": _NOBODY,
    "api/access/sign_in.py": _NOBODY,
    "api/credits/certificates/public.py": "Anybody verifies a certificate by its code.",
    "api/credits/ledger_heads.py": "Anybody reads the public keys.",
    "api/exchange/exports.py": "The file of an export is fetched by a link that was signed for it.",
    "api/exchange/imports/files.py": "The file that one handed in oneself, with what was sealed of it.",
    "api/exchange/imports/runs.py": _BEFORE,
    "api/exchange/webhooks.py": _BEFORE,
    "api/tokens.py": _NOBODY,
    "api/training/calendar_links.py": "A calendar is followed by a secret link.",
    "api/training/files.py": "Before a write; and the content by a link that was signed for it.",
    "api/training/survey_links.py": _NOBODY,
    "graphql/exchange/changes.py": "That somebody follows the feed is noted: a write.",
    "graphql/exchange/webhooks.py": _BEFORE,
    "jobs/exporting.py": "What was asked for; the list itself is read behind the wall of who asked.",
    "pages/identities.py": _NOBODY,
    "pages/signing_in.py": _NOBODY,
    "pages/verifying.py": "Anybody verifies a certificate by its code.",
    "request/__init__.py": "A write that is one statement.",
    "request/identities.py": _NOBODY,
    "request/second_factor.py": _BEFORE,
    "request/signing_in.py": _NOBODY,
    "request/upkeep/forgetting.py": _SYSTEM,
    "request/upkeep/hearing.py": _SYSTEM,
    "request/upkeep/province.py": _SYSTEM,
}
"""Which modules take a connection for reading that stands before the wall, and why."""


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for file in sorted((SOURCE / folder).rglob("*.py")):
            yield file.relative_to(SOURCE).as_posix(), ast.parse(file.read_text())


def test_what_looks_beyond_the_wall_is_listed_with_its_reason() -> None:
    found: defaultdict[str, set[Beyond]] = defaultdict(set)
    for name, module in modules("domain"):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Door", "Statement"}:
                for said in node.keywords:
                    reason = ast.unparse(said.value)
                    if said.arg == "beyond" and name != "domain/access/doors/described.py":
                        assert reason.startswith("Beyond."), (name, node.lineno)
                        found[name].add(Beyond[reason.removeprefix("Beyond.")])
    assert found == BEYOND
    assert set(Beyond) == {reason for reasons in BEYOND.values() for reason in reasons}


def _reads_without(call: ast.Call) -> bool:
    """Whether a call takes a connection for reading from a pool, and says nothing of a wall."""
    if not isinstance(call.func, ast.Attribute) or "pool" not in ast.unparse(call.func.value):
        return False
    named = {each.arg for each in call.keywords}
    if call.func.attr == "connection":
        return not call.args and "wall" not in named
    return call.func.attr == "transaction" and "read_only" in named and "wall" not in named


def test_whoever_reads_without_the_wall_says_why() -> None:
    found = {
        name
        for name, module in modules("api", "graphql", "jobs", "pages", "request")
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and _reads_without(node)
    }
    assert found == WITHOUT.keys()


def test_no_read_of_rest_is_given_a_transaction_to_write_in() -> None:
    """A GET reads by `Reading`, which stands behind the wall."""
    wrong = [
        f"{name}:{node.lineno}"
        for name, module in modules("api")
        for node in ast.walk(module)
        if isinstance(node, ast.AsyncFunctionDef)
        and any(".get(" in ast.unparse(each) for each in node.decorator_list)
        and {"Transaction", "SingleStatement"}
        & set(ast.unparse(node.args).replace(",", "").split())
    ]
    assert wrong == []
