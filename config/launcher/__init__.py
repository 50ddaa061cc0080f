"""The supervisor behind `make demo`: environment, servers, processes.

`bootstrap` and everything it imports use the standard library only: they run before the packages exist.
"""


class Refusal(Exception):
    """Something that keeps the demo from starting; the text is the one sentence to show."""


def say(line: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    print(line, flush=True)
