"""`yanxun verify funds`: what it prints, and by which name it refuses."""

import pytest

from app.cli import books
from app.cli.books import BooksNotBalanced
from app.database.embedded import Urls
from app.domain.base import Finding
from app.domain.quality.fund_verification import FundVerification
from app.settings import Settings
from app.sql import Connection


@pytest.fixture(autouse=True)
def settings(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Settings().model_copy(update={"database_url": urls.application})
    monkeypatch.setattr(books, "get_settings", lambda: made)


def test_empty_books_balance(capsys: pytest.CaptureFixture[str]) -> None:
    books.verify()
    assert "the books of the funds balance" in capsys.readouterr().out


def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(_: Connection) -> FundVerification:
        wrong = Finding("expense", {"id": "7"}, "支出与分录不符", "it is not as it was posted")
        return FundVerification(finding=wrong)

    monkeypatch.setattr(books, "verify_funds", found)
    with pytest.raises(BooksNotBalanced) as refused:
        books.verify()
    assert refused.value.message("en").endswith("expense (id 7): it is not as it was posted")
