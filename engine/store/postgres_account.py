"""The account the embedded PostgreSQL runs as: the caller's own, but never root.

PostgreSQL refuses to run as root. Started by root, it takes another account that exists already,
and keeps the one capability it needs where that account cannot enter the folders. Where root is
the only account there is (a container that maps a single one), a user namespace renames it.
"""

import ctypes
import os
import pwd
import signal
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import EngineError

CANDIDATES = ("nobody", "postgres", "daemon")
RENAMED = 1000  # what root is called inside the user namespace

PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
NO_SETUID_FIXUP = 1 << 2  # capabilities outlive the change of account, and access() minds them
CLONE_NEWUSER = 0x10000000
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class NoAccountError(EngineError):
    """PostgreSQL cannot run as root, and there is no other account. Set DATABASE_URL instead."""

    code = "no_account"


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as, and by what means."""

    uid: int
    gid: int
    drops: bool = False  # from root to this account
    enters_all: bool = False  # although the account itself could not
    renames: bool = False  # root, under another name

    def reaching(self, *places: Path) -> "Account":
        """This account, able to enter all the places."""
        return replace(self, enters_all=self.drops and not all(map(_is_open, places)))

    def become(self) -> None:
        """Turn a forked child into this account, ended (SIGINT) when its parent's thread ends."""
        parent = os.getppid()
        if self.renames:
            _rename_root()
        if self.drops:
            _drop_to(self.uid, self.gid, keep=self.enters_all)
        # A change of account clears the death signal, so this comes last.
        _checked(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)  # The parent died before the signal was asked for.


def choose(folder: Path) -> Account:
    """The caller's own account; for root the folder's owner, or else one without rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = _owner(folder)
    if owner is not None:
        return owner
    for entry in _known():
        if entry.pw_uid and _is_mapped(entry.pw_uid):
            return Account(entry.pw_uid, entry.pw_gid, drops=True)
    return Account(0, 0, renames=True)


def _owner(folder: Path) -> Account | None:
    """The existing, ordinary owner of the folder or of the nearest folder above it that exists."""
    place = next(place for place in (folder, *folder.parents) if place.exists()).stat()
    if place.st_uid == 0 or place.st_uid not in {entry.pw_uid for entry in pwd.getpwall()}:
        return None
    return Account(place.st_uid, place.st_gid, drops=True)


def _known() -> list[pwd.struct_passwd]:
    entries = {entry.pw_name: entry for entry in pwd.getpwall()}
    return [entries[name] for name in CANDIDATES if name in entries]


def _is_mapped(uid: int) -> bool:
    """Whether this user namespace knows the account."""
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = map(int, line.split())
        if first <= uid < first + count:
            return True
    return False


def _is_open(place: Path) -> bool:
    """Whether everybody may enter the folders above `place`, and read it if it is a file."""
    if not all(folder.stat().st_mode & stat.S_IXOTH for folder in place.parents):
        return False
    needed = stat.S_IROTH | stat.S_IXOTH
    return place.is_dir() or place.stat().st_mode & needed == needed


def _drop_to(uid: int, gid: int, *, keep: bool) -> None:
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    if keep:
        _checked(_libc.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0))
    os.setresuid(uid, uid, uid)
    if keep:
        bit = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable
        _checked(_libc.capset(header, sets))
        _checked(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


def _rename_root() -> None:
    """Enter a user namespace in which root's files belong to an ordinary account."""
    _checked(_libc.unshare(CLONE_NEWUSER))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{RENAMED} 0 1")
    Path("/proc/self/gid_map").write_text(f"{RENAMED} 0 1")


def _checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "the server's account could not be set up")
