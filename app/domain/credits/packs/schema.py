"""The JSON Schema of a pack and of a county's refinement, for whoever writes one with an editor.

It says which fields there are and what they hold. That a number has its ground, that ages are in order
and the like is said by `read_pack` alone. Both are committed under `docs/`, and a test compares them.
"""

from functools import cache
from typing import Any

from app.domain.access.actors import Actor
from app.domain.credits.packs.document import PackDocument
from app.domain.credits.packs.refinements import Refinement
from app.sql import Connection

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


async def get_pack_schema(db: Connection, actor: Actor) -> dict[str, Any]:  # noqa: ARG001  no row is read
    """The JSON Schema of a rule pack, for whoever is signed in."""
    return pack_schema()


async def get_refinement_schema(db: Connection, actor: Actor) -> dict[str, Any]:  # noqa: ARG001  no row is read
    """The JSON Schema of a county's refinement, for whoever is signed in."""
    return refinement_schema()


@cache
def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a rule pack."""
    return _DIALECT | PackDocument.model_json_schema()


@cache
def refinement_schema() -> dict[str, Any]:
    """The JSON Schema of a county's refinement."""
    return _DIALECT | Refinement.model_json_schema()
