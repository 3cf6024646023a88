"""Which documents are drawn: each by a number of its own, so that it can be drawn again.

A run of the suite draws a few hundred. `YANXUN_DOCUMENTS=20000` draws that many of each kind, and
`YANXUN_SEED=417 YANXUN_DOCUMENTS=1` draws again the one that a failure names.
"""

import os
from collections.abc import Sequence

FIRST = int(os.environ.get("YANXUN_SEED", "1"))
MANY = os.environ.get("YANXUN_DOCUMENTS")


def seeds(usual: int) -> Sequence[int]:
    """The numbers of the documents of one test that usually draws so many."""
    return range(FIRST, FIRST + (usual if MANY is None else int(MANY)))
