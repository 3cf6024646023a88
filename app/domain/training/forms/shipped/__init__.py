"""The forms that come with the distribution: those that the five source documents name, each cited."""

from functools import cache
from importlib.resources import files

from pydantic import TypeAdapter

from app.domain.base import Command
from app.domain.training.forms.form import FormFields
from app.domain.training.forms.publishing import check_parts


class _Shipped(FormFields, Command):
    """A form of the document; a field that forms do not have is refused."""


@cache
def shipped_forms() -> tuple[FormFields, ...]:
    """Every shipped form, validated, in the order of the document."""
    text = files(__name__).joinpath("forms.json").read_bytes()
    forms = TypeAdapter(tuple[_Shipped, ...]).validate_json(text)
    for form in forms:
        check_parts(form)
    return forms
