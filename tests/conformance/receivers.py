# SPDX-License-Identifier: MIT
"""Starts and ends the example receivers, and nginx where one belongs behind it."""

import dataclasses
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from messages import SECRET

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 10.0
STOP_SECONDS = 10.0  # as long as Docker waits before it kills


@dataclasses.dataclass(frozen=True)
class Framework:
    """An example receiver: its program, and the file that configures the nginx in front of it."""

    name: str
    program: str
    nginx: str = ""


FRAMEWORKS = [
    Framework("httplib", "seatsio_receiver"),
    Framework("beast", "beast_receiver"),
    Framework("beast_sync", "beast_sync_receiver"),
    Framework("poco", "poco_receiver"),
    # Alone it is no server for strangers, and its outcomes depend on how chunks happen to arrive.
    Framework("pistache", "pistache_receiver", "nginx_proxy.conf"),
    Framework("restinio", "restinio_receiver"),
    Framework("qt", "qt_receiver"),
    Framework("civetweb", "civetweb_receiver"),
    Framework("microhttpd", "microhttpd_receiver"),
    Framework("evhttp", "evhttp_receiver"),
    Framework("fastcgi", "fastcgi_receiver", "nginx_fastcgi.conf"),
    Framework("nginx_proxy", "seatsio_receiver", "nginx_proxy.conf"),
]


class StartError(Exception):
    """A receiver did not start. Its text says why."""


# All processes that were started and not yet waited for.
_running: set[subprocess.Popen] = set()


def end_all() -> None:
    """Ends what is still running of what was started here."""
    for process in list(_running):
        process.kill()
        process.wait(STOP_SECONDS)
        _running.discard(process)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def port_in(printed: str) -> int | None:
    """The port on which a receiver says that it listens."""
    found = re.search(r"^listening (?:on http://127\.0\.0\.1:(\d+)/webhooks/seatsio|"
                      r"for FastCGI on 127\.0\.0\.1:(\d+))$", printed, re.MULTILINE)
    return int(found[1] or found[2]) if found else None


class Process:
    """A child process whose output goes to files in `directory`."""

    def __init__(self, command: list[str], directory: pathlib.Path, environment: dict[str, str]):
        self.out_file = directory / "out"
        self.err_file = directory / "err"
        with open(self.out_file, "wb") as out, open(self.err_file, "wb") as err:
            self._popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=directory,
                env={"PATH": os.environ["PATH"]} | environment)
        _running.add(self._popen)

    @property
    def pid(self) -> int:
        return self._popen.pid

    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._popen.poll()

    def printed(self) -> str:
        return (self.out_file.read_text(errors="replace") +
                self.err_file.read_text(errors="replace"))

    def wait(self, seconds: float) -> str:
        """How it has ended by itself; it is killed if it has not within that time."""
        try:
            status = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return f"still running after {seconds:g} s"
        _running.discard(self._popen)
        return f"exit {status}" if status >= 0 else f"ended by {signal.Signals(-status).name}"

    def stop(self, number: int = signal.SIGTERM) -> str:
        if self.status() is None:
            self._popen.send_signal(number)
        return self.wait(STOP_SECONDS)

    def kill(self) -> None:
        if self.status() is None:
            self._popen.kill()
        self._popen.wait(STOP_SECONDS)
        _running.discard(self._popen)


class Receiver:
    """A running receiver. `port` is where deliveries go: its own one, or that of the nginx that is
    put in front of it, with the configuration file `nginx`."""

    def __init__(self, command: list[str], nginx: pathlib.Path | None = None):
        self.command = command
        self._nginx_file = nginx
        self._directory = pathlib.Path(tempfile.mkdtemp(prefix="conformance_"))
        self._nginx: Process | None = None
        self._process: Process | None = None
        self._read = 0
        self.log: list[str] = []
        self.told_to_stop = False
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        for attempt in range(3):  # somebody else may take the port meanwhile
            self.own_port = self.port = free_port()
            self._process = self.spawn("--port", str(self.own_port))
            self._read = 0
            try:
                self._await_listening()
                break
            except StartError:
                self._process.kill()
                if attempt == 2:
                    raise
        if self._nginx_file:
            self.port = free_port()
            self._nginx = start_nginx(self._nginx_file, self.port, self.own_port, self._directory)

    def spawn(self, *arguments: str) -> Process:
        """Starts the program once more."""
        directory = pathlib.Path(tempfile.mkdtemp(dir=self._directory))
        return Process([*self.command, *arguments], directory, {"SEATSIO_SECRET": SECRET})

    def _await_listening(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if any(port_in(line) == self.own_port for line in self.new_lines()):
                return
            if self._process.status() is not None:
                raise StartError(f"{self._process.wait(1)}: {self._process.printed().strip()}")
            time.sleep(0.02)
        raise StartError("it did not say that it listens on its port")

    def new_lines(self) -> list[str]:
        """What it has printed since the last call."""
        with open(self._process.out_file, "rb") as file:
            file.seek(self._read)
            printed = file.read()
        whole = printed[:printed.rfind(b"\n") + 1]
        self._read += len(whole)
        lines = whole.decode(errors="replace").splitlines()
        self.log += lines
        return lines

    def ended(self) -> str:
        """How it has ended although nobody told it to; empty while it runs."""
        if self._process.status() is None:
            return ""
        return self._process.wait(1)

    def peak_memory(self) -> int:
        """The most memory that it has had since `forget_peak_memory`, in bytes."""
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def forget_peak_memory(self) -> None:
        pathlib.Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def stop(self) -> str:
        self.told_to_stop = True
        return self._process.stop()

    def printed(self) -> str:
        return self._process.printed()

    def close(self) -> None:
        for process in (self._nginx, self._process):
            if process:
                process.kill()
        shutil.rmtree(self._directory, ignore_errors=True)


def start_nginx(configuration: pathlib.Path, port: int, backend: int,
                directory: pathlib.Path) -> Process:
    """Starts an nginx with this configuration of the examples, but these ports."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if not program:
        raise StartError("there is no nginx")
    own = directory / "nginx"
    own.mkdir()
    text, listens = re.subn(r"listen 127\.0\.0\.1:\d+;", f"listen 127.0.0.1:{port};",
                            configuration.read_text())
    text, passes = re.subn(r"_pass ((?:http://)?127\.0\.0\.1):\d+;", rf"_pass \1:{backend};", text)
    if listens != 1 or passes != 1:
        raise StartError(f"{configuration} does not have one port to listen on and one behind")
    (own / "nginx.conf").write_text(text)
    # One process, so that ending it ends all of it.
    process = Process([program, "-p", str(own), "-c", str(own / "nginx.conf"), "-e", "error.log",
                       "-g", "master_process off;"], own, {})
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.socket() as tried:
            tried.settimeout(1)
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return process
        if process.status() is not None:
            break
        time.sleep(0.02)
    process.kill()
    raise StartError(f"nginx did not start: {process.printed().strip()}")
