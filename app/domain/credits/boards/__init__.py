"""Boards (过程监督看板): how far what was planned has been held, recorded, checked, closed and recognised.

The process is watched and not the result alone: 「加强过程评价」 (岳市教发〔2013〕18号 第二十六条), and
the school checks each link of it: 「学校要及时检查,督促落实」. Every figure is counted when it is asked
for, from the activities, the plans, the records and the ledger; nothing is kept beside them, so that a
board cannot disagree with the list behind it. It stands in this wing because it asks the ledger.

Read `figures` (what is counted, of what), `counting` (in which period), `lines` (the tables), `behind`
(the lists).
"""

from app.domain.credits.boards.behind import (
    BOARD_ACTIVITIES,
    BOARD_PLAN_ITEMS,
    BoardActivityView,
    list_board_activities,
    list_board_plan_items,
)
from app.domain.credits.boards.counting import BoardPeriodUnfit
from app.domain.credits.boards.figures import BoardCounts, BoardFigure, BoardPart
from app.domain.credits.boards.lines import (
    QUIET_WEEKS,
    BoardLevel,
    BoardLevelUnfit,
    BoardLineView,
    BoardMonthView,
    BoardWeeksUnfit,
    list_board_lines,
    list_board_months,
    list_group_board_months,
)

__all__ = [
    "BOARD_ACTIVITIES",
    "BOARD_PLAN_ITEMS",
    "QUIET_WEEKS",
    "BoardActivityView",
    "BoardCounts",
    "BoardFigure",
    "BoardLevel",
    "BoardLevelUnfit",
    "BoardLineView",
    "BoardMonthView",
    "BoardPart",
    "BoardPeriodUnfit",
    "BoardWeeksUnfit",
    "list_board_activities",
    "list_board_lines",
    "list_board_months",
    "list_board_plan_items",
    "list_group_board_months",
]
