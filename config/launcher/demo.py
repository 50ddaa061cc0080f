"""`make demo`, step by step."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from config import environment
from config.launcher import Refusal, programs, say, variables
from config.launcher.home import Home
from config.launcher.postgres import Postgres
from config.launcher.processes import Child, wait_until
from config.launcher.redis_server import Redis
from config.launcher.supervisor import Stop, Supervisor, listen_for_signals

HEALTH_SECONDS = 60


def run() -> int:
    """Start everything, say Ready, and stay until a signal.

    Returns:
        The exit code: 0 after Ctrl-C or SIGTERM, 1 after a refusal.
    """
    listen_for_signals()
    home: Home | None = None
    supervisor = Supervisor()
    try:
        web_port = variables.port(os.environ)
        home = Home(environment.home(os.environ))
        start(home, supervisor, web_port)
        while True:
            time.sleep(0.3)
            supervisor.restart_the_dead()
    except Stop:
        say("Stopping")
        return 0
    except Refusal as refusal:
        say(str(refusal))
        return 1
    finally:
        supervisor.stop()
        if home is not None:
            home.close()


def start(home: Home, supervisor: Supervisor, web_port: int) -> None:
    """Every step up to the line that says Ready.

    Raises:
        Refusal: one sentence about the step that failed.
    """
    for number in (web_port, web_port + 1, web_port + 2):
        refuse_port_in_use(number)
    if os.environ.get("RESET", "") not in ("", "0"):
        say(f"Starting afresh: forgetting {home.folder}")
        home.forget()
    database_url, redis_url = start_servers(home, supervisor)
    given = variables.demo_environment(
        web_port=web_port,
        sandbox_port=web_port + 1,
        mail_port=web_port + 2,
        home=str(home.folder),
        database_url=database_url,
        redis_url=redis_url,
        keys=home.secrets(),
    )
    supervisor.on_change = lambda: home.write_running(given, {c.name: c.pid for c in supervisor.children})
    say("Starting the sandbox, Shopify in a box")
    supervisor.start(programs.sandbox(given, home.folder, home.log))
    say("Bringing the tables up to date")
    manage(home, given, "migrate", "--no-input", "--verbosity", "1")
    say("Starting web server, workers and scheduler")
    supervisor.start(programs.web(given, home.log))
    for child in programs.workers(given, home.log):
        supervisor.start(child)
    supervisor.start(programs.scheduler(given, home.folder, home.log))
    wait_for(supervisor, "the sandbox", answers(f"http://127.0.0.1:{web_port + 1}/"))
    wait_for(supervisor, "the web server", answers(f"{given['APP_URL']}/health"))
    # seed_demo writes demo.json as its last act; a database of somebody else's is its own to look into
    if not (home.folder / "demo.json").exists() or os.environ.get("DATABASE_URL"):
        say("Filling the demo shop with months of history")
        manage(home, given, "seed_demo")
    for child in supervisor.children:
        if child.name.startswith("worker"):
            wait_for(supervisor, f"the {child.name}", is_ready(child))
    say(f"Shopify in a box: {given['SANDBOX_URL']}")
    say(f"Ready: {given['APP_URL']}")


def start_servers(home: Home, supervisor: Supervisor) -> tuple[str, str]:
    """PostgreSQL and Redis: those the environment names, else our own.

    Returns:
        DATABASE_URL and REDIS_URL.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not database_url:
        say("Starting PostgreSQL")
        postgres = Postgres(folder=home.folder, log=home.log("postgres"))
        postgres.start()
        supervisor.adopt(postgres.child)
        database_url = postgres.url("encore")
    if not redis_url:
        say("Starting Redis")
        redis = Redis(folder=home.folder, log=home.log("redis"))
        redis.start()
        supervisor.adopt(redis.child)
        redis_url = redis.url
    return database_url, redis_url


def manage(home: Home, given: Mapping[str, str], *command: str) -> None:
    """Run one management command to its end.

    Raises:
        Refusal: it failed; its last words are in the sentence.
    """
    log = home.log(command[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(
            programs.python("manage.py", *command),
            cwd=environment.PROJECT,
            env=variables.child_environment(given),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        words = log.read_text(errors="replace").strip().splitlines() or ["no output"]
        raise Refusal(f"`manage.py {command[0]}` failed: {words[-1]} (all of it in {log})")


def refuse_port_in_use(number: int) -> None:
    """Say so before anything is started.

    Raises:
        Refusal: somebody listens there already.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            raise Refusal(
                f"Port {number} is in use: stop the program that has it, or choose another: `make demo PORT=9000`."
            ) from None


def answers(url: str) -> Callable[[], bool]:
    """Whether a GET of `url` is answered with anything below 500."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    return ask


def is_ready(child: Child) -> Callable[[], bool]:
    """Whether a Celery worker has said that it takes tasks."""
    return lambda: f"{child.name}@encore ready" in child.log_since_start()


def wait_for(supervisor: Supervisor, name: str, is_up: Callable[[], bool]) -> None:
    """Wait for one of the programs, restarting what dies meanwhile.

    Raises:
        Refusal: it did not come up in time.
    """

    def look() -> bool:
        supervisor.restart_the_dead()
        return is_up()

    if not wait_until(look, HEALTH_SECONDS, pause=0.1):
        raise Refusal(
            f"After {HEALTH_SECONDS} seconds {name} does not answer: see the logs folder beside running.json."
        )
