# SPDX-License-Identifier: MIT
"""Runs the cases against one receiver."""

import concurrent.futures
import dataclasses
import pathlib
import signal
import time

import wire
from cases import CASES, Case
from messages import SECRET, Message
from probe import ACCEPTED, PATIENCE, Probe
from receivers import Receiver, port_in

PROCESS = "the program"
FALSE_ACCEPTANCE = "FALSE ACCEPTANCE"


@dataclasses.dataclass
class Observation:
    """What became of a case. `fatal`: what no table of differences can excuse."""

    outcome: str
    fatal: list[str] = dataclasses.field(default_factory=list)


def port_zero(receiver: Receiver) -> str:
    """Starts it once more, on a port that it chooses, and ends it as Ctrl-C does."""
    process = receiver.spawn("--port", "0")
    try:
        for _ in range(100):
            if port := port_in(process.printed()):
                break
            if process.status() is not None:
                return process.wait(1) + " at once"
            time.sleep(0.05)
        else:
            return "does not say where it listens"
        with wire.Connection(port):
            pass
        return process.stop(signal.SIGINT)
    finally:
        process.kill()


def port_in_use(receiver: Receiver) -> str:
    process = receiver.spawn("--port", str(receiver.own_port))
    ended = process.wait(5)
    explained = bool(process.err_file.read_text(errors="replace").strip())
    return ended if explained else ended + " without a word"


def still_serves(receiver: Receiver) -> str:
    message = Message("still", b"")
    with wire.Connection(receiver.port) as connection:
        headers = [*message.headers(), (b"Content-Length", b"0")]
        connection.send(wire.head(headers))
        return connection.read_reply().text()


def stop_with_open_connections(receiver: Receiver) -> str:
    """Ends it while one connection idles and another is in the middle of a body."""
    message = Message("stop", b"")
    start = wire.head([*message.headers(), (b"Content-Length", b"100")])
    with wire.Connection(receiver.port) as idle, wire.Connection(receiver.port) as sending:
        idle.send(wire.head([(b"Content-Length", b"0")]))
        idle.read_reply(seconds=2)
        sending.send(start + b"half")
        sending.closed_within(0.2)
        ended = receiver.stop()
    said = receiver.printed().splitlines()
    if ended == "exit 0" and "stopped" not in said:
        return "exit 0 without saying that it stopped"
    return ended


def keeps_secret(receiver: Receiver) -> str:
    return "never" if SECRET.removeprefix("whsec_") not in receiver.printed() else "printed"


PROCESS_CASES = [
    Case("port_zero", PROCESS, "--port 0, then SIGINT", ("exit 0",), port_zero),
    Case("port_in_use", PROCESS, "a port that is in use", ("exit 1",), port_in_use),
    Case("still_serves", PROCESS, "serves after all this", ("400",), still_serves),
    Case("stop", PROCESS, "SIGTERM while two connections are open", ("exit 0",),
         stop_with_open_connections),
    Case("secret", PROCESS, "prints its secret", ("never",), keeps_secret),
]


def selected(short: bool) -> list[Case]:
    """The cases of the short or of the full form."""
    return [case for case in CASES + PROCESS_CASES if not (short and case.slow)]


def observe(receiver: Receiver, case: Case, messages: dict[str, Message],
            patience: float) -> Observation:
    """Runs one case. The log of a `waiting` one, which is not alone, is looked at when all have
    ended."""
    probe = Probe(receiver, case.id, messages, patience)
    try:
        outcome = case.run(receiver if case.group == PROCESS else probe)
    except OSError as error:
        outcome = f"no connection: {error.strerror or error}"
    if not case.waiting and case.group != PROCESS:
        probe.read_log()
    return Observation(outcome, [f"{FALSE_ACCEPTANCE}: {each}"
                                 for each in probe.false_acceptances])


def audit(receiver: Receiver, messages: dict[str, Message], seen: dict[str, Observation]) -> None:
    """Looks through everything that the receiver has printed for what it should not have
    accepted, also long after the case."""
    receiver.new_lines()
    for name in (found[1] for line in receiver.log if (found := ACCEPTED.match(line))):
        message = messages.get(name)
        text = f"{FALSE_ACCEPTANCE}: accepted {name}"
        if message is not None and not message.genuine:
            fatal = seen[name.partition("-")[0]].fatal
            if text not in fatal:
                fatal.append(text)


def run_cases(command: list[str], nginx: pathlib.Path | None, cases: list[Case],
              say=lambda text: None, patience: float = PATIENCE) -> dict[str, Observation]:
    """Runs `cases` against the program `command`; by case id. Raises StartError."""
    seen: dict[str, Observation] = {}
    messages: dict[str, Message] = {}
    receiver = Receiver(command, nginx)

    def observe_one(case: Case) -> None:
        nonlocal receiver
        start = time.monotonic()
        seen[case.id] = observe(receiver, case, messages, patience)
        say(f"{case.group}: {case.name}: {seen[case.id].outcome} "
            f"({time.monotonic() - start:.1f} s)")
        if not receiver.told_to_stop and (ended := receiver.ended()):
            seen[case.id].fatal.append(f"the receiver died: {ended}: {receiver.printed()[-500:]}")
            audit(receiver, messages, seen)
            receiver.close()
            receiver = Receiver(command, nginx)

    try:
        for case in cases:
            if case.group != PROCESS and not case.waiting:
                observe_one(case)
        if waiting := [case for case in cases if case.waiting]:
            with concurrent.futures.ThreadPoolExecutor(len(waiting)) as pool:
                observed = pool.map(
                    lambda case: observe(receiver, case, messages, patience), waiting)
                seen |= {case.id: each for case, each in zip(waiting, observed)}
        for case in cases:
            if case.group == PROCESS:
                observe_one(case)
        audit(receiver, messages, seen)
    finally:
        receiver.close()
    return seen
