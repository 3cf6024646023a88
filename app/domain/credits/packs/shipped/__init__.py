"""The packs that come with the distribution, one JSON document each."""

from functools import cache
from importlib.resources import files

from app.domain.credits.packs.document import PackDocument, check_together, read_pack


@cache
def shipped_packs() -> dict[str, PackDocument]:
    """Every shipped pack by its id, validated one by one and against each other."""
    folder = files(__name__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    packs = [read_pack(folder.joinpath(name).read_bytes()) for name in names]
    check_together(packs)
    return {pack.id: pack for pack in packs}
