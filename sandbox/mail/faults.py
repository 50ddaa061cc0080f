"""The mail server's fault switches."""

from sandbox.control.access import ControlError
from sandbox.store.database import Database, Record

SHELF = "mail"
FAULTS: Record = {
    "refuse_sender": "",  # the whole answer to MAIL, e.g. "421 4.3.2 Closing"; empty accepts
    "refuse_recipient": "",  # the whole answer to RCPT, e.g. "550 5.1.1 No such user"
    "refuse_data": "",  # the whole answer after the mail, e.g. "554 5.7.1 Looks like spam"
    "drop_before": 0,  # the next n connections are cut before a greeting
    "drop_after": 0,  # the next n mails are kept, then the connection is cut without an answer
}


def faults_of(database: Database) -> Record:
    """Read the switches."""
    return {**FAULTS, **(database.get(SHELF, "faults", "faults") or {})}


def switch(database: Database, changes: Record) -> Record:
    """Turn switches; gives all of them. Raises ControlError for one there is not."""
    if unknown := changes.keys() - FAULTS.keys():
        raise ControlError(400, f"unknown fault {', '.join(sorted(unknown))}; there are {', '.join(FAULTS)}")
    with database.transaction():
        return database.put(SHELF, "faults", "faults", {**faults_of(database), **changes})


def strikes(database: Database, name: str) -> bool:
    """Whether a counted fault strikes now; counts it down."""
    with database.transaction():
        faults = faults_of(database)
        if not faults[name]:
            return False
        if faults[name] is not True:
            switch(database, {name: faults[name] - 1})
        return True
