"""`yanxun keys`: which keys a deployment signs and seals with, and how the next ones take over."""

import typer

all_keys = typer.Typer(help="签名密钥 / the keys that sign tokens", no_args_is_help=True)
ledger_keys = typer.Typer(
    help="台账日签密钥 / the keys that sign the heads of the ledger", no_args_is_help=True
)
personal_data_keys = typer.Typer(
    help="个人信息密钥 / the keys that seal personal data", no_args_is_help=True
)


@all_keys.command("list")
def list_keys() -> None:
    """列出签名密钥 / the keys that sign tokens, by their names and what they are for."""
    from app.cli import keys

    keys.list_keys()


@all_keys.command()
def rotate() -> None:
    """轮换签名密钥（运行中的进程自动更新） / the next key signs; running processes follow."""
    from app.cli import keys

    keys.rotate_keys()


@ledger_keys.command("list")
def list_ledger_keys() -> None:
    """列出台账日签密钥 / the keys that sign the heads of the ledger."""
    from app.cli import keys

    keys.list_keys(keys.LEDGER)


@ledger_keys.command("rotate")
def rotate_ledger_keys() -> None:
    """轮换台账日签密钥 / the next key signs; what was signed before stays good for ever."""
    from app.cli import keys

    keys.rotate_keys(keys.LEDGER)


@personal_data_keys.command("list")
def list_personal_data_keys() -> None:
    """列出个人信息密钥及其封存数量 / each version, its cipher, how much is sealed with it."""
    from app.cli import personal_data

    personal_data.list_keys()


@personal_data_keys.command("rotate")
def rotate_personal_data_key() -> None:
    """新增密钥版本并分批重封 / a new key seals; what older ones sealed is sealed anew in batches."""
    from app.cli import personal_data

    personal_data.rotate()


@personal_data_keys.command()
def reseal() -> None:
    """继续重封（中断后，或密钥来自环境变量时） / go on sealing anew."""
    from app.cli import personal_data

    personal_data.reseal()


all_keys.add_typer(ledger_keys, name="ledger")
all_keys.add_typer(personal_data_keys, name="personal-data")
