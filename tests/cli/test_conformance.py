"""`yanxun conformance`: what it prints, and by which code it ends."""

import json
import sys

import pytest
from typer.testing import CliRunner

from app.cli import commands
from app.cli.conformance import FAILED, WebhookSecretMissing
from app.cli.login import ServerUnreachable
from tests.pages.test_pages import origin, settings

__all__ = ["origin", "settings"]

SILENT = ("--", sys.executable, "-c", "pass")
ASKING = (
    "--", sys.executable, "-c",
    "import os, httpx2; httpx2.get(os.environ['URL'] + '/api/v1/me').is_success",
)  # fmt: skip


def test_findings_are_told_as_text_and_as_json(origin: str) -> None:
    failed = CliRunner().invoke(commands, ["conformance", "--upstream", origin, *SILENT])
    assert failed.exit_code == FAILED
    assert failed.stdout.startswith("✗ plain")
    said = ["conformance", "--upstream", origin, "--json", "--variable", "URL"]
    names = ["--check", "lost-answer", "--check", "new-fields"]
    passed = CliRunner().invoke(commands, [*said, *names, *ASKING])
    assert passed.exit_code == 0, passed.output
    findings = {each["check"]: each["outcome"] for each in json.loads(passed.stdout)}
    assert findings == {"plain": "passed", "lost-answer": "unseen", "new-fields": "passed"}


def test_a_wrong_use_and_a_missing_server_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ([], ["--check", "nonsense", *SILENT], ["--", "no-such-command"]):
        assert CliRunner().invoke(commands, ["conformance", *words]).exit_code == 2
    monkeypatch.delenv("YANXUN_WEBHOOK_SECRET", raising=False)
    nowhere = "http://127.0.0.1:1"
    with pytest.raises(ServerUnreachable):
        CliRunner().invoke(
            commands, ["conformance", "--upstream", nowhere, *SILENT], catch_exceptions=False
        )
    receiver = ["conformance", "--webhook", nowhere]
    with pytest.raises(WebhookSecretMissing):
        CliRunner().invoke(commands, receiver, catch_exceptions=False)
    monkeypatch.setenv("YANXUN_WEBHOOK_SECRET", "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQ=")
    with pytest.raises(ServerUnreachable):
        CliRunner().invoke(commands, receiver, catch_exceptions=False)
