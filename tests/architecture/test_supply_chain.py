"""The bill of materials says what the lock says, and the audit's exceptions are still what they were."""

import json
import subprocess
import sys
from typing import Any

import pytest

from scripts import audit, sbom
from scripts.vendor_pages import PACKAGES
from tests.architecture.source import ROOT
from tests.architecture.test_lock import HASH, entries, locked

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return sbom.bill(LOCK)


def test_the_bill_names_all_that_is_locked(bill: dict[str, Any]) -> None:
    named = {
        (each["name"], each["version"])
        for each in bill["components"]
        if each["purl"].startswith("pkg:pypi/")
    }
    assert named == {(name, each) for name, versions in locked(LOCK).items() for each in versions}


def test_the_bill_names_what_is_served_from_our_pages(bill: dict[str, Any]) -> None:
    served = {each["purl"] for each in bill["components"] if each["purl"].startswith("pkg:npm/")}
    assert served == {f"pkg:npm/{each.name}@{each.version}" for each in PACKAGES}


def test_each_file_that_may_be_installed_is_in_the_bill(bill: dict[str, Any]) -> None:
    told = [
        each["value"]
        for component in bill["components"]
        for each in component["properties"]
        if each["name"] == "yanxun:file:sha256"
    ]
    wanted = [found.rpartition(":")[2] for each in entries(LOCK) for found in HASH.findall(each)]
    assert sorted(told) == sorted(wanted)


def test_everything_is_there_for_somebody(bill: dict[str, Any]) -> None:
    """Whoever follows the dependencies from ourselves comes to every component, and to nothing else."""
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    ours = bill["metadata"]["component"]["bom-ref"]
    reached, left = set[str](), [ours]
    while left:
        ref = left.pop()
        if ref not in reached:
            reached.add(ref)
            left += needs.get(ref, [])
    assert reached - {ours} == {each["bom-ref"] for each in bill["components"]}


def test_the_same_lock_gives_the_same_bill(bill: dict[str, Any]) -> None:
    assert sbom.bill(LOCK) == bill
    changed = sbom.bill(LOCK.replace("alembic==", "alembic==9"))
    assert changed["serialNumber"] != bill["serialNumber"]


def test_it_is_written_as_json() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/sbom.py"], cwd=ROOT, check=True, capture_output=True
    )
    assert json.loads(done.stdout)["specVersion"] == "1.6"


def finding(*names: str) -> dict[str, Any]:
    return {
        "dependencies": [
            {"name": "quiet", "version": "1", "vulns": []},
            {"name": "left", "version": "2", "skip_reason": "not there"},
            {
                "name": "loud",
                "version": "3",
                "vulns": [{"id": names[0], "aliases": list(names[1:]), "fix_versions": ["4"]}],
            },
        ]
    }


def test_what_is_known_is_told_and_what_is_accepted_says_why() -> None:
    open_, accepted = audit.findings(finding("PYSEC-1", "CVE-2020-1"))
    assert open_ == ["loud 3: PYSEC-1 (mended in 4)"]
    assert accepted == []

    name, reason = next(iter(audit.ACCEPTED.items()))
    open_, accepted = audit.findings(finding("GHSA-1", name))
    assert open_ == []
    assert reason in accepted[0]


def test_what_is_accepted_is_so() -> None:
    """ecdsa is brought along, and imported by nobody of us; jose is given keys of cryptography."""
    assert "CVE-2024-23342" in audit.ACCEPTED
    assert "ecdsa" in locked(LOCK)
    used = "import sys; import app.security.tokens; sys.exit('ecdsa' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", used], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_who_cannot_ask_says_that_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "_asked", lambda _: None)
    with pytest.raises(SystemExit) as ended:
        audit.main()
    assert ended.value.code == 2
    assert "nothing is known either way" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("vulnerable", "status"),
    [(True, 1), (False, 2)],
)
def test_what_the_databases_do_not_know_is_not_said_to_be_well(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    vulnerable: bool,
    status: int,
) -> None:
    """An index without pages for packages, as a mirror is, skips every one of them and finds nothing."""
    report = finding("PYSEC-1")
    if not vulnerable:
        report["dependencies"] = report["dependencies"][:2]
    monkeypatch.setattr(audit, "_asked", lambda _: report)
    with pytest.raises(SystemExit) as ended:
        audit.main()
    assert ended.value.code == status
    told = capsys.readouterr()
    assert f"{2 if vulnerable else 1} packages asked about" in told.out
    assert "not known there: left" in told.err
