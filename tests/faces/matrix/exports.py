"""The rows of exports: what of a list goes into a file, the list decides (tests of exports)."""

from tests.faces.rule import Listing, Open, Row

ROWS: dict[str, Row | Listing | Open] = {
    "list_exportable_lists": Open(
        "What lists there are is documented; each decides what it shows."
    ),
    "get_list_content": Open("Just what the list itself gives; tested with exports."),
    "create_export": Open("Just what the list itself gives; tested with exports."),
    "list_exports": Open("One's own exports."),
    "get_export": Open("One's own exports; another's is none of them."),
    "cancel_export": Open("One's own exports; another's is none of them."),
    "create_export_link": Open("One's own exports; another's is none of them."),
}
