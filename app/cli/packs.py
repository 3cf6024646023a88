"""`yanxun packs`: what is shipped, and what is wrong with a document before it is published."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from app.cli.output import console, errors
from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.packs.checking import Located, check_text
from app.domain.credits.packs.document import stated_in
from app.domain.credits.packs.refinements import Refinement

WRONG, UNREADABLE = 1, 2


def list_packs() -> None:
    """The shipped packs, one a line."""
    for pack in shipped_packs().values():
        begins, ends = pack.effective_from.value, pack.effective_to
        console.print(
            f"{pack.id}@{pack.version}  {begins} – {ends.value if ends else ''}  {pack.title.zh}",
            markup=False,
        )


def check(file: Path, *, as_json: bool) -> None:
    """Say what is wrong in the file, value by value; exits with 1 if anything is, 2 if it is no text."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        errors.print(f"无法读取 / not readable: {file}: {error}", style="red", markup=False)
        sys.exit(UNREADABLE)
    found = check_text(text)
    problems = found if isinstance(found, tuple) else ()
    if as_json:
        told = [asdict(each) for each in problems]
        sys.stdout.write(json.dumps({"problems": told}, ensure_ascii=False, indent=2) + "\n")
    elif not isinstance(found, tuple):
        _approve(found)
    else:
        _refuse(file, problems)
    if problems:
        sys.exit(WRONG)


def _approve(document: PackDocument | Refinement) -> None:
    values = [stated for _, stated in stated_in(document)]
    assumed = sum(stated.assumed for stated in values)
    console.print(
        f"有效 / valid: {document.id}@{document.version}，{len(values)}个数值，其中假定{assumed}个 / "
        f"{len(values)} values, {assumed} of them assumed",
        markup=False,
    )


def _refuse(file: Path, problems: tuple[Located, ...]) -> None:
    for each in problems:
        console.print(f"{file}:{each.line}:{each.column}: {each.code} ({each.path})", markup=False)
        console.print(f"    {each.zh}\n    {each.en}", markup=False)
    console.print(f"{len(problems)}处问题 / problems", markup=False)
