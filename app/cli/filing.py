"""The command that verifies what was handed in: `verify files`."""

import asyncio
from collections.abc import Callable

from app.cli.database import migrated, pool_of_one
from app.cli.output import console, progress_bar
from app.domain.errors import Conflict
from app.domain.training.files.verification import FileVerification, verify_files
from app.settings import Settings, get_settings
from app.storage import open_storage


class FilesNotAsHandedIn(Conflict):
    """Contents are gone from the store, or are no longer what they were."""

    code = "files_not_as_handed_in"
    zh = "文件核验发现不一致：缺失 {missing}，内容不符 {changed}。首个摘要：{first}"
    en = "Files are not as they were handed in: {missing} missing, {changed} changed. The first: {first}"


def verify() -> None:
    """Read every file again, and compare its digest with the register."""
    with (
        migrated(get_settings()) as settings,
        progress_bar("核验文件 / verifying the files") as advance,
    ):
        found = asyncio.run(_verify(settings, advance))
    console.print(f"文件内容 / contents {found.contents}  字节 / bytes {found.size}")
    if found.missing or found.changed:
        raise FilesNotAsHandedIn(
            missing=len(found.missing),
            changed=len(found.changed),
            first=(found.missing + found.changed)[0],
        )
    console.print("文件完整 / the files are as they were handed in")


async def _verify(settings: Settings, advance: Callable[[float], None]) -> FileVerification:
    async with pool_of_one(settings) as pool, pool.connection() as db:
        return await verify_files(db, store=open_storage(settings), advance=advance)
