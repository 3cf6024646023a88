"""`make fuzz-parsers`: the same targets, fed by atheris, which looks for what leads to new branches.

python fuzz/coverage_guided.py NAME CORPUS [-max_total_time=60 and other options of libFuzzer]

Runs in `.venv-fuzz`, which has atheris and looks into `.venv` for everything else. What is found is
written beside the corpus as `crash-…`; `python -m fuzz.replay NAME FILE` reads it again.
"""

import gc
import sys
from pathlib import Path
from types import FunctionType

import atheris  # type: ignore[import-untyped]  # in an environment of its own

from fuzz.parsers import TARGETS, feed

LOOKED_AT = (
    "app.domain.credits.packs", "app.domain.exchange.changes.coverage",
    "app.domain.exchange.rostering.asked", "app.domain.learning.learning_records", "app.domain.paging",
    "app.domain.people.identity", "app.domain.quality.growth_releases.record",
    "app.domain.training.attendance.codes", "app.openid", "app.request.refusals", "app.security",
    "app.tabular", "json",
)  # fmt: skip
"""What reads, and nothing of what is imported along: looking at all of that takes minutes."""


def main() -> None:
    """Look at what reads, and begin."""
    name, corpus, *options = sys.argv[1:]
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and (each.__module__ or "").startswith(LOOKED_AT):
            atheris.instrument_func(each)
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate((*TARGETS[name].seeds, *TARGETS[name].words)):
        (folder / f"seed-{number}").write_bytes(seed)
    arguments = [sys.argv[0], f"-artifact_prefix={folder}/", "-timeout=10", "-max_len=20000"]
    atheris.Setup([*arguments, *options, str(folder)], lambda content: feed(name, content))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
