"""Every word of the pages and of findings in every language: nothing missing, nothing doubtful, every blank kept."""

import re
import sys
from pathlib import Path

import pytest
from django.utils.translation import override

from quotum.engine.basics.issues import Issue
from quotum.web.bridge.findings import say_finding, say_issue

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
from messages import LANGUAGES, extract_catalog, read_catalog

_BLANK = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}|`[^`]*`")
"""Blanks of pages and of findings; what stands in back quotes is typed as it is."""


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


def test_findings_are_told_in_the_readers_language():
    issue = Issue(rule="slice_cannot", value="P01", details=(("wanted", "1,200.50"), ("amount", "2"), ("held", "2")))
    with override("es"):
        assert say_issue(issue)[0].startswith("P01 no puede pasar a 1.200,50: es 2")
    with override("zh-hans"):
        said = say_finding({"rule": "bound_passed", "value": "P01", "details": {"kind": "cap", "bound": "5"}})
    assert "其上限为 5" in said[0]
    assert say_finding({"rule": "of_an_older_quotum", "message": "As it was.", "remedy": ""}) == ("As it was.", "")
