import ast
import inspect
from enum import StrEnum

import pytest

from app.domain.credits.packs.parts import Selection
from app.domain.training import vocabulary
from app.domain.training.vocabulary import (
    ActivityChannel,
    ActivityContent,
    ActivityKind,
    ActivityMode,
    ActivityState,
    Delivery,
    StaffRole,
)

WORDS = [
    ActivityChannel, ActivityContent, ActivityKind, ActivityMode, ActivityState, Delivery, StaffRole
]  # fmt: skip


def test_every_word_has_its_chinese_name() -> None:
    tree = ast.parse(inspect.getsource(vocabulary))
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        words = [node for node in kind.body if isinstance(node, ast.Assign)]
        for word in words:
            name = kind.body[kind.body.index(word) + 1]
            assert isinstance(name, ast.Expr), f"{kind.name}.{ast.unparse(word)}"
            assert isinstance(name.value, ast.Constant)
            assert any(character > "\u4e00" for character in str(name.value.value))


@pytest.mark.parametrize("kind", [ActivityKind, ActivityMode, ActivityChannel, ActivityContent])
def test_rules_of_credit_may_ask_for_every_word(kind: type[StrEnum]) -> None:
    dimension = {ActivityKind: "activity_kind", ActivityMode: "mode", ActivityChannel: "channel"}
    name = dimension.get(kind, "content")
    asked = Selection.model_validate({name: [word.value for word in kind]})
    assert getattr(asked, name) == tuple(kind)


@pytest.mark.parametrize("kind", WORDS)
def test_a_word_fits_its_column(kind: type[StrEnum]) -> None:
    assert max(len(word.value) for word in kind) <= 32
