"""SMTP as far as a client that sends one mail at a time speaks it (RFC 5321), on 127.0.0.1."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable
from email.message import EmailMessage

from sandbox.mail.faults import SHELF, faults_of, strikes
from sandbox.store.database import Database, Record
from sandbox.store.values import now

LONGEST = 5 * 1024 * 1024  # bytes of a mail


class _Conversation(socketserver.StreamRequestHandler):
    """One client's connection."""

    timeout = 60
    server: "_Server"

    def handle(self) -> None:
        """Answer commands until QUIT, or until a fault cuts the line."""
        if strikes(self.server.database, "drop_before"):
            return
        self.sender, self.recipients = "", list[str]()
        self._say("220 sandbox ESMTP, nothing leaves this machine")
        while line := self.rfile.readline(2048):
            verb, _, rest = line.decode(errors="replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 Bye")
                return
            answer = self._answers().get(verb.upper())
            if answer is None:
                self._say("502 Command not implemented")
            elif not answer(rest):
                return

    def _answers(self) -> dict[str, Callable[[str], bool]]:
        return {
            "EHLO": lambda _: self._say("250-sandbox\r\n250-8BITMIME\r\n250 SMTPUTF8"),
            "HELO": lambda _: self._say("250 sandbox"),
            "NOOP": lambda _: self._say("250 OK"),
            "RSET": lambda _: self._reset(),
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": lambda _: self._data(),
        }

    def _mail(self, rest: str) -> bool:
        refusal = str(faults_of(self.server.database)["refuse_sender"])
        if refusal:
            return self._say(refusal) and not refusal.startswith("421")
        self.sender, self.recipients = _address(rest), []
        return self._say("250 OK")

    def _rcpt(self, rest: str) -> bool:
        if refusal := faults_of(self.server.database)["refuse_recipient"]:
            return self._say(str(refusal))
        self.recipients.append(_address(rest))
        return self._say("250 OK")

    def _data(self) -> bool:
        if not self.recipients:
            return self._say("503 No recipient")
        self._say("354 End with a dot on its own line")
        lines, size = [], 0
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            size += len(line)
            if size > LONGEST:
                return False
            lines.append(line[1:] if line.startswith(b".") else line)
        if refusal := faults_of(self.server.database)["refuse_data"]:
            return self._say(str(refusal))
        kept = mail_of(b"".join(lines), self.sender, self.recipients)
        kept["id"] = str(self.server.database.next_number("mail", first=1))
        self.server.database.put(SHELF, "mail", kept["id"], kept)
        if strikes(self.server.database, "drop_after"):
            return False
        return self._say(f"250 OK kept as {kept['id']}")

    def _reset(self) -> bool:
        self.sender, self.recipients = "", []
        return self._say("250 OK")

    def _say(self, line: str) -> bool:
        self.wfile.write(f"{line}\r\n".encode())
        return True


class _Server(socketserver.ThreadingTCPServer):
    """Takes connections, each in a thread of its own."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self, database: Database, port: int) -> None:
        """Listen."""
        self.database = database
        super().__init__(("127.0.0.1", port), _Conversation)


def _address(rest: str) -> str:
    """Give the address in `FROM:<a@b> SIZE=1`."""
    return rest.partition("<")[2].partition(">")[0]


def mail_of(raw: bytes, sender: str, recipients: list[str]) -> Record:
    """Read a mail: its envelope, every header in order, and its texts."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)

    def text(kind: str) -> str:
        part = message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    return {
        "sender": sender,
        "recipients": recipients,
        "subject": str(message["Subject"] or ""),
        "from": str(message["From"] or ""),
        "to": str(message["To"] or ""),
        "headers": [[name, str(value)] for name, value in message.items()],
        "text": text("plain"),
        "html": text("html"),
        "received_at": now().isoformat(timespec="milliseconds"),
    }


def serve(database: Database, port: int) -> None:
    """Take mail from now on, in a thread that ends with the process. Raises OSError when the port is in use."""
    threading.Thread(target=_Server(database, port).serve_forever, daemon=True, name="mail").start()
