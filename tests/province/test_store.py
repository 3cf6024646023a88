"""What the simulator keeps: once under a key, and still there after it was killed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.province_simulator.store import JOURNAL, Store, Unfit, digest_of

MANIFEST = {"city_id": "a city", "number": 1}


def record(key: str, attempt: int = 1, **content: Any) -> dict[str, Any]:
    return {"key": key, "attempt": attempt, "content": content, "digest": digest_of(content)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path)) as made:
        made.open("one", MANIFEST)
        yield made


def take(store: Store, given: dict[str, Any], state: str = "accepted") -> str:
    return store.take("one", given, state=state, code=None).state


def test_a_record_takes_effect_once(store: Store) -> None:
    for _ in range(3):
        assert take(store, record("credit:1")) == "accepted"
    assert store.effects == {"credit:1": 1}
    # What was accepted stays, whatever comes later under its key.
    assert take(store, record("credit:1", 2, hours="9"), "rejected") == "accepted"


def test_what_was_rejected_comes_again_as_a_later_attempt(store: Store) -> None:
    assert take(store, record("credit:1"), "rejected") == "rejected"
    assert take(store, record("credit:1")) == "rejected"
    assert take(store, record("credit:1", 2)) == "accepted"
    assert store.effects["credit:1"] == 1


def test_it_is_strict(store: Store) -> None:
    assert take(store, record("credit:1") | {"digest": "0" * 64}) == "rejected"
    assert take(store, record("reversal:1", reverses="credit:1")) == "rejected"
    assert take(store, record("credit:2")) == "accepted"
    assert take(store, record("reversal:2", reverses="credit:2")) == "accepted"
    with pytest.raises(Unfit, match="submission_unknown"):
        store.take("another", record("credit:3"), state="accepted", code=None)
    with pytest.raises(Unfit, match="manifest_differs"):
        store.open("one", MANIFEST | {"number": 2})


def test_it_is_all_there_after_an_end_in_the_middle_of_a_line(store: Store, tmp_path: Path) -> None:
    take(store, record("credit:1"), "pending")
    take(store, record("credit:2"))
    assert store.decide("accepted") == 1
    store.add_arrival({"city_id": "a city"})
    store.forget("a city", "credit:2")
    store.close()
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'{"event": "record", "city')
    with closing(Store(tmp_path)) as again:
        assert (again.effects, again.arrivals) == (store.effects, store.arrivals)
        assert again.records == store.records
        assert take(again, record("credit:3")) == "accepted"
    with closing(Store(tmp_path)) as last:
        assert last.records.keys() == {("a city", "credit:1"), ("a city", "credit:3")}
