"""An import survives that everybody is killed: a few rounds of what `make prove` does at length."""

import random
from pathlib import Path

from prove.house import House
from prove.imports import kill_again_and_again


def test_nothing_is_lost_or_doubled_whoever_is_killed(tmp_path: Path) -> None:
    house = House(tmp_path, part=20)
    try:
        house.start("application")
        house.start("worker")
        counts = kill_again_and_again(house, random.Random(3), rows=150, kills=3, rounds=1)
        assert sum(house.kills.values()) == 3
        assert counts["teachers"] == 0
    finally:
        house.erase()
