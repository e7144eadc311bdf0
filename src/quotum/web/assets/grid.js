// Draws a Sheet with RevoGrid and turns what people do there into changes.

import { defineCustomElements } from "@revolist/revogrid/loader";
import { exact, writer } from "./numbers.js";

// RevoGrid's runtime puts style elements into the head, which the page's policy refuses; the same rules are adopted as
// constructed sheets, which it allows.
function adoptStyles() {
  const { head } = document;
  const insert = head.insertBefore;
  head.insertBefore = (node, before) => {
    if (node.localName !== "style") return insert.call(head, node, before);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(node.textContent);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return node;
  };
}

let ready = false;

function start() {
  if (ready) return;
  ready = true;
  adoptStyles();
  defineCustomElements();
}

export class Grid {
  constructor(place, sheet, state, heard) {
    start();
    Object.assign(this, { sheet, state, heard, write: writer(state.numbers) });
    this.models = new Map();
    this.texts = this.textsOfCells();
    this.view = document.createElement("revo-grid");
    Object.assign(this.view, {
      columns: this.columns(), source: this.source(), range: true, resize: true, rowSize: 32,
      hideAttribution: true, accessible: true, readonly: Boolean(state.readonly), useClipboard: true,
      canMoveColumns: false, applyOnClose: true, filter: false,
      theme: matchMedia("(prefers-color-scheme: dark)").matches ? "darkCompact" : "compact",
    });
    this.view.setAttribute("aria-label", place.getAttribute("aria-label") ?? "");
    this.listen();
    place.replaceChildren(this.view);
  }

