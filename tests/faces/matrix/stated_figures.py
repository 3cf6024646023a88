"""The rows of stated figures and the answers to them."""

from app.domain.access.roles import Permission
from tests.faces.matrix.bodies import fixed
from tests.faces.rule import Listing, Open, Row
from tests.make_stated_figures import STATED

_READ, _WRITE = Permission.GUIDANCE_READ, Permission.STATISTIC_WRITE

ROWS: dict[str, Row | Listing | Open] = {
    "list_stated_figures": Listing(("stated_figure",), _READ),
    "get_stated_figure": Row("stated_figure", _READ),
    "state_figure": Row("unit", _WRITE, body=fixed(**STATED)),
    "check_stated_figure": Row("stated_figure", _WRITE),
    "explain_stated_figure": Row("stated_figure", _WRITE, body=fixed(explanation="含九年一贯制")),
    "conclude_stated_figure": Row(
        "stated_figure", Permission.STATISTIC_CONFIRM,
        body=fixed(outcome="explained", conclusion="同意"),
    ),
    "list_figure_checks": Listing(("figure_check",), _READ),
    "get_figure_check": Row("figure_check", _READ),
    "list_figure_check_rows": Row("figure_check", _READ),
    "list_figure_examples": Open("What published sources state, the same for all who see figures."),
}  # fmt: skip
