"""The engine: what becomes of a request, from its document to its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from prometheus_client import Counter
from strawberry import Schema

from app.graphql.execution.cost import Cost, Limits
from app.graphql.execution.documents import Documents, Operation, Refused
from app.graphql.execution.levels import Run
from app.graphql.execution.places import Errors
from app.graphql.execution.plan import Plan, Unplanned
from app.graphql.execution.refusals import SubscriptionOverPost
from app.graphql.execution.sources import Sources

FALLBACKS = Counter(
    "graphql_fallbacks",
    "Operations that graphql-core executes, by what in them is the reason",
    ["reason"],
)


@dataclass(slots=True)
class Answer:
    """What a request is answered with; its data are ready to be encoded."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    cost: Cost | None = None


class Engine:
    """Executes the operations of one schema, whose rows are mappings."""

    def __init__(
        self,
        schema: Schema,
        limits: Limits,
        *,
        begin: Callable[[Any, Operation], None] = lambda _context, _operation: None,
    ) -> None:
        """An engine that tells of each operation before it runs, by `begin`, which may refuse it."""
        self._begin = begin
        self._strawberry = schema
        self._schema: Any = schema._schema  # noqa: SLF001  graphql-core's schema has no public name
        self._documents = Documents(schema, limits)

    async def execute(
        self,
        text: str | None,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        context: Any = None,
        digest: str | None = None,
    ) -> Answer:
        """The answer to one operation of a document.

        With a `digest` (SHA-256, in hexadecimal) the document is remembered; later the digest alone
        is enough, for as long as it is not forgotten.
        """
        try:
            text = self._documents.text(text, digest)
            operation = self._documents.operation(text, operation_name)
            values = self._variables(operation, variables)
            cost = self._documents.cost(operation, values)
            if operation.node.operation is OperationType.SUBSCRIPTION:
                return Answer(None, [SubscriptionOverPost(operation.node)])
            self._begin(context, operation)
        except Refused as refused:
            return Answer(None, refused.errors)
        plan = self._documents.plan(operation, values)
        if isinstance(plan, Unplanned):
            FALLBACKS.labels(plan.reason).inc()
            return await self._fall_back(text, variables, operation_name, context, cost)
        return await self._run(plan, values, context, cost)

    def measured(
        self, text: str, variables: Mapping[str, Any] | None, operation_name: str | None
    ) -> Operation:
        """One operation of a valid document that is within the limits; raises `Refused`."""
        operation = self._documents.operation(text, operation_name)
        self._documents.cost(operation, self._variables(operation, variables))
        return operation

    def _variables(self, operation: Operation, given: Mapping[str, Any] | None) -> VariableValues:
        values = get_variable_values(
            self._schema,
            operation.node.variable_definitions or (),
            dict(given or {}),
            max_errors=50,
            hide_suggestions=True,
        )
        if isinstance(values, list):
            raise Refused(*values)
        return values

    async def _run(self, plan: Plan, variables: VariableValues, context: Any, cost: Cost) -> Answer:
        errors = Errors()
        sources = Sources(plan, self._schema, variables, context, errors)
        data = await Run(plan, sources, errors).data()
        return Answer(data, errors.visible(data), cost)

    async def _fall_back(
        self,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        context: Any,
        cost: Cost,
    ) -> Answer:
        result: Any = await self._strawberry.execute(
            text,
            variable_values=None if variables is None else dict(variables),
            operation_name=operation_name,
            context_value=context,
        )
        return Answer(result.data, result.errors or [], cost)
