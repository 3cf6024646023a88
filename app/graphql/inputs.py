"""How an input becomes a command: by pydantic, whose findings are told in both languages.

Strawberry tells them in pydantic's English and forgets the limits that they speak of. The hook that
it offers for this (`from_input`) is set for every input of the schema.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, Undefined
from pydantic import ValidationError
from strawberry.pydantic import InputValidationError
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryObjectDefinition

from app.request.refusals import InvalidRequest


class InvalidInput(InvalidRequest):
    """An input outside its limits; `findings` are pydantic's, located by the names of the schema."""

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        self.findings = findings
        super().__init__(count=len(findings))


class _Remembering:
    """A model that keeps what its validation finds."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.findings: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def model_validate(self, data: Any, **how: Any) -> Any:
        """The command, or pydantic's error, kept."""
        try:
            return self._model.model_validate(data, **how)
        except ValidationError as error:
            self.findings = list(error.errors(include_url=False, include_input=False))
            raise


def finish_inputs(schema: strawberry.Schema) -> None:
    """Let every input of a schema refuse what does not fit with `InvalidInput`.

    What a client leaves out stays out: Strawberry gives a field that may be null the default null,
    and a command of changes could no longer tell what was not sent from what is to be emptied.
    """
    for each in schema.schema_converter.type_map.values():
        definition = each.definition
        if isinstance(definition, StrawberryObjectDefinition) and definition.from_input is not None:
            definition.from_input = _telling(definition.from_input)
        if isinstance(each.implementation, GraphQLInputObjectType):
            for field in each.implementation.fields.values():
                if field.default_value is None:
                    field.default_value = Undefined


def _telling(build: Any) -> Any:
    def read_input(model: type, value: Mapping[str, Any], context: InputContext) -> Any:
        remembering = _Remembering(model)
        try:
            return build(remembering, value, context)
        except InputValidationError as error:
            located = zip(remembering.findings, error.errors, strict=True)
            findings = [{**finding, "loc": detail.location} for finding, detail in located]
        raise InvalidInput(findings)

    return read_input
