"""Runs what a page of the docs shows: its ``console`` blocks are commands and what they print.

A line ``…`` stands for any lines that the page leaves out. A comment ``<!-- file: PATH -->`` before a block says that
the reader writes the block to that file, ``<!-- append: PATH -->`` that it goes to the file's end.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

from click.testing import CliRunner

from quotum.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LEFT_OUT = "…"
_BLOCK = re.compile(
    r"(?:<!-- (?P<action>file|append): (?P<path>\S+) -->\n+)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
_PROGRESS = re.compile(r"^ +\d+ s  ")
_SECONDS = re.compile(r"\bin \d+\.\d s\b")


def play(page: Path, folder: Path) -> None:
    """Do in ``folder`` what the page tells, beside a copy of the examples, and hold every printed line against it."""
    shutil.copytree(ROOT / "examples" / "tiny", folder / "examples" / "tiny")
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["action"]:
            target = folder / block["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w" if block["action"] == "file" else "a", encoding="utf-8") as stream:
                stream.write(block["text"])
        elif block["kind"] == "console":
            for command, shown in read_commands(block["text"]):
                hold_against(run(command, folder), shown, f"{page.name}: {command}")


def read_commands(text: str) -> list[tuple[str, list[str]]]:
    """Return each command of a block with the lines it prints; a command goes on after a backslash."""
    commands: list[tuple[str, list[str]]] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line.rstrip())
    return commands


def run(command: str, folder: Path) -> list[str]:
    """Return what a command prints; ``; echo $?`` at its end adds the exit code, without it the code is 0."""
    plain, asks_code, _ = command.partition("; echo $?")
    words = shlex.split(plain)
    if words[0] != "quotum":
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.removeprefix("\ufeff").splitlines()
    result = CliRunner().invoke(main, words[1:])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert asks_code or result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.output.splitlines() if not _PROGRESS.match(line)]
    return [*lines, str(result.exit_code)] if asks_code else lines


def hold_against(printed: list[str], shown: list[str], what: str) -> None:
    """Raise AssertionError unless the shown lines are the printed ones, apart from those left out."""
    if not shown:
        return
    printed, shown = [[_SECONDS.sub("in 0.0 s", line) for line in lines] for lines in (printed, shown)]
    at, free = 0, False
    for line in shown:
        if line == LEFT_OUT:
            free = True
            continue
        places = range(at, len(printed)) if free else range(at, min(at + 1, len(printed)))
        found = next((place for place in places if printed[place] == line), None)
        assert found is not None, f"{what}\n  shown: {line}\n  printed:\n" + "\n".join(printed[at : at + 40])
        at, free = found + 1, False
    assert free or at == len(printed), f"{what}\n  not shown:\n" + "\n".join(printed[at:])
