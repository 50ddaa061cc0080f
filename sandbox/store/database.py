"""Records of every store, as JSON in one SQLite table.

One connection and one lock: the sandbox is a single process, each statement takes microseconds, and whoever reads
before writing (is this code taken?) must not be interleaved. `kind` is the noun: customer, discount, metafield, order…
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Record = dict[str, Any]

SCHEMA = """
create table if not exists records (
    position integer primary key autoincrement, store text not null, kind text not null, id text not null,
    body text not null, unique (store, kind, id));
create index if not exists records_in_order on records (store, kind, position);
create index if not exists records_by_lookup on records (store, kind, json_extract(body, '$.lookup'));
create table if not exists counters (name text primary key, value integer not null);
"""


class Database:
    """The sandbox's memory; safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Durability is off on purpose: a lost second of a stand-in costs nothing."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection.executescript("pragma journal_mode = wal; pragma synchronous = off;" + SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else in between; joins the transaction it is called in."""
        with self._lock:
            outermost = self._depth == 0
            self._depth += 1
            try:
                if outermost:
                    self._connection.execute("begin immediate")
                yield
                if outermost:
                    self._connection.execute("commit")
            except BaseException:
                if outermost:
                    self._connection.execute("rollback")
                raise
            finally:
                self._depth -= 1

    def get(self, store: str, kind: str, key: str) -> Record | None:
        """Find one record by its id."""
        return self._one("select body from records where store = ? and kind = ? and id = ?", (store, kind, key))

    def lookup(self, store: str, kind: str, value: str) -> Record | None:
        """Find one record by its second name, kept in `lookup` (a customer's email, a discount's code; lower case)."""
        sql = "select body from records where store = ? and kind = ? and json_extract(body, '$.lookup') = ?"
        return self._one(sql, (store, kind, value.lower()))

    def put(self, store: str, kind: str, key: str, body: Record) -> Record:
        """Write one record, new or replaced; its place in the order stays."""
        sql = (
            "insert into records (store, kind, id, body) values (?, ?, ?, ?) "
            "on conflict (store, kind, id) do update set body = excluded.body"
        )
        with self._lock:
            self._connection.execute(sql, (store, kind, key, json.dumps(body)))
        return body

    def delete(self, store: str, kind: str, key: str) -> bool:
        """Remove one record; False when there was none."""
        sql = "delete from records where store = ? and kind = ? and id = ?"
        with self._lock:
            return self._connection.execute(sql, (store, kind, key)).rowcount > 0

    def delete_all(self, store: str, kind: str) -> None:
        """Remove every record of one kind."""
        with self._lock:
            self._connection.execute("delete from records where store = ? and kind = ?", (store, kind))

    def list(self, store: str, kind: str, *, newest: int | None = None) -> list[Record]:
        """List the records of one kind, oldest first; `newest` limits to that many of the latest, newest first."""
        sql = "select body from records where store = ? and kind = ? order by position"
        values: tuple[object, ...] = (store, kind)
        if newest is not None:
            sql, values = sql + " desc limit ?", (*values, newest)
        with self._lock:
            return [json.loads(row[0]) for row in self._connection.execute(sql, values)]

    def count(self, store: str, kind: str) -> int:
        """Count the records of one kind."""
        sql = "select count(*) from records where store = ? and kind = ?"
        with self._lock:
            return int(self._connection.execute(sql, (store, kind)).fetchone()[0])

    def next_number(self, name: str, *, first: int = 1001) -> int:
        """Give the next number of a sequence, as Shopify numbers its objects."""
        sql = (
            "insert into counters (name, value) values (?, ?) "
            "on conflict (name) do update set value = value + 1 returning value"
        )
        with self._lock:
            return int(self._connection.execute(sql, (name, first)).fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _one(self, sql: str, values: tuple[object, ...]) -> Record | None:
        with self._lock:
            row = self._connection.execute(sql, values).fetchone()
        if row is None:
            return None
        body: Record = json.loads(row[0])
        return body
