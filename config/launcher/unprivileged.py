"""PostgreSQL refuses to run as root; here it becomes `nobody` and keeps the one power it needs.

A checkout under a home folder that others may not enter (mode 0700) would hide its own binaries from `nobody`.
Instead of opening somebody's folders, the child keeps CAP_DAC_OVERRIDE as an ambient capability (capabilities(7)): it
may pass, and is not root.
"""

import ctypes
import os
import pwd
from pathlib import Path

from config.launcher import Refusal

PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def other_user() -> pwd.struct_passwd | None:
    """Whom to become: nobody when we are root, None when we are not.

    Raises:
        Refusal: root, and the machine knows no `nobody`.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Refusal("PostgreSQL does not run as root and there is no user `nobody`: run as another user.") from None


def become(user: pwd.struct_passwd) -> None:
    """Change to `user` in a child about to execute a program; where capabilities are not to be had, go without."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    if hasattr(_libc, "capset"):
        bit = 1 << CAP_DAC_OVERRIDE
        sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
        _libc.capset(ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), ctypes.byref(sets))
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def give(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Create `folder` with mode 0700 for `user`, or for ourselves."""
    folder.mkdir(parents=True, exist_ok=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o700)
