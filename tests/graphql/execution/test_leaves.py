"""Columns of leaves are written as graphql-core would write each value."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from graphql import GraphQLInt, GraphQLNonNull

from app.graphql.execution.leaves import column_writer
from app.graphql.schema import schema

LARGEST = 2**31 - 1


@pytest.mark.parametrize(
    "values", [[], [0], [1, None, -5], [None], [LARGEST, -LARGEST - 1], [True, 2.0, "3", 4]]
)
def test_whole_numbers_are_written_as_they_would_be_one_by_one(values: list[Any]) -> None:
    alone = [None if each is None else GraphQLInt.coerce_output_value(each) for each in values]
    written = column_writer(GraphQLInt)(values)
    assert written == alone
    assert list(map(type, written)) == list(map(type, alone))


@pytest.mark.parametrize("value", [LARGEST + 1, -LARGEST - 2, 1.5, "many"])
def test_what_is_no_whole_number_of_32_bits_is_refused(value: Any) -> None:
    with pytest.raises(Exception, match="Int"):
        column_writer(GraphQLInt)([1, None, value])


def test_amounts_are_written_as_their_texts_whether_or_not_they_are_texts_already() -> None:
    amounts = [Decimal("1.50"), None, Decimal("0.00")]
    texts = [None if each is None else str(each) for each in amounts]
    kind: Any = schema._schema.get_type("Decimal")
    alone = [None if each is None else kind.coerce_output_value(each) for each in amounts]
    for column in (amounts, texts):
        written = column_writer(kind)(column)
        assert msgspec.json.encode(written) == msgspec.json.encode(alone)


def test_a_number_that_must_be_there_is_missed() -> None:
    with pytest.raises(TypeError):
        column_writer(GraphQLNonNull(GraphQLInt))([1, None])
