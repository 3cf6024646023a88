"""Texts of strangers are read, or refused in words and within bounds of time: nothing else ever happens."""

from base64 import urlsafe_b64encode
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.parsers import TARGETS, feed

LONGEST = 5.0
"""Seconds of the processor: what takes longer for a few kilobytes holds up everybody else."""

FOUND = {
    "growth_record": [
        b'{"format":"yanxun-growth-file","version":1,"record":{},"signature":"a.%s.a"}'
        % urlsafe_b64encode(b"[" * 3000).rstrip(b"=")
    ],
    "signed_growth_record": [
        b'{"format":"yanxun-growth-file","version":1,"iss":"a","signature":"","record":{"x":%s}}'
        % (b"[" * 960 + b"]" * 960)
    ],
    "pack_text": [b"9" * 5000, b"[" * 3000, b"[" * 900 + b"]" * 900],
    "table": [b'{"a":%s}\n' % (b"9" * 5000), b'{"a":"\\ud800"}\n', b"a\n\xef\xbb\xbf\xff\n"],
    "headers": [b"en;q=nan", b"bytes=-0", b"bytes=999999999999999-0"],
}
"""What was a fault once, or looked like one."""


def drawn(name: str) -> st.SearchStrategy[bytes]:
    """Something near to what the target reads: pieces of it, in wrong places and with other things."""
    target = TARGETS[name]
    piece = st.one_of(st.sampled_from((*target.seeds, *target.words, b"")), st.binary(max_size=12))
    pieces = st.lists(piece, max_size=3).map(b"".join)
    places = st.tuples(st.sampled_from(target.seeds), st.integers(0, 400), st.integers(0, 40))
    return st.builds(
        lambda at, put: at[0][: at[1]] + put + at[0][at[1] + at[2] :], places, pieces
    ) | pieces  # fmt: skip


def check(name: str, content: bytes) -> None:
    began = process_time()
    feed(name, content)
    assert process_time() - began < LONGEST, f"{name} takes too long for {content[:2000]!r}"


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_stays_mended(name: str) -> None:
    for content in (b"", *TARGETS[name].seeds, *TARGETS[name].words, *FOUND.get(name, ())):
        check(name, content)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_drawn_is_read_or_refused(name: str) -> None:
    @settings(
        max_examples=80, derandomize=True, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(drawn(name))
    def read(content: bytes) -> None:
        check(name, content)

    read()


def test_a_target_that_fails_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = TARGETS["day"]._replace(read=lambda content: 1 // len(content))
    monkeypatch.setitem(TARGETS, "day", broken)
    with pytest.raises(ZeroDivisionError):
        feed("day", b"")