  listen() {
    const on = (name, hear) => this.view.addEventListener(name, hear);
    on("beforeedit", (event) => {
      event.preventDefault();
      const { model, prop, val } = event.detail;
      if (val !== model[prop]) this.send([[model, prop, val]]);
    });
    on("beforerangeedit", (event) => {
      event.preventDefault();
      const { data, models } = event.detail;
      const cellsOf = ([at, cells]) => Object.entries(cells).map(([prop, val]) => [models[at], prop, val]);
      this.send(Object.entries(data).flatMap(cellsOf));
    });
    // Excel ends a copied block with a line break, which would be one more row of nothing.
    on("beforepasteapply", ({ detail }) => {
      const last = detail.parsed.at(-1);
      if (detail.parsed.length > 1 && last.length === 1 && last[0] === "") detail.parsed.pop();
    });
    on("afterfocus", ({ detail }) => {
      const column = detail.column;
      this.current = detail.model && { row: detail.model.row, at: column?.at, line: detail.rowIndex };
      this.onName = column?.prop === "name";
      this.awake = true;
      if (detail.model) this.heard.focused(detail.model.row, column?.at);
    });
    on("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.view.contains(relatedTarget)) this.rest();
    });
    // Heard before the grid hears it. It listens for keys at the document, because a cell that is drawn anew loses the
    // focus to the body; and so do we.
    this.stopping = new AbortController();
    const early = { capture: true, signal: this.stopping.signal };
    const hear = (event) => this.hears(event) && this.pressed(event) && event.stopPropagation();
    document.addEventListener("keydown", hear, early);
    document.addEventListener("mousedown", (event) => this.view.contains(event.target) || (this.awake = false), early);
    on("beforerowrender", ({ detail }) => {
      const model = detail.item && this.shown[detail.item.itemIndex];
      if (!model) return;
      const row = model.row;
      const attributes = { "aria-level": String(row.depth + 1) };
      if (row.children) attributes["aria-expanded"] = String(this.sheet.openRows.has(row.key));
      detail.node.$attrs$ = { ...detail.node.$attrs$, ...attributes };
    });
    on("afterheaderrender", () => {
      for (const line of this.view.querySelectorAll(".header-rgRow")) line.setAttribute("role", "row");
    });
    // Reached by Tab: the cursor stands somewhere at once.
    on("focus", async () => {
      const first = { x: 0, y: 0 };
      if (!(await this.view.getFocused())) await this.view.setCellsFocus(first, first, "rgCol", "rgRow");
    });
  }

  stop() {
    this.stopping.abort();
  }

  hears(event) {
    return this.awake && (event.target === document.body || this.view.contains(event.target));
  }

  // The cursor leaves the grid; which cell it stood in stays known, for the buttons beside the grid.
  rest() {
    this.awake = false;
    return this.view.clearFocus();
  }

  // Keys of our own; true when one was used and the grid shall not see it.
  pressed(event) {
    if (event.target.localName === "input") {
      // Ctrl+Enter while one types: the grid takes the number first, then all is accepted.
      if (event.key === "Enter" && event.ctrlKey) setTimeout(() => this.heard.key(event), 50);
      return false;
    }
    if (event.key === "Escape") {
      this.leave();
      return true;
    }
    const row = this.current?.row;
    if (this.onName && row?.children) {
      const open = this.sheet.openRows.has(row.key);
      const toggles = ["Enter", " ", open ? "ArrowLeft" : "ArrowRight"];
      if (toggles.includes(event.key) && !event.ctrlKey) {
        event.preventDefault();
        this.heard.opened(row);
        return true;
      }
    }
    if (event.key === "F2" && this.current?.at !== undefined) {
      this.view.setCellEdit(this.current.line, `p${this.current.at}`);
      return true;
    }
    if (this.heard.key(event)) {
      event.preventDefault();
      return true;
    }
    return false;
  }

  async leave() {
    await this.rest();
    const around = [...document.querySelectorAll("a[href], button:not(:disabled), input, select, textarea")];
    const follows = (node) => this.view.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    const after = around.find((node) => follows(node) && !this.view.contains(node));
    (after ?? around[0])?.focus();
  }

  send(cells) {
    const changes = cells
      .filter(([model, prop]) => model?.row && String(prop).startsWith("p"))
      .map(([model, prop, text]) => ({ row: model.row, at: Number(String(prop).slice(1)), text }));
    if (changes.length) this.heard.changed(changes);
  }

  // A model a row, kept. The grid reads what is edited and copied from p0, p1, …; each is made when it is read.
  model(row) {
    let model = this.models.get(row.key);
    if (!model) {
      model = Object.create(this.texts);
      Object.assign(model, { row, name: row.label });
      this.models.set(row.key, model);
    }
    return model;
  }

  textsOfCells() {
    const { sheet, state } = this;
    const texts = {};
    for (let at = 0; at < sheet.periods.length; at += 1) {
      Object.defineProperty(texts, `p${at}`, {
        get() {
          return exact(sheet.amount(this.row, at), state.numbers);
        },
      });
    }
    return texts;
  }

  source() {
    this.shown = this.sheet.visibleRows().map((row) => this.model(row));
    return this.shown;
  }

  showRows() {
    this.view.source = this.source();
  }

  // Amounts or marks are different: what is seen is drawn again.
  refresh() {
    return this.view.refresh("all");
  }

  columns() {
    const narrow = matchMedia("(max-width: 600px)").matches; // a phone: names leave room for amounts
    const names = {
      prop: "name", name: this.state.texts?.rows ?? "", pin: "colPinStart", size: narrow ? 130 : 260, readonly: true,
      cellTemplate: (h, { model }) => this.name(h, model.row),
    };
    const asides = (narrow ? [] : this.state.asides ?? []).map(({ label }, at) => ({
      prop: `a${at}`, name: label, size: this.widthOfTexts(label, at), readonly: true,
      cellTemplate: (h, { model }) => h("span", { class: "q-aside" }, model.row.asides?.[at] ?? ""),
    }));
    return [names, ...asides, ...this.sheet.visiblePeriods().map((period) => this.column(period))];
  }

  column(period) {
    const { sheet } = this;
    const at = sheet.periodAt.get(period.key);
    const parts = sheet.hasParts(period);
    return {
      prop: `p${at}`, at, name: period.label, size: this.width(at), readonly: ({ model }) => sheet.fixed(model.row, at),
      columnProperties: () => ({ class: { "q-period": true, "q-whole": parts } }),
      columnTemplate: (h) => (parts ? this.fold(h, period) : period.label),
      cellTemplate: (h, { model }) => sheet.unread(model.row, at) ?? this.write(sheet.amount(model.row, at)),
      cellProperties: ({ model }) => this.properties(model.row, at),
    };
  }

  widthOfTexts(label, at) {
    const longest = this.sheet.rows.reduce((most, row) => Math.max(most, row.asides?.[at]?.length ?? 0), label.length);
    return Math.max(80, 30 + 8 * longest);
  }

  width(at) {
    const most = this.sheet.rows.reduce((longest, row) => Math.max(longest, Math.abs(row.amounts[at] ?? 0)), 0);
    const { label } = this.sheet.periods[at];
    // Chinese characters are twice as wide as digits.
    const letters = [...label].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);
    return Math.max(96, 30 + 8.5 * this.write(-most).length, Math.min(64 + 7.5 * letters, 220));
  }

  properties(row, at) {
    const { edited, changed, issue, mark, notes } = this.sheet.look(row, at);
    const told = [];
    if (changed) told.push((this.state.texts?.was ?? "").replace("{x}", this.write(row.amounts[at])));
    if (mark) told.push(this.state.texts?.[mark] ?? "");
    if (issue) told.push(issue.text);
    const properties = {
      class: {
        "q-amount": true, "q-edited": edited, "q-changed": changed, "q-noted": notes > 0,
        "q-sum": this.sheet.openRows.has(row.key),
        [`q-${mark}`]: Boolean(mark), [`q-${issue?.severity}`]: Boolean(issue),
      },
    };
    if (told.length) properties.title = told.filter(Boolean).join("\n");
    if (issue?.severity === "wrong") properties["aria-invalid"] = "true";
    return properties;
  }

  name(h, row) {
    const open = this.sheet.openRows.has(row.key);
    const words = open ? this.state.texts?.close : this.state.texts?.open;
    const button = h(
      "button",
      {
        type: "button", class: "q-fold", tabIndex: -1, "aria-label": `${words ?? ""} ${row.label}`,
        "aria-expanded": String(open), onClick: () => this.heard.opened(row),
      },
      open ? "▾" : "▸",
    );
    const indent = { paddingLeft: `${row.depth * 16 + (row.children ? 0 : 20)}px` };
    const content = row.children ? [button, row.label] : row.label;
    return h("span", { class: "q-name", style: indent, title: row.label }, content);
  }

  fold(h, period) {
    const open = this.sheet.openPeriods.has(period.key);
    const turn = () => {
      if (!this.sheet.openPeriods.delete(period.key)) this.sheet.openPeriods.add(period.key);
      this.view.columns = this.columns();
    };
    const words = open ? this.state.texts?.close : this.state.texts?.open;
    const about = { type: "button", class: "q-fold", "aria-expanded": String(open), onClick: turn };
    const label = `${words ?? ""} ${period.label}`;
    return [h("button", { ...about, "aria-label": label }, open ? "▾" : "▸"), period.label];
  }
}
