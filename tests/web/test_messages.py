"""Every word of the pages in every language: nothing missing, nothing doubtful, every blank kept."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from messages import LANGUAGES, extract_catalog, read_catalog

_BLANK = re.compile(r"%\((\w+)\)[sd]|%[sd%]")


@pytest.fixture(scope="module")
def used():
    return {(message.id, message.context) for message in extract_catalog() if message.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_complete(language, used):
    catalog = read_catalog(language)
    known = {(message.id, message.context): message for message in catalog if message.id}
    missing = sorted(str(key[0]) for key in used if key not in known or not _is_translated(known[key]))
    assert missing == [], "python scripts/messages.py update, then translate"
    assert [message.id for message in known.values() if message.fuzzy] == []
    assert [message.id for message in known.values() if not _keeps_blanks(message)] == []


def _is_translated(message):
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(texts) and all(texts)


def _keeps_blanks(message):
    """Whether each text of a translation has the blanks of the plural, or of the message itself."""
    wanted = set(_BLANK.findall(message.id[1] if isinstance(message.id, tuple) else message.id))
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(set(_BLANK.findall(text)) <= wanted for text in texts) and set(_BLANK.findall(texts[-1])) == wanted
