# SPDX-License-Identifier: MIT
"""Judges what was observed, and prints it."""

import dataclasses

from cases import Case
from differences import Difference
from probe import PATIENCE
from receivers import FRAMEWORKS
from runner import Observation

# By framework, by case id.
Observations = dict[str, dict[str, Observation]]
Differences = dict[tuple[str, str], Difference]


@dataclasses.dataclass
class Judgement:
    """`cells`: what the table shows, by framework and case id. `problems`: why the run fails."""

    cells: dict[tuple[str, str], str]
    excused: list[tuple[str, str]]
    problems: list[str]


def judge(seen: Observations, cases: list[Case], all_cases: list[Case],
          differences: Differences) -> Judgement:
    """Compares what was observed with what is wanted, in the cases that were run. Differences of
    frameworks that were not run are left alone."""
    result = Judgement({}, [], [])
    for framework, observations in seen.items():
        for case in cases:
            observation = observations[case.id]
            outcome = observation.outcome
            entry = differences.get((framework, case.name))
            as_wanted = outcome in case.wanted
            cell = "ok" if outcome == case.wanted[0] else outcome
            where = f"{framework}: {case.group}: {case.name}"
            if observation.fatal:
                cell = "!! " + outcome
                result.problems += [f"{where}: {text}" for text in observation.fatal]
            elif not as_wanted and entry and outcome in entry.outcomes:
                cell = outcome + " *"
                result.excused.append((framework, case.name))
            elif not as_wanted:
                cell = "!! " + outcome
                result.problems.append(
                    f"{where}: {outcome}, and not {' or '.join(case.wanted)}")
            if entry and as_wanted and not entry.sometimes:
                result.problems.append(
                    f"{where}: {outcome}, as wanted: its entry in differences.py has to go")
            result.cells[framework, case.id] = cell
    names = {case.name for case in all_cases}
    for (framework, name), entry in differences.items():
        if not entry.outcomes or not entry.reason:
            result.problems.append(f"differences.py: {framework}, {name}: says nothing")
    result.problems += [
        f"differences.py: {framework}: there is no case {name!r}"
        for framework, name in differences if name not in names and framework in seen]
    return result


def print_table(seen: Observations, cases: list[Case], judgement: Judgement) -> None:
    """The table for a terminal: a row for each case, `ok` where it is as it should be."""
    frameworks = list(seen)
    widths = [max(len(framework), *(len(judgement.cells[framework, case.id]) for case in cases))
              for framework in frameworks]
    first = max(len(case.name) for case in cases) + 2
    group = None
    for case in cases:
        if case.group != group:
            group = case.group
            titles = "  ".join(f"{framework:{width}}"
                               for framework, width in zip(frameworks, widths))
            print(f"\n{group.upper():{first}}  {titles}".rstrip())
        cells = "  ".join(f"{judgement.cells[framework, case.id]:{width}}"
                          for framework, width in zip(frameworks, widths))
        print(f"  {case.name:{first - 2}}  {cells}".rstrip())


def print_excused(judgement: Judgement, differences: Differences) -> None:
    """The reasons of what is marked with a star."""
    if judgement.excused:
        print("\n* by differences.py:")
    reasons: dict[tuple[str, str], list[str]] = {}
    for framework, name in judgement.excused:
        reasons.setdefault((framework, differences[framework, name].reason), []).append(name)
    for (framework, reason), names in reasons.items():
        print(f"  {framework}: {'; '.join(names)}\n      {reason}")


def print_markdown(seen: Observations, cases: list[Case], judgement: Judgement,
                   differences: Differences) -> None:
    """Prints docs/conformance.md: what is the same everywhere first, then the rest, with the
    reasons of the differences as notes."""
    frameworks = list(seen)
    behind = [each.name for each in FRAMEWORKS if each.nginx]
    plain = [case for case in cases
             if all(judgement.cells[framework, case.id] == "ok" for framework in frameworks)]
    print("# One run for all HTTP servers\n\n"
          "Printed by `scripts/conformance --markdown`. Each case was sent to the example receiver "
          "of each server; [frameworks.md](frameworks.md) names their versions. "
          f"{', '.join(behind)} stand behind nginx. An outcome is "
          "what was answered, and for a refusal by the receiver the error that it logged. "
          "`closed` means that the connection was closed without an answer, `cut off in time` that "
          f"this was within {PATIENCE:.0f} s. Nothing was accepted without a valid signature over "
          "what the receiver was shown.\n")
    print(f"As wanted in all of them, {len(plain)} of {len(cases)} cases:\n")
    for group in dict.fromkeys(case.group for case in cases):
        names = [f"{case.name} ({case.wanted[0]})" for case in plain if case.group == group]
        if names:
            print(f"- {group}: {'; '.join(names)}")
    notes: dict[str, int] = {}
    print(f"\n| case | wanted | {' | '.join(frameworks)} |")
    print("|---" * (len(frameworks) + 2) + "|")
    for case in cases:
        if case in plain:
            continue
        cells = []
        for framework in frameworks:
            cell = judgement.cells[framework, case.id]
            if (framework, case.name) in judgement.excused:
                reason = differences[framework, case.name].reason
                number = notes.setdefault(reason, len(notes) + 1)
                cell = f"{cell.removesuffix(' *')} [{number}]"
            # Outcomes that are right, but not the first ones, stand there without a note.
            cells.append("✓" if cell == "ok" else cell)
        print(f"| {case.name} | {case.wanted[0]} | {' | '.join(cells)} |")
    print()
    for note, number in notes.items():
        print(f"{number}. {note}")
