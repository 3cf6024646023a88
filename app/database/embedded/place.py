"""Where an embedded server keeps its things, and under which account it runs.

An ordinary user's server lies wholly in the data folder. PostgreSQL refuses to run as root, and
no other account can look into root's home; so root's data folder only points to a folder in
/var/lib/yanxun, where a system account serves a copy of the programs.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded import process
from app.domain.errors import Unavailable

SYSTEM_ACCOUNT = "yanxun"
SYSTEM_FOLDER = Path("/var/lib/yanxun")

# The kernel takes socket addresses of at most 107 bytes.
_LONGEST_SOCKET = 107
SOCKET_NAME = ".s.PGSQL.5432"


class FolderInUse(Unavailable):
    """Another process runs the server of this folder; `holder` is its process id."""

    code = "data_folder_in_use"
    zh = "数据文件夹 {folder} 的数据库正由进程 {holder} 使用。请先停止该进程，或另选数据文件夹。"
    en = (
        "The database in {folder} is in use by process {holder}. "
        "Stop that process first, or choose another data folder."
    )


class FolderOfAnother(Unavailable):
    """A folder that must be ours belongs to another account, or is no folder at all."""

    code = "data_folder_of_another"
    zh = "文件夹 {folder} 属于其他用户或不可写入。请以其所有者身份运行，或另选数据文件夹。"
    en = (
        "The folder {folder} belongs to another user or cannot be written. "
        "Run as its owner, or choose another data folder."
    )


class ClusterMissing(Unavailable):
    """The data folder points to a database that is no longer there."""

    code = "database_files_missing"
    zh = "{folder} 指向的数据库文件 {target} 不存在。如不再需要，请删除 {folder} 后重新开始。"
    en = (
        "{folder} points to database files that do not exist: {target}. "
        "If they are no longer wanted, remove {folder} to begin anew."
    )


class NoSystemAccount(Unavailable):
    """Root needs a system account to run the server under, and none could be made."""

    code = "no_system_account"
    zh = "无法创建系统用户 {account}：{reason}。请以普通用户运行，或自行创建该用户。"
    en = (
        "The system user {account} could not be created: {reason}. "
        "Run as an ordinary user, or create it yourself."
    )


@dataclass(frozen=True)
class Place:
    """The files of one server. `account` is None where it runs as whoever starts it."""

    folder: Path
    cluster: Path
    account: pwd.struct_passwd | None

    @property
    def _owner(self) -> tuple[int, int]:
        if self.account is None:
            return os.geteuid(), os.getegid()
        return self.account.pw_uid, self.account.pw_gid

    @property
    def account_name(self) -> str:
        """The name of the account that the server runs under."""
        return self.account.pw_name if self.account else pwd.getpwuid(os.geteuid()).pw_name

    @property
    def data(self) -> Path:
        """What PostgreSQL calls its data directory; it exists only once it is complete."""
        return self.cluster / "data"

    @property
    def output(self) -> Path:
        """What the server printed before it opened its log, which lies in the data's `log`."""
        return self.cluster / "start.log"

    def own_folder(self, folder: Path) -> Path:
        """Make `folder` one that only the server's account can enter, and return it.

        Refuses where somebody else was there first: in a folder for all, such as /tmp, a name
        that can be foreseen can also be taken.
        """
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except (FileExistsError, PermissionError) as error:
            raise FolderOfAnother(folder=folder) from error
        found = folder.lstat()
        ours = {os.geteuid(), self._owner[0]}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
            raise FolderOfAnother(folder=folder)
        folder.chmod(0o700)
        os.chown(folder, *self._owner)
        return folder

    def own_file(self, file: Path, text: str) -> Path:
        """Write a new file that only the server's account can read, and return it."""
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as written:
            written.write(text)
            os.fchown(descriptor, *self._owner)
        return file

    def unfinished(self) -> Path:
        """Make a folder for what gets its name only when it is complete; what was left of another goes.

        The account must get to what is its own in there; nobody else gets this far.
        """
        for left in self.cluster.glob("unfinished-*"):
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(prefix="unfinished-", dir=self.cluster))
        made.chmod(0o711)
        return made

    def own_all(self, folder: Path) -> None:
        """Give a folder that we made, with all in it, to the server's account."""
        if self.account is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *self._owner, follow_symlinks=False)

    def socket_folder(self) -> Path:
        """Return the folder of the server's socket, as short as the system demands."""
        if self.account is not None:
            return self.cluster / "socket"
        name = "yanxun-" + hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        # The folder for temporary files comes first, because XDG_RUNTIME_DIR goes when its owner
        # logs out, and a server started with nohup would lose its socket.
        for base in (tempfile.gettempdir(), os.environ.get("XDG_RUNTIME_DIR", "")):
            fits = len(os.fsencode(Path(base, name, SOCKET_NAME))) <= _LONGEST_SOCKET
            if base and fits and os.access(base, os.W_OK | os.X_OK):
                return Path(base, name)
        return Path("/tmp", name)  # noqa: S108 (`own_folder` makes and checks it)


def settle(folder: Path) -> Place:
    """Return the place of the server of `folder`, made where it is missing."""
    folder = folder.resolve()
    cluster = folder / "cluster"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() != 0:
            cluster.mkdir(mode=0o700, exist_ok=True)
            return Place(folder, cluster, None)
        if not os.path.lexists(cluster):
            _point_into_system_folder(cluster)
        if not cluster.exists():
            raise ClusterMissing(folder=cluster, target=cluster.readlink())
        if not cluster.is_symlink():
            raise FolderOfAnother(folder=cluster)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise FolderOfAnother(folder=folder) from error
    return Place(folder, cluster.resolve(), system_account())


def hold(place: Place) -> int:
    """Lock the place for this process and return the lock's file descriptor; closing it releases.

    The system releases it as well when the process ends, however it ends.
    """
    try:
        lock = os.open(place.cluster / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise FolderOfAnother(folder=place.folder) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode()
        os.close(lock)
        raise FolderInUse(folder=place.folder, holder=holder or "?") from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def system_account() -> pwd.struct_passwd:
    """Return the account that serves root's databases, created where it is missing."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    reason = ""
    try:
        process.run(["useradd", *options, "--home-dir", SYSTEM_FOLDER, SYSTEM_ACCOUNT])
    except FileNotFoundError as error:
        reason = str(error)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip()
    # It also fails where another start was first: what counts is whether the account is there.
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        raise NoSystemAccount(account=SYSTEM_ACCOUNT, reason=reason) from None


def open_to_all(folder: Path) -> Path:
    """Make a folder that any account may enter, whatever the umask, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder


def _point_into_system_folder(cluster: Path) -> None:
    # Only the server's own folders in it belong to the system account. Were it the owner of all,
    # a server taken over could put a link where root is about to write.
    target = Path(tempfile.mkdtemp(prefix="data-", dir=open_to_all(SYSTEM_FOLDER)))
    target.chmod(0o711)
    try:
        cluster.symlink_to(target)
    except FileExistsError:
        target.rmdir()
