"""What `make prove` says of what it has found, and that a seed draws the same again."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from prove import __main__ as proving
from prove.ground import Found, Ground, Proof
from prove.proofs import PROOFS
from prove.report import Proved, as_json, as_text


def of(found: Found) -> Proved:
    return Proved(Proof("something", "that it holds", lambda _: found), found, 1.5, 417)


def test_each_proof_has_a_name_of_its_own_and_a_promise() -> None:
    names = [proof.name for proof in PROOFS]
    assert len(set(names)) == len(names) == 15
    assert all(proof.target for proof in PROOFS)


def test_what_is_not_as_promised_is_told_with_what_was_found() -> None:
    found = Found(repetitions=3)
    found.expect_equal("entries", 2, 2)
    assert of(found).verdict == "proved"
    found.expect_equal("entries", 1, 2)
    found.expect(holds=False, otherwise="something is lost")
    assert of(found).verdict == "not as promised"
    told = json.loads(as_json([of(found)], seed=417, by_hand=False))
    assert (told["seed"], told["long"]) == (417, False)
    assert told["proofs"][0]["wrong"] == ["entries: 1, not 2", "something is lost"]
    text = as_text([of(found)], seed=417, by_hand=True)
    assert "by hand, seed 417" in text
    assert "| something | 3 | that it holds |" in text
    assert "- something: entries: 1, not 2" in text


def test_what_cannot_be_tried_here_says_why_and_is_not_called_proved() -> None:
    proved = of(Found(not_possible="no compiler"))
    assert proved.verdict == "not possible here"
    assert "no compiler" in proved.line()


@pytest.mark.parametrize(("wrong", "status"), [([], 0), (["lost"], 1)])
def test_the_exit_status_says_whether_all_is_as_promised(
    wrong: list[str], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], int, bool]] = []

    def prove(chosen: list[Proof], *, seed: int, by_hand: bool) -> list[Proved]:
        asked.append(([proof.name for proof in chosen], seed, by_hand))
        return [of(Found(wrong=wrong))]

    monkeypatch.setattr(proving, "prove", prove)
    words = ["--seed", "417", "--only", "racers,kills", "--folder", str(tmp_path)]
    assert proving.main(words) == status
    assert asked == [(["kills", "racers"], 417, False)]
    assert json.loads((tmp_path / "report.json").read_text())["seed"] == 417
    assert "seed 417" in (tmp_path / "report.md").read_text()


def test_a_proof_that_there_is_not_is_refused() -> None:
    with pytest.raises(SystemExit):
        proving.main(["--only", "kils"])


def test_a_proof_draws_the_same_alone_and_among_others(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[float] = []

    def draw(ground: Ground) -> Found:
        drawn.append(ground.draw.random())
        ground.draw.random()
        return Found()

    class House:
        """No processes: nothing is asked of them."""

        settings: Any = None

        def __init__(self, *_: Any, **__: Any) -> None:
            """Nothing is started."""

        def start(self, _: str) -> None:
            """Nor here."""

        def wait_ready(self) -> float:
            return 0.0

        def erase(self) -> None:
            """Nothing is left."""

    monkeypatch.setattr(proving, "House", House)
    monkeypatch.setattr(proving, "found_town", lambda _: None)
    first, second = Proof("first", "", draw), Proof("second", "", draw)
    proving.prove([first, second], seed=1, by_hand=False)
    proving.prove([second], seed=1, by_hand=False)
    proving.prove([second], seed=2, by_hand=False)
    assert drawn[1] == drawn[2] != drawn[3]
    assert drawn[1] == random.Random("1 second").random()
