"""What holds for every test of the two faces."""

from collections.abc import Iterator

import pytest

from tests.faces.refusals import MARKER


@pytest.fixture(autouse=True)
def nothing_is_repeated(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test sends, the log does not hold it."""
    yield
    assert MARKER[-10:] not in caplog.text
