"""A ledger of reasons in words: from the target down, lines that add up."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotum.web.queries.reasons import Reasons

_BASES = {
    "history": gettext_lazy("history"), "forecast": gettext_lazy("forecast"), "potential": gettext_lazy("potential"),
    "ability": gettext_lazy("ability"), "headcount": gettext_lazy("headcount"), "equal": gettext_lazy("equal parts"),
    "working_days": gettext_lazy("working days"), "manual": gettext_lazy("weights given"),
    "market_capacity": gettext_lazy("market capacity"), "market_share": gettext_lazy("market share"),
    "proposal": gettext_lazy("proposal"), "money": gettext_lazy("the money it follows"),
}  # fmt: skip
_WHY = {
    "floor": gettext_lazy("raised to its floor"), "cap": gettext_lazy("held at its cap"),
    "lock": gettext_lazy("fixed by a lock"), "proposal": gettext_lazy("moved towards the proposal"),
    "no_history": gettext_lazy("no history, so ratios to last year do not bind it"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An amount and what it is."""

    amount: int
    words: str
    kind: str = "part"  # part, sum, target


@dataclass(frozen=True, slots=True)
class Block:
    """One step of a ledger."""

    title: str
    lines: list[Line] = field(default_factory=list)


def tell_ledger(reasons: Reasons) -> list[Block]:
    """Return the ledger as blocks of lines; those of a block add up to its last one."""
    found = reasons.explanation
    if found is None:
        return []
    blocks = []
    for way in found.ways:
        layer = _("Commit") if way[0].layer == "commit" else _("What the stretch asks beyond it")
        if way[0].layer in found.target_minor:
            blocks.append(Block(layer, [Line(found.target_minor[way[0].layer], _("the target"), "target")]))
        for step in way:
            name = reasons.names.get((step.dimension, step.member), step.member)
            if step.num_members == 1:
                blocks.append(Block(name, [Line(step.amount_minor, _("all of it"), "sum")]))
                continue
            lines = [Line(line.amount_minor, _tell(line.what, line.basis, line.part, line.weight, line.weight_of_all))
                     for line in step.lines]  # fmt: skip
            why = str(_WHY.get(step.why, ""))
            end = _("%(name)s, %(why)s") % {"name": name, "why": why} if why else name
            title = _("%(name)s, %(layer)s") % {"name": name, "layer": layer}
            if step.share:
                title = _("%(name)s: %(share)s, one of %(members)s") % {
                    "name": name, "share": f"{step.share:.1%}", "members": step.num_members}  # fmt: skip
            blocks.append(Block(title, [*lines, Line(step.amount_minor, end, "sum")]))
    rest = [Line(way[-1].amount_minor, str(_("Commit") if way[-1].layer == "commit" else _("Beyond it")))
            for way in found.ways]  # fmt: skip
    rest += [Line(line.amount_minor, _("handed down on top by step %(step)s") % {"step": line.basis})
             for line in found.hedges]  # fmt: skip
    rest += [Line(line.amount_minor, _("changed since: %(what)s") % {"what": line.basis or _("of others")})
             for line in found.revisions]  # fmt: skip
    if found.dates is not None:
        rest.append(Line(found.dates.amount_minor, _("due on other dates of the plan")))
    if len(rest) > 1:
        blocks.append(Block(_("Together"), [*rest, Line(found.amount_minor, _("this number"), "sum")]))
    return blocks


def _tell(what: str, basis: str, part: float, weight: float, of_all: float) -> str:
    """Return the words of one line of a step."""
    if what == "basis" and not of_all:
        return _("by %(basis)s") % {"basis": _BASES.get(basis, basis)}
    if what == "basis":
        values = {"part": f"{part:.0%}", "basis": _BASES.get(basis, basis), "weight": f"{weight:,.2f}",
                  "all": f"{of_all:,.2f}"}  # fmt: skip
        if part < 1:
            return _("%(part)s by %(basis)s: %(weight)s of %(all)s") % values
        return _("by %(basis)s: %(weight)s of %(all)s") % values
    return {
        "proposals": _("proposals and bounds"), "prices": _("prices: dearer or cheaper than the others'"),
        "bounds": _("bounds, own or of others"), "rounding": _("rounding to whole units"),
    }.get(what, what)  # fmt: skip
