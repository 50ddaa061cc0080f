#!/usr/bin/env python
"""Django's command line, attached to the demo that runs under ENCORE_HOME when no servers are named."""

import os
import sys

from config import environment


def main() -> int:
    """Run one management command.

    Returns:
        The exit code: 2 when there is no database to talk to.
    """
    try:
        environment.attach(os.environ)
    except environment.NothingRuns as refusal:
        print(refusal, file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # here, so that the sentence above needs no Django

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
