"""An import survives that everybody is killed: a few rounds of what `killing` does at length by hand."""

from pathlib import Path

from tests.jobs.killing import kill_again_and_again


def test_nothing_is_lost_or_doubled_whoever_is_killed(tmp_path: Path) -> None:
    killed = kill_again_and_again(tmp_path, rows=150, kills=3, rounds=1, seed=3, part=20)
    assert sum(killed.values()) == 3
