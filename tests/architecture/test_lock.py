"""The lock files hold what pyproject.toml asks for, each thing by its hash, and no address."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def entries(text: str) -> list[str]:
    """One logical line for each requirement, its hashes included."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n?", "", text))
    return [line for line in joined.splitlines() if line.strip()]


def locked(text: str) -> dict[str, set[str]]:
    """The versions by name; a name has several where platforms differ."""
    versions: dict[str, set[str]] = {}
    for entry in entries(text):
        requirement = Requirement(entry.partition("--hash")[0].strip())
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", entry
        versions.setdefault(canonicalize_name(requirement.name), set()).add(specifier.version)
    return versions


def unmet(wanted: list[str], versions: dict[str, set[str]]) -> list[str]:
    """The requirements that the locked versions do not satisfy."""
    requirements = [Requirement(text) for text in wanted]
    return [
        str(requirement)
        for requirement in requirements
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version in versions.get(canonicalize_name(requirement.name), ())
        )
    ]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(params=LOCKS)
def lock(request: pytest.FixtureRequest) -> str:
    return (ROOT / str(request.param)).read_text("utf-8")


def test_everything_has_a_hash(lock: str) -> None:
    assert entries(lock)
    assert [entry for entry in entries(lock) if not HASH.search(entry)] == []


def test_no_address_and_no_path(lock: str) -> None:
    assert "://" not in lock
    assert [e for e in entries(lock) if e.startswith(("-", ".", "/")) or " @ " in e] == []


def test_the_lock_satisfies_the_project(lock: str, project: dict[str, Any]) -> None:
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["build"]
    assert unmet(wanted, locked(lock)) == []


def test_the_development_lock_satisfies_what_development_needs(project: dict[str, Any]) -> None:
    group = [need for need in project["dependency-groups"]["dev"] if isinstance(need, str)]
    assert unmet(group, locked((ROOT / LOCKS[1]).read_text("utf-8"))) == []


def test_development_runs_on_the_very_versions_of_operation() -> None:
    running, developing = (locked((ROOT / name).read_text("utf-8")) for name in LOCKS)
    assert {
        name: versions for name, versions in running.items() if developing.get(name) != versions
    } == {}


def test_the_build_backend_is_locked_as_it_is_declared(project: dict[str, Any]) -> None:
    assert project["build-system"]["requires"] == project["dependency-groups"]["build"]


def test_an_unmet_requirement_and_a_missing_hash_are_found() -> None:
    text = "# made\na==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via b\nb==2.0\n"
    assert locked(text) == {"a": {"1.0"}, "b": {"2.0"}}
    assert unmet(["a>=2", "b>=2", "c"], locked(text)) == ["a>=2", "c"]
    assert [entry for entry in entries(text) if not HASH.search(entry)] == ["b==2.0"]
