"""`yanxun packs`: what is shipped, and what is wrong with a document before it is published."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from app.cli.output import console, errors
from app.domain.credits.packs import PackDocument, shipped_packs
from app.domain.credits.packs.checking import Located, check_text
from app.domain.credits.packs.document import stated_in
from app.domain.credits.packs.refinements import Refinement

WRONG, UNREADABLE = 1, 2


def list_packs(*, as_json: bool = False) -> None:
    """The shipped packs, one a line."""
    packs = shipped_packs().values()
    if as_json:
        names = {"id", "version", "title", "effective_from", "effective_to"}
        told = [pack.model_dump(mode="json", include=names) for pack in packs]
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    for pack in () if as_json else packs:
        begins, ends = pack.effective_from.value, pack.effective_to
        console.print(
            f"{pack.id}@{pack.version}  {begins} – {ends.value if ends else ''}  {pack.title.zh}",
            markup=False,
        )


def check(file: Path, *, as_json: bool) -> None:
    """Say what is wrong in the file, value by value; exits with 1 if anything is, 2 if it is no text."""
    found = read_document(file)
    if isinstance(found, tuple):
        refuse(file, found, as_json=as_json)
    if as_json:
        sys.stdout.write(json.dumps({"problems": []}, indent=2) + "\n")
    else:
        _approve(found)


def read_document(file: Path) -> PackDocument | Refinement | tuple[Located, ...]:
    """The document in the file, or what is wrong in it; exits with 2 where it cannot be read."""
    try:
        return check_text(file.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        errors.print(f"无法读取 / not readable: {file}: {error}", style="red", markup=False)
        sys.exit(UNREADABLE)


def refuse(file: Path, problems: tuple[Located, ...], *, as_json: bool) -> NoReturn:
    """Say what is wrong in the file, and exit with 1."""
    if as_json:
        told = [asdict(each) for each in problems]
        sys.stdout.write(json.dumps({"problems": told}, ensure_ascii=False, indent=2) + "\n")
    else:
        for each in problems:
            place = f"{file}:{each.line}:{each.column}"
            console.print(f"{place}: {each.code} ({each.path})", markup=False)
            console.print(f"    {each.zh}\n    {each.en}", markup=False)
        console.print(f"{len(problems)}处问题 / problems", markup=False)
    sys.exit(WRONG)


def _approve(document: PackDocument | Refinement) -> None:
    values = [stated for _, stated in stated_in(document)]
    assumed = sum(stated.assumed for stated in values)
    console.print(
        f"有效 / valid: {document.id}@{document.version}，{len(values)}个数值，其中假定{assumed}个 / "
        f"{len(values)} values, {assumed} of them assumed",
        markup=False,
    )
