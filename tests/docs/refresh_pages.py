"""Put what the commands print now into the pages: ``python tests/docs/refresh_pages.py [PAGE …]``; read the diff after.

A line shown becomes the printed line that is most like it, in order; what a page leaves out stays left out. Figures in
the prose around a block are not touched: look at them too.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from difflib import SequenceMatcher
from pathlib import Path

from doc_pages import _BLOCK, LEFT_OUT, PAGES, ROOT, read_commands, run


def refresh_page(page: Path, folder: Path) -> str:
    """Return the page's text with its console blocks as their commands print today."""
    shutil.copytree(ROOT / "examples" / "tiny", folder / "examples" / "tiny")
    text = page.read_text(encoding="utf-8")
    parts, at = [], 0
    for block in _BLOCK.finditer(text):
        if block["action"]:
            target = folder / block["path"]
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("w" if block["action"] == "file" else "a", encoding="utf-8") as stream:
                stream.write(block["text"])
        elif block["kind"] == "console":
            new = block["text"]
            for command, shown in read_commands(block["text"]):
                printed = run(command, folder)
                if shown:
                    new = new.replace("\n".join(shown), "\n".join(match_lines(shown, printed)), 1)
            parts += [text[at : block.start("text")], new]
            at = block.end("text")
    return "".join([*parts, text[at:]])


def match_lines(shown: list[str], printed: list[str]) -> list[str]:
    """Return the printed lines that stand for the shown ones, each after the one before it."""
    if LEFT_OUT not in shown:
        return printed
    lines, at = [], 0
    for line in shown:
        if line != LEFT_OUT and at < len(printed):
            best = max(range(at, len(printed)), key=lambda i: SequenceMatcher(None, line, printed[i]).ratio())
            line, at = printed[best], best + 1  # noqa: PLW2901
        lines.append(line)
    return lines


if __name__ == "__main__":
    os.environ["COLUMNS"] = "120"
    for page in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        if "```console" in page.read_text(encoding="utf-8"):
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                page.write_text(refresh_page(page, Path(folder)), encoding="utf-8")
