"""`yanxun verify ledger`: what it prints, and with what it exits."""

import json

import pytest

from app.cli import data
from app.cli.data import LedgerNotAsWritten
from app.database.embedded import Urls
from app.settings import Settings


@pytest.fixture(autouse=True)
def settings(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Settings().model_copy(update={"database_url": urls.application})
    monkeypatch.setattr(data, "get_settings", lambda: made)


@pytest.mark.parametrize(("kept", "code"), [(None, 0), ("a.b.c", 1)])
def test_json_says_what_was_found_and_the_exit_code_whether_all_is_well(
    capsys: pytest.CaptureFixture[str], kept: str | None, code: int
) -> None:
    with pytest.raises(SystemExit) as ended:
        data.verify(kept, as_json=True)
    assert ended.value.code == code
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"people", "entries", "standings", "heads", "last_heads", "finding"}
    assert (told["finding"] is None) == (code == 0)
    if told["finding"]:
        assert told["finding"]["en"] == "The kept head is not there."


def test_in_words_what_is_wrong_is_refused_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    data.verify()
    assert "all is as it was written" in capsys.readouterr().out
    with pytest.raises(LedgerNotAsWritten) as refused:
        data.verify("a.b.c")
    assert refused.value.code == "ledger_not_as_written"
    assert "ledger_head (signature a.b.c)" in refused.value.message("en")
