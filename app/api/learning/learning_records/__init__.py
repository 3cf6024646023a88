"""Learning records over REST: ours for everybody who may read them, and xAPI 1.0.3 for players.

`records` is the first; `statements` answers the second, and `refusals` refuses as that specification says.
"""

from app.api.learning.learning_records.records import router
from app.api.learning.learning_records.statements import OPERATIONS, lrs

__all__ = ["OPERATIONS", "lrs", "router"]
