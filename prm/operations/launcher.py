"""`manage.py up`: the whole portal with one command, and nothing left over when it ends."""

import os
import shutil
import sys
from pathlib import Path

from prm.operations import announcement, databases, installation, leftovers, pango, static_files, translations, valkey
from prm.operations.errors import CannotRun
from prm.operations.installation import Installation
from prm.operations.places import PROJECT, var
from prm.operations.postgres import PrivatePostgres
from prm.operations.processes import Program
from prm.operations.stream import Stream
from prm.operations.supervision import Child, Ended, Supervisor
from prm.operations.valkey import PrivateValkey

DATABASE = "prm"
OFF = ("0", "no", "off", "false")


def up() -> None:
    """Run until somebody stops it. Raises `CannotRun` when it cannot start."""
    lock = leftovers.only_one(var() / "up.lock")
    if lock is None:
        address = announcement.running_address()
        print(f"The portal already runs at {address}." if address else "Another start of the portal is under way.")
        return
    with lock:
        Run().until_stopped()


class Run:
    """This is one run, from the first process to the last."""

    def __init__(self) -> None:
        self.stream = Stream(var() / "log")
        processes = var() / "processes.json"
        announcement.withdraw()
        leftovers.clean(processes, installation.mark(), self.stream.say)
        self.supervisor = Supervisor(self.stream, lambda traces: leftovers.record(processes, traces))
        self.settings = Installation.decide()

    def until_stopped(self) -> None:
        try:
            self.start()
            self.supervisor.forever()
        except Ended:
            self.stream.say("Stopping.")
        finally:
            announcement.withdraw()
            self.supervisor.stop_all()
        self.stream.say("Stopped.")

    def start(self) -> None:
        collecting = None if static_files.are_collected() else self.begin_static_files()
        if pango.find() is None:
            self.supervisor.start(self.python("pango", "-m", "prm.operations.pango", grace=10), keep=False)
        if installation.has_own_database():
            self.start_postgres()
        if installation.has_own_broker():
            self.start_broker()
        self.settings.save()
        translations.compile_stale(translations.catalogs())
        self.supervisor.run(self.manage("migrate", "--database", "owner", "--verbosity", "0"))
        if collecting:
            self.supervisor.finish(collecting)
            static_files.note_collected()
        self.serve()
        self.fill_demo()
        self.supervisor.wait_until(lambda: announcement.answers(self.settings.port), what="The portal", seconds=90)
        for line in announcement.publish(self.settings.address):
            self.stream.say(line)

    def start_postgres(self) -> None:
        cluster = PrivatePostgres.at(var() / "pg")
        self.keep_running(cluster)
        if not databases.exists(cluster.admin_url, DATABASE):
            announcement.demo_file().unlink(missing_ok=True)
        self.settings.add(databases.prepare_database(cluster.admin_url, DATABASE, installation.database_passwords()))

    def keep_running(self, cluster: PrivatePostgres) -> None:
        """Start it and wait; a second try is for the port that somebody took between choosing and using it."""
        if not self.comes_up(cluster) and not self.comes_up(cluster):
            raise CannotRun(f"PostgreSQL did not start; its log is {self.stream.folder / 'postgres.log'}.")

    def comes_up(self, cluster: PrivatePostgres) -> bool:
        cluster.make_ready()
        child = self.supervisor.start(cluster.program(), keep=False)
        self.supervisor.wait_until(lambda: not child.process or cluster.answers(), what="PostgreSQL", seconds=120)
        child.is_kept = child.process is not None
        return child.is_kept

    def start_broker(self) -> None:
        binary = valkey.find()
        if binary is None:
            self.stream.say("Neither Valkey nor Redis is here: the worker does background work itself (inline mode).")
            self.settings.add({"REDIS_URL": ""})
            return
        broker = PrivateValkey.new(binary)
        self.supervisor.start(broker.program())
        self.supervisor.wait_until(broker.answers, what="Valkey", seconds=10)
        self.settings.add({"REDIS_URL": broker.url})

    def serve(self) -> None:
        """Start in this order, because stopping goes the other way: first nobody asks any more."""
        self.supervisor.start(self.manage("scheduler"))
        self.supervisor.start(self.manage("worker", grace=30))
        self.settings.add({"PROMETHEUS_MULTIPROC_DIR": fresh_folder(var() / "metrics")})
        gunicorn = ("-m", "gunicorn", "--config", "python:prm.operations.web", "prm.wsgi")
        self.supervisor.start(self.python("web", *gunicorn, grace=15))

    def fill_demo(self) -> None:
        """A portal without samples still serves, so their failure is said and no more."""
        is_wanted = os.environ.get("DEMO", "").lower() not in OFF
        if is_wanted and installation.has_own_database() and not announcement.demo_file().exists():
            try:
                self.supervisor.run(self.manage("demo", "--if-empty"))
            except CannotRun as problem:
                self.stream.say(f"The demo is missing: {problem}")

    def begin_static_files(self) -> Child:
        """Start it early: it needs no database."""
        return self.supervisor.start(self.manage("collectstatic", "--noinput", "--verbosity", "0"), keep=False)

    def manage(self, command: str, *arguments: str, grace: float = 10) -> Program:
        return self.python(command, "manage.py", command, *arguments, grace=grace)

    def python(self, name: str, *arguments: str, grace: float) -> Program:
        return Program(name, [sys.executable, *arguments], self.settings.environment, folder=PROJECT, grace=grace)


def fresh_folder(path: Path) -> str:
    """The web processes count together in files; those of an earlier run would be counted again."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return str(path)
