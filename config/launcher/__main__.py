"""`python -m config.launcher demo|environment`: run by any Python 3, it goes on in the project's own environment."""

import os
import signal
import sys

from config.launcher import Refusal, bootstrap, say
from config.launcher.processes import die_with_parent


def main() -> int:
    """Build the environment, change into it, do what was asked.

    Returns:
        The exit code; refusals are one sentence and 1.
    """
    command = sys.argv[1] if len(sys.argv) > 1 else "demo"
    if command not in ("demo", "environment"):
        say("usage: python -m config.launcher demo|environment")
        return 2
    try:
        bootstrap.ensure_environment()
    except Refusal as refusal:
        say(str(refusal))
        return 1
    except KeyboardInterrupt:
        return 130
    if command == "environment":
        return 0
    if os.path.realpath(sys.prefix) != os.path.realpath(bootstrap.VENV):
        os.execv(bootstrap.PYTHON, [str(bootstrap.PYTHON), "-m", "config.launcher", command])
    if "ENCORE_LAUNCHER_PARENT" in os.environ:  # set by the Makefile: when make is killed, the demo ends too
        die_with_parent(os.getppid(), signal.SIGTERM)
    from config.launcher import demo  # here: its servers need the packages

    return demo.run()


if __name__ == "__main__":
    sys.exit(main())
