"""Comparing (比对): what a row does to what is kept, and which rows say the same. Pure."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from app.domain.exchange.imports.kind import Draft, ImportAction, ImportKind
from app.domain.exchange.imports.reasons import KeptByHand, RowRepeated


def settle(
    kind: ImportKind, draft: Draft, written: Mapping[str, Any] | None, *, overwrite: bool
) -> None:
    """Say what the draft does, once it is known what is kept.

    `written` is what imports have last written into the same thing. A field that is otherwise now was
    corrected by hand since, and stays so unless the file is to `overwrite`.
    """
    draft.before, draft.after = {}, {}
    if draft.refused or draft.said is None:
        draft.action = ImportAction.REJECT
        return
    if draft.current is None:
        draft.action, draft.after = ImportAction.CREATE, dict(draft.wanted)
        return
    for name, value in draft.wanted.items():
        kept = draft.current.get(name)
        if kept == value:
            continue
        if not overwrite and written is not None and name in written and written[name] != kept:
            header = kind.column(name).zh
            draft.remark(KeptByHand(column=header), column=header)
            continue
        draft.before[name], draft.after[name] = kept, value
    draft.action = ImportAction.CHANGE if draft.after else ImportAction.UNCHANGED
    draft.is_settled = not draft.after and all(
        (written or {}).get(name) == value or draft.current.get(name) != value
        for name, value in draft.wanted.items()
    )


def apart(drafts: Sequence[Draft], about: Callable[[Draft], Hashable]) -> list[Draft]:
    """Those drafts of which no earlier one is about the same, in whatever words; the others are refused."""
    first: dict[Hashable, Draft] = {}
    kept = []
    for draft in drafts:
        earlier = first.setdefault(about(draft), draft)
        if earlier is draft:
            kept.append(draft)
        else:
            draft.refuse(RowRepeated(first=earlier.number))
    return kept
