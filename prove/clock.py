"""A clock on the wall that can be set for one process: a library put before libc's, for proofs alone.

`LD_PRELOAD` puts it before `clock_gettime`; until a process opens a file of offsets, it changes nothing. Only
the clock on the wall is moved: that of intervals goes on, as it does when somebody sets a machine's clock.
"""

import ctypes
import mmap
import shutil
import struct
import subprocess
from pathlib import Path

FILE = "PROVE_CLOCK"
"""The variable that names the file with the offset of a process."""
_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
static volatile const long long *offset;
static int (*original)(clockid_t, struct timespec *);
int prove_clock_open(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    void *mapped = mmap(0, sizeof(long long), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) return -1;
    offset = mapped;
    return 0;
}
int clock_gettime(clockid_t clock, struct timespec *told) {
    if (!original) original = (int (*)(clockid_t, struct timespec *)) dlsym(RTLD_NEXT, "clock_gettime");
    int failed = original(clock, told);
    if (!failed && offset && clock == CLOCK_REALTIME) told->tv_sec += *offset;
    return failed;
}
"""


def build_clock(folder: Path) -> Path | None:
    """The library, compiled in a folder; None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(_SOURCE)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True
    )
    return library


def follow_clock(path: str) -> None:
    """Let this process, and no other, see the clock that the file says from now on."""
    if ctypes.CDLL(None).prove_clock_open(path.encode()) != 0:
        raise OSError(f"no clock in {path}")


class Clock:
    """The file by which a process's clock is set."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(struct.pack("q", 0))

    def jump(self, seconds: int) -> None:
        """Set the clock to so many seconds from the right time."""
        with self.path.open("r+b") as file, mmap.mmap(file.fileno(), 8) as held:
            held[:8] = struct.pack("q", seconds)
