"""The command `yanxun`: run and serve the application, look after its database, play the story.

A command imports what it alone needs: who asks for a token need not wait until the GraphQL schema is
built.
"""

import sys
from typing import Annotated, Literal

import typer

from app.cli.accounts import accounts, token
from app.cli.output import errors, tell
from app.cli.tour import tour
from app.domain.errors import DomainError
from app.security.secret_file import UnusableSecret

__all__ = ["commands", "main"]

commands = typer.Typer(
    name="yanxun",
    help="研训：市、县、校三级校本研修平台 / school-based teacher training in one city",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo = typer.Typer(help="演示市 / the demo city", no_args_is_help=True)


@commands.command()
def run() -> None:
    """启动全部（数据库、应用；空库载入演示市） / everything here; an empty database gets the demo city."""
    from app.cli import serving

    serving.run()


@commands.command()
def serve() -> None:
    """仅启动应用（数据库须已就绪） / the application alone, on a database that is migrated."""
    from app.cli import serving

    serving.serve()


@commands.command()
def migrate() -> None:
    """迁移数据库 / bring the database to the newest revision."""
    from app.cli import data

    data.migrate()


@commands.command()
def found(
    name: Annotated[str, typer.Argument(metavar="NAME", help="市教育局名称 / the city's bureau")],
    administrator: Annotated[
        str, typer.Option("--admin", help="管理员登录名 / sign-in name of its administrator")
    ] = "city.admin",
    code: Annotated[
        str | None, typer.Option(help="行政区划代码（六位） / division code, GB/T 2260")
    ] = None,
) -> None:
    """建市及其首个管理员 / a city of your own, and its first administrator."""
    from app.cli import founding

    founding.found(name, code, administrator)


@commands.command()
def verify() -> None:
    """核验台账 / rebuild every chain, standing and sum of the ledger, and compare."""
    from app.cli import data

    data.verify()


@commands.command()
def restored() -> None:
    """从备份恢复之后执行 / after a restore from a copy: readers of the change feed begin anew."""
    from app.cli import data

    data.restored()


@commands.command()
def recount() -> None:
    """重新判定到期的学分状况（每晚执行） / judge anew what fell due; for every night."""
    from app.cli import recounting

    recounting.recount()


@commands.command()
def contract() -> None:
    """写出接口契约 / write docs/openapi.json and app/graphql/schema.graphql."""
    from app.cli.contract import write_contract

    write_contract()


@demo.command()
def load(
    scale: Annotated[Literal["demo", "city"], typer.Option(help="规模 / how large")] = "demo",
) -> None:
    """载入演示市（已有数据时不作改动） / the demo city, into a database without any unit."""
    from app.cli import data

    data.load(scale)


commands.command()(accounts)
commands.command()(token)
commands.command()(tour)
commands.add_typer(demo, name="demo")


def main() -> None:
    """Run the command that the arguments name; a refusal is told in two sentences, not in a trace."""
    try:
        commands()
    except DomainError as refusal:
        tell(refusal)
        sys.exit(1)
    except UnusableSecret as problem:
        errors.print(str(problem), markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
