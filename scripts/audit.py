"""Ask whether what is locked has known vulnerabilities: `make audit`, by pip-audit.

It exits with 0 where nothing is known, with 1 where something is that `ACCEPTED` does not explain, and
with 2 where the databases cannot be asked, or do not know some of it: then nothing is known of that
either way, and it says so.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")

ACCEPTED = {
    "CVE-2024-23342": (
        "ecdsa (Minerva): python-jose brings it along and does not use it, for the backend of"
        " cryptography is installed; nothing of ours imports it."
    ),
}
"""What is known and stays, each with its reason; `tests/architecture/test_supply_chain.py` keeps them true."""

_UNREACHABLE = (
    "无法连接漏洞数据库，本次未得出任何结论；请在可联网的机器上重试。\n"
    "The databases of vulnerabilities could not be asked, so nothing is known either way:\n"
    "run `make audit` where there is a way out to the internet."
)


def findings(report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What pip-audit's report says: what is to be mended, and what is known and accepted."""
    open_, accepted = [], []
    for package in report["dependencies"]:
        for each in package.get("vulns", ()):
            names = {each["id"], *each.get("aliases", ())}
            fixed = ", ".join(each.get("fix_versions") or ()) or "no release yet"
            line = f"{package['name']} {package['version']}: {each['id']} (mended in {fixed})"
            reason = next((ACCEPTED[name] for name in sorted(names) if name in ACCEPTED), None)
            if reason is None:
                open_.append(line)
            else:
                accepted.append(f"{line}: {reason}")
    return open_, accepted


def unknown(report: dict[str, Any]) -> list[str]:
    """What the databases do not know at all: of it nothing was found because nobody could be asked."""
    return [each["name"] for each in report["dependencies"] if "skip_reason" in each]


def _asked(lock: str) -> dict[str, Any] | None:
    """What pip-audit reports of one lock file; None where it could not ask."""
    done = subprocess.run(  # noqa: S603  the command is the project's own
        [
            Path(sys.executable).with_name("pip-audit"),
            *("--requirement", ROOT / lock, "--require-hashes", "--disable-pip"),
            *("--format", "json", "--progress-spinner", "off", "--timeout", "20"),
        ],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        print(done.stderr.strip().rpartition("\n")[2], file=sys.stderr)
        return None
    return report


def main() -> None:
    """Ask about each lock file, and say what was found."""
    code = 0
    for lock in LOCKS:
        report = _asked(lock)
        if report is None:
            print(_UNREACHABLE, file=sys.stderr)
            sys.exit(2)
        open_, accepted = findings(report)
        missing = unknown(report)
        known = len(report["dependencies"]) - len(missing)
        print(f"{lock}: {known} packages asked about, {len(open_)} to be mended")
        for line in accepted:
            print(f"  accepted: {line}")
        for line in open_:
            print(f"  {line}")
            code = 1
        if missing:
            print(f"  not known there: {', '.join(missing)}\n{_UNREACHABLE}", file=sys.stderr)
            code = code or 2
    sys.exit(code)


if __name__ == "__main__":
    main()
