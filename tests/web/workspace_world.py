"""A plan of people and months behind the workspace's contract, without Django: a server of a few lines for its tests.

An edit of an inner node scales what is below it in whole units; a change of an outdated version is refused. The page is
sent with the policy of the site.
"""

import json
import threading
from contextlib import AbstractContextManager
from urllib.parse import parse_qs, urlsplit

import numpy as np
from little_site import little_site, page_with

MONTHS = [f"2027-{month:02d}" for month in range(1, 13)]
BODY = """<q-workspace src="/cells" csrf="token">
<button data-do="undo">Undo</button> <button data-do="redo">Redo</button> <button data-do="explain">Explain</button>
<label>Who pays <select data-option="absorb"><option>siblings</option><option>parent</option></select></label>
<label>Reason <input data-reason></label>
<button data-do="apply">Accept</button> <button data-do="discard">Discard</button>
<p data-status role="status"></p><p data-cell aria-live="polite"></p><ul data-issues></ul>
<div data-grid aria-label="Plan"><table><caption>The plan</caption></table></div></q-workspace>"""
TEXTS = {
    "rows": "Who", "was": "was {x}", "saved": "Saved", "waiting": "Asking about {n}", "failed": "Not sent",
    "moved_on": "Somebody was quicker", "floor": "Held by a floor", "cap": "Held by a cap", "lock": "Locked",
    "fixed": "Fixed", "open": "Open", "close": "Close",
}  # fmt: skip


