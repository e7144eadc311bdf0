// What a workspace knows: rows in a tree, periods in a tree, amounts as they stand in the draft, edits not yet accepted
// and what they would change. No drawing and no network here.

const CELL = "\n"; // joins the keys of a row and a period; neither can hold it

export class Sheet {
  constructor(state) {
    this.version = state.version;
    this.periods = state.periods;
    this.periodAt = new Map(state.periods.map((period, at) => [period.key, at]));
    this.openPeriods = new Set(state.periods.filter((period) => period.open).map((period) => period.key));
    this.rows = [];
    this.rowOf = new Map();
    this.openRows = new Set();
    this.edits = new Map(); // cell -> {row, period, text}, in the order of first touch
    this.gestures = []; // [[cell, text before or undefined], …] a gesture
    this.forget();
    this.add(state.rows, null);
  }

  // Rows of a parent (null: all there are) in the order of the server; they take their places below it.
  add(rows, parent) {
    const at = parent === null ? this.rows.length : this.rows.findIndex((row) => row.key === parent) + 1;
    for (const row of rows) {
      row.depth = row.parent === null ? 0 : (this.rowOf.get(row.parent)?.depth ?? -1) + 1;
      row.marks ??= {};
      row.notes ??= {};
      this.rowOf.set(row.key, row);
      if (row.open) this.openRows.add(row.key);
      const above = this.rowOf.get(row.parent);
      if (above) above.loaded = true;
    }
    this.rows.splice(at, 0, ...rows);
  }

  visibleRows() {
    const hidden = new Set();
    return this.rows.filter((row) => {
      const shut = row.parent !== null && (hidden.has(row.parent) || !this.openRows.has(row.parent));
      if (shut) hidden.add(row.key);
      return !shut;
    });
  }

  visiblePeriods() {
    const hidden = new Set();
    return this.periods.filter(({ key, parent }) => {
      const shut = parent !== null && parent !== undefined && (hidden.has(parent) || !this.openPeriods.has(parent));
      if (shut) hidden.add(key);
      return !shut;
    });
  }

  hasParts(period) {
    return this.periods.some(({ parent }) => parent === period.key);
  }

  // What is shown: the preview's amount where there is one.
  amount(row, at) {
    return this.previewed.get(row.key)?.[at] ?? row.amounts[at];
  }

  // What was typed into a cell and cannot be read; undefined elsewhere.
  unread(row, at) {
    const cell = row.key + CELL + this.periods[at].key;
    return this.issues.get(cell)?.severity === "wrong" ? this.edits.get(cell)?.text : undefined;
  }

  // What a cell is beside its number: names of classes and what to tell about it.
  look(row, at) {
    const cell = row.key + CELL + this.periods[at].key;
    return {
      edited: this.edits.has(cell),
      changed: this.previewed.get(row.key)?.[at] !== undefined,
      issue: this.issues.get(cell),
      mark: row.marks[at],
      notes: row.notes[at] ?? 0,
    };
  }

  fixed(row, at) {
    return Boolean(row.readonly || this.periods[at].readonly || row.marks[at] === "fixed");
  }

  // One gesture: typing, pasting, filling, clearing. Empty text takes an edit back. Tells whether anything differs.
  record(changes) {
    const gesture = [];
    for (const { row, at, text } of changes) {
      if (this.fixed(row, at)) continue;
      const cell = row.key + CELL + this.periods[at].key;
      const before = this.edits.get(cell)?.text;
      const now = String(text ?? "").trim();
      if (now === (before ?? "")) continue;
      gesture.push([cell, before]);
      this.put(cell, now);
    }
    if (gesture.length) this.gestures.push(gesture);
    return gesture.length > 0;
  }

  put(cell, text) {
    const [row, period] = cell.split(CELL);
    if (text) this.edits.set(cell, { row, period, text });
    else this.edits.delete(cell);
  }

  // Take the last gesture back; false when there is none.
  takeBack() {
    const gesture = this.gestures.pop();
    for (const [cell, before] of gesture ?? []) this.put(cell, before);
    return gesture !== undefined;
  }

  // The answer to a preview: {"row key": {"index of period": amount}} and findings.
  foresee(changed, issues) {
    this.previewed = new Map(Object.entries(changed ?? {}));
    this.issues = new Map((issues ?? []).map((issue) => [issue.row + CELL + issue.period, issue]));
  }

  // What now stands in the draft.
  accept(version, changed) {
    this.version = version;
    for (const [key, amounts] of Object.entries(changed ?? {})) {
      const row = this.rowOf.get(key);
      if (row) for (const [at, amount] of Object.entries(amounts)) row.amounts[at] = amount;
    }
  }

  // Edits that were accepted, or all of them; what was typed since stays.
  forget(accepted = this.waiting()) {
    for (const { row, period, text } of accepted) {
      const cell = row + CELL + period;
      if (this.edits.get(cell)?.text === text) this.edits.delete(cell);
    }
    this.gestures = [];
    this.foresee({}, []);
  }

  waiting() {
    return [...this.edits.values()];
  }
}
