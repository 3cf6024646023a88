"""How the simulated platform fails when it is told to: a fault, where it strikes, how often."""

from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong."""

    SLOW = "slow"
    """It answers after some seconds."""
    ERROR_500 = "error_500"
    """It fails before anything took effect."""
    RESPONSE_LOST = "response_lost"
    """It takes effect, and the connection breaks before the answer has come."""
    DUPLICATE_DELIVERY = "duplicate_delivery"
    """What was sent once arrives twice."""
    WINDOW_CLOSED = "window_closed"
    """It takes nothing at this hour."""
    PARTIAL_REJECT = "partial_reject"
    """It rejects every second record."""
    THREE_STATE = "three_state"
    """It takes records under review, and decides later."""


@dataclass
class Chosen:
    """A fault that is on: how often it strikes yet (-1: always), at which operation (None: at each)."""

    times: int = -1
    where: str | None = None
    seconds: float = 1.0


@dataclass
class Faults:
    """The faults that are on."""

    chosen: dict[Fault, Chosen] = field(default_factory=dict)

    def strike(self, fault: Fault, operation: str) -> Chosen | None:
        """Whether a fault strikes now, which uses it up by one."""
        found = self.chosen.get(fault)
        if found is None or found.where not in {None, operation} or found.times == 0:
            return None
        found.times -= found.times > 0
        return found
