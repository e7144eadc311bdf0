"""The words of the pages and of findings: ``python scripts/messages.py update`` gathers them into the catalogues of
each language, ``compile`` makes what Django reads. Catalogues are committed, what is compiled is not.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parents[1] / "src" / "quotum" / "web"
LANGUAGES = {"zh_Hans": "zh-hans", "zh_Hant": "zh-hant", "es": "es"}
_KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}


def extract_catalog() -> Catalog:
    """Return every message in the web's Python files and templates, and the texts of findings."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    from quotum.adapters.printing.issue_texts import list_words

    if not settings.configured:
        settings.configure()
    catalog = Catalog(project="quotum", charset="utf-8")
    for path in sorted([*WEB.rglob("*.py"), *WEB.rglob("*.html"), *WEB.rglob("*.txt")]):
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else templatize(text)
        for _, message, _, context in extract("python", io.BytesIO(source.encode()), _KEYWORDS):
            catalog.add(message, context=context, flags=("python-format",) if _has_format(message) else ())
    for text in list_words():
        catalog.add(text, context="finding")
    return catalog


def _has_format(message: str | tuple[str, ...]) -> bool:
    first = message if isinstance(message, str) else message[0]
    return "%(" in first


def path_of(language: str) -> Path:
    """Return the catalogue of a language."""
    return WEB / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> Catalog:
    """Return a language's catalogue, an empty one where there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="quotum", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update() -> None:
    """Bring the catalogues up to date: new messages come empty, those no longer used go."""
    found = extract_catalog()
    for language in LANGUAGES:
        catalog = read_catalog(language)
        catalog.update(found, no_fuzzy_matching=True)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalog, width=120, no_location=True, ignore_obsolete=True, sort_output=True,
                     omit_header=True)  # fmt: skip


def compile_all() -> None:
    """Write the .mo files."""
    for language in filter(lambda known: path_of(known).exists(), LANGUAGES):
        with path_of(language).with_suffix(".mo").open("wb") as stream:
            write_mo(stream, read_catalog(language))


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
