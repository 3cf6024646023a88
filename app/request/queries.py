"""What may stand in the query of a request: what an operation names, and each but once."""

from collections.abc import Callable
from typing import Any, get_args, get_origin

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params

from app.request.refusals import RepeatedParameter, UnknownParameter

__all__ = ["query_check"]


def query_check(dependant: Dependant) -> Callable[[Request], None]:
    """What refuses a query with something that this operation does not take, or takes but once."""
    asked = {
        field.alias: _takes_several(field.field_info.annotation)
        for field in get_flat_params(dependant)
        if isinstance(field.field_info, params.Query)
    }

    def check(request: Request) -> None:
        if not request.scope["query_string"]:
            return
        seen = set()
        for name, _ in request.query_params.multi_items():
            if name not in asked:
                # Only a name is repeated: anything else may be a number or a password.
                raise UnknownParameter(parameter=name[:60] if name.isidentifier() else "?")
            if name in seen and not asked[name]:
                raise RepeatedParameter(parameter=name)
            seen.add(name)

    return check


def _takes_several(annotation: Any) -> bool:
    """Whether a parameter is a list, or may be one."""
    return any(get_origin(each) is list for each in (annotation, *get_args(annotation)))