class Plan:
    """`people` rows below `units`, below one company; `lazy` leaves people out of the first answer.

    ``strict``: a preview with an unreadable text is refused as a whole, as the site does.
    """

    def __init__(self, people: int, units: int, *, lazy: bool = False) -> None:
        self.lazy, self.strict = lazy, False
        rng = np.random.default_rng(7)
        self.leaves = rng.integers(500_00, 90_000_00, (people, 12))
        self.unit_of = np.arange(people) % units
        self.versions = [self.leaves.copy()]
        self.undone: list[np.ndarray] = []
        self.version = 1
        self.hold = threading.Event()  # cleared: answers to what changes the draft wait
        self.hold.set()
        self.lock = threading.Lock()
        self.requests: list[tuple[str, dict]] = []
        self.keys = ["all", *(f"U{unit}" for unit in range(units)), *(f"P{person}" for person in range(people))]
        below = [np.arange(people), *(np.flatnonzero(self.unit_of == unit) for unit in range(units))]
        self.below = dict(zip(self.keys, [*below, *(np.array([person]) for person in range(people))], strict=True))

    def table(self, leaves: np.ndarray) -> dict[str, np.ndarray]:
        """Return the year and the months of every row: key -> (13,)."""
        months = {key: leaves[members].sum(axis=0) for key, members in self.below.items()}
        return {key: np.concatenate([[row.sum()], row]) for key, row in months.items()}

    def row(self, key: str, table: dict[str, np.ndarray]) -> dict:
        parent = None if key == "all" else "all" if key[0] == "U" else f"U{self.unit_of[int(key[1:])]}"
        row = {"key": key, "label": f"Row {key}", "parent": parent, "amounts": table[key].tolist()}
        row["open"] = key == "all"
        row["children"] = 0 if key[0] == "P" else len(self.below[key])
        row["asides"] = [f"{table[key][0] // 110:,}"]
        row["marks"] = {"2": "floor", "3": "lock"} if key == "P0" else {"1": "fixed"} if key == "P1" else {}
        return row

    def state(self) -> dict:
        table = self.table(self.leaves)
        keys = [key for unit in self.keys if unit[0] == "U" for key in (unit, *self.people(unit))]
        shown = ["all", *(key for key in keys if key[0] == "U" or not self.lazy)]
        year = {"key": "2027", "label": "2027", "parent": None, "open": True}
        months = [{"key": month, "label": month, "parent": "2027"} for month in MONTHS]
        links = {name: f"/{name}" for name in ("rows", "preview", "apply", "undo", "redo")}
        return {
            "version": str(self.version), "numbers": {"locale": "en", "decimals": 2, "mark": "."}, "texts": TEXTS,
            "periods": [year, *months], "asides": [{"key": "last", "label": "Last year"}], "links": links,
            "rows": [self.row(key, table) for key in shown], "steps": self.steps(),
        }  # fmt: skip

    def people(self, unit: str) -> list[str]:
        return [f"P{person}" for person in self.below[unit]]

    def steps(self) -> dict:
        undo = f"version {self.version - 1}" if len(self.versions) > 1 else None
        return {"undo": undo, "redo": "again" if self.undone else None}

    def apply(self, edits: list[dict]) -> tuple[np.ndarray, list[dict]]:
        """Return the leaves after the edits, and what is wrong with them."""
        leaves, issues = self.leaves.copy(), []
        for edit in edits:
            try:
                wanted = round(float(edit["text"].replace(",", "")) * 100)
            except ValueError:
                words = {"text": f"{edit['text']} is no amount.", "remedy": "Type digits."}
                issues.append({**edit, "severity": "wrong", **words})
                continue
            month = int(edit["period"][5:] or 0)
            months = slice(month - 1, month) if month else slice(0, 12)
            rows = self.below[edit["row"]]
            part = leaves[rows, months]
            real = part * (wanted / part.sum())
            whole = np.floor(real).astype(np.int64)
            most = np.argsort(whole - real, axis=None, kind="stable")[: wanted - whole.sum()]
            whole.reshape(-1)[most] += 1
            leaves[rows, months] = whole
        return leaves, issues

    def changed(self, leaves: np.ndarray, before: np.ndarray) -> dict:
        old, new = self.table(before), self.table(leaves)
        return {
            key: {str(at): int(new[key][at]) for at in np.flatnonzero(new[key] != old[key])}
            for key in self.keys
            if (new[key] != old[key]).any()
        }

    def move_to(self, leaves: np.ndarray) -> dict:
        changed = self.changed(leaves, self.leaves)
        self.leaves, self.version = leaves, self.version + 1
        return {"version": str(self.version), "changed": changed, "steps": self.steps(), "summary": "Saved"}

    def answer(self, name: str, body: dict) -> tuple[int, dict]:
        """Return status and answer of one POST."""
        if name != "preview":
            self.hold.wait(20)
        with self.lock:
            return self.change(name, body)

    def change(self, name: str, body: dict) -> tuple[int, dict]:
        self.requests.append((name, body))
        if body["base"] != str(self.version):
            everything = {key: dict(enumerate(row.tolist())) for key, row in self.table(self.leaves).items()}
            error = {"code": "moved_on", "message": "Somebody was quicker", "issues": []}
            return 409, {"error": error, "version": str(self.version), "changed": everything}
        if name in {"preview", "apply"}:
            leaves, issues = self.apply(body["edits"])
            if name == "preview" and issues and self.strict:
                return 422, {"error": {"code": "refused", "message": issues[0]["text"], "issues": issues}}
            if name == "preview":
                changed = self.changed(leaves, self.leaves)
                return 200, {"changed": changed, "issues": issues, "summary": f"{len(body['edits'])} edits"}
            if issues:
                return 422, {"error": {"code": "wrong", "message": "Nothing was saved", "issues": issues}}
            self.versions.append(leaves)
            self.undone.clear()
            return 200, self.move_to(leaves)
        if name == "undo":
            self.undone.append(self.versions.pop())
            return 200, self.move_to(self.versions[-1])
        self.versions.append(self.undone.pop())
        return 200, self.move_to(self.versions[-1])


def serving(plan: Plan) -> AbstractContextManager[str]:
    """Yield the address of a page with the plan's workspace in it."""

    def answer(method: str, address: str, headers: dict[str, str], body: bytes):
        parts = urlsplit(address)
        if method == "POST":
            assert headers["X-CSRFToken"] == "token"
            assert parts.path == "/preview" or headers["Idempotency-Key"]
            return plan.answer(parts.path[1:], json.loads(body))
        if parts.path == "/cells":
            return 200, plan.state()
        if parts.path == "/rows":
            table = plan.table(plan.leaves)
            people = plan.people(parse_qs(parts.query)["parent"][0])
            return 200, {"rows": [plan.row(key, table) for key in people]}
        return 200, page_with("workspace", BODY)

    return little_site(answer)
