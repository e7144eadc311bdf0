"""What the workspace says: words for the codes that services answer with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quotum.web.bridge.findings import say_finding
from quotum.web.pages.templatetags.amounts import amount
from quotum.web.services.workspace import CellNote, Outcome


def say_note(note: CellNote, decimals: int) -> str:
    """Return a note in words."""
    values = {**note.values, "row": note.row}
    for name in ("theirs", "yours"):
        if isinstance(values.get(name), int):
            values[name] = amount(values[name], decimals)
    if "at" in values:
        values["at"] = date_format(values["at"], "SHORT_DATETIME_FORMAT")
    words = {
        "not_found": _("This number is not in the plan, or not for you."),
        "out_of_reach": _("This number belongs to others; you may change the numbers of your own part."),
        "whole_only": _("Only this member's number of the whole plan can be changed; its months follow the row above."),
        "not_an_amount": _("“%(text)s” is no amount: type 1,200, +5%% or -300."),
        "too_many": _("At most %(most)s cells at a time."),
        "moves_outside": _("This would change numbers outside of your part: let your own people take the difference."),
        "reason_missing": _("Say why the number is held."),
        "end_over": _("The hold would have ended already: choose a later day."),
        "text_missing": _("Say something."),
        "not_a_draft": _("This version is no draft any more; its numbers stay."),
        "too_large": _("The file is too large."),
        "busy": _("Others are changing this draft at this moment; try again."),
        "nothing_to_undo": _("There is nothing of yours to take back."),
        "nothing_to_redo": _("There is nothing of yours to make again."),
        "both_changed": _("%(who)s changed this to %(theirs)s; you typed %(yours)s."),
        "would_move": _("%(who)s has set this to %(theirs)s; your change would make it %(yours)s."),
        "would_move_others": _("%(who)s has set a number that your change would move."),
        "not_together": _("These numbers do not go together: another one that you typed moves this one."),
        "moved": _("Others have changed %(row)s to %(theirs)s since the file was read."),
        "set_by": _("%(who)s set this number on %(at)s."),
    }  # fmt: skip
    return words[note.code] % values


def list_notes(notes: Iterable[CellNote], decimals: int) -> list[dict[str, Any]]:
    """Return notes as the grid shows them."""
    return [
        {"row": note.row, "period": note.period, "severity": note.severity, "text": say_note(note, decimals),
         "remedy": ""}
        for note in notes
    ]  # fmt: skip


def list_findings(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the engine's findings as the grid shows them: they belong to the whole gesture."""
    severities = {"error": "wrong", "conflict": "wrong", "warning": "warning"}
    return [
        {"row": "", "period": str(number), "severity": severities.get(finding["severity"], "note"),
         "text": text, "remedy": remedy}
        for number, finding in enumerate(findings)
        for text, remedy in [say_finding(finding)]
    ]  # fmt: skip


def sum_up(outcome: Outcome, decimals: int) -> str:
    """Return who wins and who loses in a line."""
    parts = [f"{label} {signed(now - before, decimals)}" for label, before, now in outcome.gains[:4]]
    if len(outcome.gains) > 4:
        more = len(outcome.gains) - 4
        parts.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
    before, now = outcome.total
    if now != before:
        parts.insert(0, _("Total %(change)s to %(amount)s") % {
            "change": signed(now - before, decimals), "amount": amount(now, decimals)})  # fmt: skip
    if not parts and outcome.changed:
        return _("Moved in time; nobody's total is different.")
    return "; ".join(parts) or _("Nothing is different.")


def signed(minor: int, decimals: int) -> str:
    """Return a difference with its sign."""
    return ("+" if minor > 0 else "") + amount(minor, decimals)


def grid_texts() -> dict[str, str]:
    """Return the words that the grid's script fills in."""
    return {
        "rows": _("Who"), "was": _("was {x}"), "saved": _("Saved."), "waiting": _("{n} cells waiting …"),
        "moved_on": _("Others have changed this draft; their numbers are shown, yours are kept."),
        "failed": _("That did not work; try again."), "floor": _("raised to its floor"), "cap": _("held at its cap"),
        "lock": _("fixed by a lock"), "hold": _("held"), "fixed": _("cannot be changed here"),
        "notes": _("{n} comments"), "edit": _("Edit"), "open": _("Open"), "close": _("Close"),
    }  # fmt: skip
