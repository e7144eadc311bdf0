"""The pictures are those that the script beside them draws, and need nothing from outside."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from doc_pages import ROOT

IMAGES = ROOT / "docs" / "images"


def test_pictures_are_as_drawn(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(IMAGES / "draw.py"), str(tmp_path)], check=True)
    drawn = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.svg")}
    assert drawn == {path.name: path.read_text(encoding="utf-8") for path in IMAGES.glob("*.svg")}


def test_pictures_stand_on_their_own() -> None:
    for path in IMAGES.glob("*.svg"):
        root = ET.parse(path).getroot()
        assert {element.tag.partition("}")[2] for element in root.iter()} <= {
            "svg", "title", "rect", "text", "polyline", "polygon",
        }, path.name  # fmt: skip
        assert all("href" not in name for element in root.iter() for name in element.attrib), path.name
