"""What is sent: bodies made from the key of a thing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

NOWHERE = "01890000-0000-7000-8000-000000000000"
"""The key of nothing."""


def of_unit(**more: Any) -> Callable[[UUID], dict[str, Any]]:
    """A body that names the unit and holds these besides."""
    return lambda unit_id: {**more, "unit_id": str(unit_id)}


def fixed(**body: Any) -> Callable[[UUID], dict[str, Any]]:
    """The same body whatever it is about."""
    return lambda _: body
