"""Rule packs: the credit rules of a bureau, as validated and dated data."""

from app.domain.credits.packs.document import PackDocument, check_together, read_pack
from app.domain.credits.packs.problems import PackRefused, Problem
from app.domain.credits.packs.shipped import shipped_packs

__all__ = [
    "PackDocument",
    "PackRefused",
    "Problem",
    "check_together",
    "read_pack",
    "shipped_packs",
]
