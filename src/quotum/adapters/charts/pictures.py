"""Charts as files: SVG and PNG from the dictionaries, drawn without a browser and without a network."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from quotum.adapters.charts.looks import Spec
from quotum.engine.basics.issues import Issue

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts",
            "/System/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
_HOLD_CJK = re.compile("cjk|notosans(sc|tc|jp|kr)|sourcehan|wqy|droidsansfallback|pingfang|hiragino|stheiti|msyh|simsun"
                       "|simhei|mingliu|uming|ukai|malgun|nanum", re.I)  # fmt: skip
_GRADIENT = re.compile(r"gradient_\d+")
_SCALE = 2.0


def write_pictures(charts: Mapping[str, Spec], folder: Path, fonts: Path | None = None) -> list[Issue]:
    """Write ``NAME.svg``, ``NAME.png`` and ``NAME.json`` (Vega-Lite) of each chart into a folder; return what is wrong.

    ``fonts``: a folder of fonts to use besides those of the machine. Signs that no font has would become boxes without
    a word: Chinese, Japanese and Korean ones are looked for, and told.
    """
    import vl_convert

    issues = check_fonts(charts.values(), fonts)
    if fonts is not None:
        vl_convert.register_font_directory(str(fonts))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, spec in charts.items():
            (folder / f"{name}.json").write_text(_write(spec), encoding="utf-8", newline="\n")
            drawing = _renumber(vl_convert.vegalite_to_svg(spec))
            (folder / f"{name}.svg").write_text(drawing, encoding="utf-8", newline="\n")
            (folder / f"{name}.png").write_bytes(vl_convert.vegalite_to_png(spec, scale=_SCALE))
    except OSError as error:
        issues.append(Issue(rule="file_not_written", file=str(folder), value=error.strerror or str(error)))
    return issues


def check_fonts(charts: Iterable[Spec], fonts: Path | None = None, folders: Iterable[str] = _FOLDERS) -> list[Issue]:
    """Return a warning where a chart has signs of East Asia and no font of the machine is known to hold them."""
    wanted = next((found[0] for spec in charts if (found := _CJK.findall(_write(spec)))), None)
    if wanted is None:
        return []
    places = [Path(folder).expanduser() for folder in folders] + ([fonts] if fonts else [])
    names = (path.name for place in places if place.is_dir() for path in place.rglob("*.[tTo][tT][fFcC]"))
    if any(_HOLD_CJK.search(name.replace("-", "").replace(" ", "")) for name in names):
        return []
    package = "fonts-noto-cjk" if sys.platform == "linux" else "Noto Sans CJK"
    return [Issue(rule="chart_font_missing", severity="warning", value=wanted, details=(("package", package),))]


def _renumber(svg: str) -> str:
    """Return a drawing whose gradients count from 0: the renderer goes on counting from the drawing before."""
    order = {name: f"gradient_{at}" for at, name in enumerate(dict.fromkeys(_GRADIENT.findall(svg)))}
    return _GRADIENT.sub(lambda found: order[found[0]], svg)


def _write(spec: Spec) -> str:
    return json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
