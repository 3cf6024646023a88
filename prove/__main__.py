"""`make prove`: build a house, try everything that is promised of it, and report.

python -m prove [--long] [--seed 417] [--only kills,racers] [--folder .yanxun-prove]

Exits with 1 if anything was not as promised. The report is left in the folder as `report.md` and
`report.json`.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from prove.ground import Found, Ground, Proof
from prove.house import House
from prove.proofs import PROOFS
from prove.report import Proved, as_json, as_text
from prove.town import found_town


def main(words: Sequence[str] | None = None) -> int:
    """Prove what is asked for; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m prove")
    parser.add_argument("--long", action="store_true", help="as often as the targets say; hours")
    parser.add_argument("--seed", type=int, default=None, help="draw again what was drawn then")
    parser.add_argument("--only", default="", help=", ".join(proof.name for proof in PROOFS))
    parser.add_argument("--folder", type=Path, default=Path(".yanxun-prove"), help="of the report")
    asked = parser.parse_args(words)
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    names = set(filter(None, asked.only.split(",")))
    if unknown := names - {proof.name for proof in PROOFS}:
        parser.error(f"no such proof: {', '.join(sorted(unknown))}")
    chosen = [proof for proof in PROOFS if not names or proof.name in names]
    print(f"seed {seed}; again: python -m prove --seed {seed}{' --long' * asked.long}", flush=True)
    proved = prove(chosen, seed=seed, by_hand=asked.long)
    asked.folder.mkdir(parents=True, exist_ok=True)
    told = as_json(proved, seed=seed, by_hand=asked.long)
    (asked.folder / "report.json").write_text(told, encoding="utf-8")
    text = as_text(proved, seed=seed, by_hand=asked.long)
    (asked.folder / "report.md").write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(each.found.wrong for each in proved) else 0


def prove(chosen: Sequence[Proof], *, seed: int, by_hand: bool) -> list[Proved]:
    """Try each of them in one house."""
    with TemporaryDirectory() as name:
        began = time.monotonic()
        house = House(Path(name), part=50)
        try:
            town = found_town(house.settings)
            house.start("application")
            house.wait_ready()
            print(f"the house stands after {time.monotonic() - began:.0f} s", flush=True)
            proved = []
            for proof in chosen:
                drawn = random.Random(f"{seed} {proof.name}")  # noqa: S311  nothing secret
                proved.append(_try(proof, Ground(house, town, drawn, seed, by_hand)))
            return proved
        finally:
            house.erase()


def _try(proof: Proof, ground: Ground) -> Proved:
    began = time.monotonic()
    try:
        found = proof.prove(ground)
    except Exception:  # noqa: BLE001  whatever it is, it was not as promised, and the others are tried
        found = Found(wrong=[traceback.format_exc()[-3000:]])
        print(ground.house.logs(), file=sys.stderr)
    proved = Proved(proof, found, time.monotonic() - began, ground.seed)
    print(proved.line(), flush=True)
    return proved


if __name__ == "__main__":
    sys.exit(main())
