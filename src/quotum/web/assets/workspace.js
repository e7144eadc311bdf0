// <q-workspace src="…" csrf="…">: a plan's numbers as a spreadsheet. Type, paste or fill at any level; the server
// splits, holds bounds and answers what would change; accepting writes it into the draft. Nothing is computed here.
//
//   <q-workspace src="/plans/…/cells" csrf="{{ csrf_token }}">
//     <button data-do="undo">…</button> <button data-do="redo">…</button> <button data-do="explain">…</button>
//     <select data-option="absorb">…</select>           any number of these; sent along as "options"
//     <input data-reason> <button data-do="apply">…</button> <button data-do="discard">…</button>
//     <p data-status role="status"></p> <ul data-issues></ul>
//     <div data-grid aria-label="…"> a plain table for browsers without this script </div>
//   </q-workspace>
//
// GET src answers {
//   "version":  what the draft is now; sent back as "base" with every change,
//   "readonly": true where this user may not change the draft,
//   "numbers":  {"locale": "zh-Hans", "decimals": 2, "shown": 2, "scale": 1, "suffix": "", "mark": "."},
//   "periods":  [{"key", "label", "parent": key or null, "open": bool, "readonly": bool}], parents before their parts,
//   "asides":   [{"key", "label"}]                       read-only columns before the periods (last year, growth …)
//   "rows":     [{"key", "label", "parent": key or null, "children": number, "open": bool, "readonly": bool,
//                 "amounts": [whole numbers of the smallest unit or null, one a period],
//                 "asides": ["text", …], "marks": {"index of period": "floor|cap|lock|hold|fixed"},
//                 "notes": {"index of period": number of comments}}], parents before their children,
//   "steps":    {"undo": what it would undo or null, "redo": likewise},
//   "links":    {"rows", "preview", "apply", "undo", "redo", "explain"}, "explain" and "rows" may be missing,
//   "texts":    {"rows", "was", "saved", "waiting", "moved_on", "failed", "floor", "cap", "lock", "hold", "fixed",
//                "notes", "open", "close"}; "{n}" and "{x}" are filled in
// }
// A row with children that are not there is opened by GET links.rows?parent=KEY -> {"rows": […]}.
//
// POST links.preview {"base", "edits": [{"row", "period", "text"}], "options": {}} -> 200
//   {"changed": {"row key": {"index of period": amount}}, "issues": [issue], "summary": "…"}; texts are as typed
//   ("1,200", "12万", "+5%"): the server reads them. One gesture, a paste of a thousand cells too, is one request.
// POST links.apply the same with "reason" -> 200 {"version", "changed", "steps", "summary"}.
// POST links.undo, links.redo {"base"} -> as apply. All three carry the header Idempotency-Key.
// Refusals: {"error": {"code", "message", "issues": [issue]}}; an issue is {"row", "period",
// "severity": "wrong|warning|note", "text", "remedy"}. 409 also carries "version" and "changed": what others did since
// "base". It is taken in, the edits here stay and are previewed again, so that two editors never lose a number.
//
// Keys: arrows, Tab, Enter and F2 as in a spreadsheet; Left and Right on a name close and open it; Ctrl+Z, Ctrl+Y;
// Ctrl+Enter accepts; Alt+Enter explains; Escape leaves the grid.
//
// Events: "workspace:explain" {row, period} (cancellable; else links.explain is loaded into [data-drawer] by htmx),
// "workspace:saved" {version}.

import { writer } from "./numbers.js";
import { Sheet } from "./sheet.js";
import { Grid } from "./grid.js";
import "./workspace.css";

const KEYS = {
  "ctrl+z": "undo", "ctrl+z+shift": "redo", "ctrl+y": "redo", "ctrl+enter": "apply", "alt+enter": "explain",
};

class Workspace extends HTMLElement {
  async connectedCallback() {
    if (this.stay) return;
    this.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")?.dataset.do));
    this.addEventListener("change", (event) => event.target.closest("[data-option]") && this.preview());
    // The browser asks before edits that were not accepted are lost.
    this.stay = (event) => this.sheet?.waiting().length && event.preventDefault();
    window.addEventListener("beforeunload", this.stay);
    await this.load();
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.stay);
    this.grid?.stop();
  }

  async load() {
    const response = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    this.state = await response.json();
    this.sheet = new Sheet(this.state);
    this.writeExact = writer({ ...this.state.numbers, shown: this.state.numbers.decimals });
    this.place = this.querySelector("[data-grid]");
    this.grid = new Grid(this.place, this.sheet, this.state, {
      changed: (changes) => this.sheet.record(changes) && this.preview(),
      opened: (row) => this.open(row),
      focused: (row, at) => this.tell(row, at),
      key: (event) => this.key(event),
    });
    this.refreshButtons();
    this.dataset.state = "ready";
  }

  // A row is opened, its children fetched where they are not here yet, or closed.
  async open(row) {
    if (this.sheet.openRows.delete(row.key)) return this.grid.showRows();
    if (!row.loaded && this.state.links.rows) {
      const rows = await this.fetchBelow(row);
      if (!rows) return this.say(this.words("failed"));
      if (!row.loaded) this.sheet.add(rows, row.key);
      row.fetched = true;
    }
    this.sheet.openRows.add(row.key);
    return this.grid.showRows();
  }

  async fetchBelow(row) {
    const link = new URL(this.state.links.rows, location.href);
    link.searchParams.set("parent", row.key);
    const response = await fetch(link, { headers: { Accept: "application/json" } });
    return response.ok ? (await response.json()).rows : undefined;
  }

  // What was fetched below rows is no part of answers: it is asked for again when numbers above it have changed.
  async refreshBelow(changed) {
    for (const row of this.sheet.rows.filter(({ key, fetched }) => fetched && changed?.[key])) {
      for (const { key, amounts, marks } of (await this.fetchBelow(row)) ?? []) {
        const known = this.sheet.rowOf.get(key);
        if (known) Object.assign(known, { amounts, marks: marks ?? {} });
      }
    }
    this.grid.refresh();
  }

  press(name) {
    const doing = {
      undo: () => (this.sheet.takeBack() ? this.preview() : this.step("undo")),
      redo: () => this.step("redo"),
      apply: () => this.apply(),
      discard: () => this.discard(),
      explain: () => this.explain(),
    };
    if (this.sheet && doing[name]) doing[name]();
  }

  key(event) {
    const held = [event.ctrlKey || event.metaKey ? "ctrl" : "", event.altKey ? "alt" : "", event.key.toLowerCase()];
    const name = KEYS[held.filter(Boolean).join("+") + (event.shiftKey ? "+shift" : "")];
    if (name) this.press(name);
    return Boolean(name);
  }

  async preview() {
    this.asking?.abort();
    const edits = this.sheet.waiting();
    if (!edits.length) {
      this.sheet.foresee({}, []);
      return this.show("");
    }
    const asking = (this.asking = new AbortController());
    this.show(this.words("waiting", edits.length));
    const answer = await this.post("preview", { edits, options: this.options() }, asking.signal);
    if (asking.signal.aborted || !answer) return undefined;
    this.sheet.foresee(answer.changed, answer.issues);
    return this.show(answer.summary ?? "");
  }

  // What the edits that can be read would change, where others beside them cannot.
  async previewRest(edits, issues) {
    const wrong = new Set(issues.filter(({ severity }) => severity === "wrong").map((i) => `${i.row}\n${i.period}`));
    const rest = edits.filter(({ row, period }) => !wrong.has(`${row}\n${period}`));
    if (!rest.length || rest.length === edits.length) return {};
    const body = JSON.stringify({ base: this.sheet.version, edits: rest, options: this.options() });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.getAttribute("csrf") };
    const response = await fetch(this.state.links.preview, { method: "POST", headers, body, signal: this.asking?.signal });
    return response.ok ? (await response.json()).changed : {};
  }

  async apply() {
    const edits = this.sheet.waiting();
    if (!edits.length || this.saving) return;
    this.asking?.abort();
    const reason = this.querySelector("[data-reason]");
    const answer = await this.post("apply", { edits, options: this.options(), reason: reason?.value ?? "" });
    if (!answer) return;
    this.sheet.forget(edits);
    if (reason) reason.value = "";
    this.settle(answer);
    if (this.sheet.waiting().length) await this.preview(); // typed while the answer was on its way
  }

  async step(name) {
    if (!this.state.steps?.[name] || this.saving) return;
    const answer = await this.post(name, {});
    if (answer) this.settle(answer);
  }

  settle(answer) {
    this.sheet.accept(answer.version, answer.changed);
    this.state.steps = answer.steps ?? this.state.steps;
    this.show(answer.summary ?? this.words("saved"));
    this.refreshBelow(answer.changed);
    this.dispatchEvent(new CustomEvent("workspace:saved", { bubbles: true, detail: { version: answer.version } }));
  }

  discard() {
    this.asking?.abort();
    this.sheet.forget();
    this.show("");
  }

  explain() {
    const { row, at } = this.grid.current ?? {};
    if (!row || at === undefined) return;
    const detail = { row: row.key, period: this.sheet.periods[at].key };
    const event = new CustomEvent("workspace:explain", { bubbles: true, cancelable: true, detail });
    const drawer = document.querySelector("[data-drawer]");
    if (!this.dispatchEvent(event) || !this.state.links.explain || !drawer || !window.htmx) return;
    const link = new URL(this.state.links.explain, location.href);
    for (const [name, value] of Object.entries(detail)) link.searchParams.set(name, value);
    window.htmx.ajax("GET", link.pathname + link.search, { target: drawer, swap: "innerHTML" });
  }

  // One change sent to the server; undefined when it was refused, which has then been told.
  async post(name, body, signal) {
    this.toggleAttribute("busy", true);
    const sent = JSON.stringify({ base: this.sheet.version, ...body });
    const headers = {
      "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.getAttribute("csrf"),
    };
    if (name !== "preview") {
      // What is sent again after a lost answer has the key it had before, and changes nothing twice.
      if (this.sent !== name + sent) this.sendingKey = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
      this.sent = name + sent;
      headers["Idempotency-Key"] = this.sendingKey;
      this.saving = true;
    }
    try {
      const response = await fetch(this.state.links[name], { method: "POST", headers, body: sent, signal });
      const answer = await response.json();
      if (response.ok) {
        if (name !== "preview") this.sent = undefined;
        return answer;
      }
      return await this.refused(response.status, answer, name, body.edits ?? []);
    } catch (error) {
      if (error.name !== "AbortError") this.show(this.words("failed"));
      return undefined;
    } finally {
      if (name !== "preview") this.saving = false;
      this.toggleAttribute("busy", false);
    }
  }

  async refused(status, answer, name, edits) {
    if (status === 409 && answer.version !== undefined && answer.version !== this.sheet.version) {
      this.sheet.accept(answer.version, answer.changed);
      this.refreshBelow(answer.changed);
      this.sheet.foresee({}, []);
      this.show(answer.error?.message ?? this.words("moved_on"));
      if (name !== "preview" && this.sheet.waiting().length) await this.preview();
      else if (name === "preview") return this.post(name, { edits: this.sheet.waiting(), options: this.options() });
      this.say(answer.error?.message ?? this.words("moved_on"));
      return undefined;
    }
    const issues = answer.error?.issues ?? [];
    this.sheet.foresee(status === 422 ? await this.previewRest(edits, issues) : {}, issues);
    this.show(answer.error?.message ?? this.words("failed"));
    return undefined;
  }

  options() {
    const fields = [...this.querySelectorAll("[data-option]")];
    return Object.fromEntries(fields.map((field) => [field.dataset.option, field.value]));
  }

  show(summary) {
    this.grid.refresh();
    this.refreshButtons();
    this.say(summary);
    this.list([...this.sheet.issues.values()]);
  }

  say(words) {
    const status = this.querySelector("[data-status]");
    if (status) status.textContent = words;
  }

  list(issues) {
    const list = this.querySelector("[data-issues]");
    list?.replaceChildren(
      ...issues.map((issue) => {
        const line = document.createElement("li");
        line.className = `q-${issue.severity}`;
        line.textContent = issue.remedy ? `${issue.text} → ${issue.remedy}` : issue.text;
        return line;
      }),
    );
  }

  refreshButtons() {
    const waiting = this.sheet.waiting().length > 0;
    const steps = this.state.steps ?? {};
    const able = {
      undo: waiting || Boolean(steps.undo), redo: !waiting && Boolean(steps.redo), apply: waiting, discard: waiting,
    };
    for (const [name, can] of Object.entries(able)) {
      for (const button of this.querySelectorAll(`[data-do=${name}]`)) {
        button.disabled = !can || Boolean(this.state.readonly);
        if (steps[name]) button.title = steps[name];
      }
    }
  }

  words(name, n) {
    return (this.state.texts?.[name] ?? "").replace("{n}", n);
  }

  // The cell under the cursor in full: whose, when, exact amount, what bound it, what is wrong. Forms that say
  // data-follows are about it, too.
  tell(row, at) {
    if (at !== undefined) {
      for (const form of document.querySelectorAll("form[data-follows]")) {
        choose(form.elements.row, row.key, row.label);
        choose(form.elements.period, this.sheet.periods[at].key, this.sheet.periods[at].label);
      }
    }
    const place = this.querySelector("[data-cell]");
    if (!place || at === undefined) return;
    const { mark, issue, notes } = this.sheet.look(row, at);
    const said = [row.label, this.sheet.periods[at].label, this.writeExact(this.sheet.amount(row, at))];
    if (mark) said.push(this.words(mark));
    if (notes) said.push(this.words("notes", notes));
    if (issue) said.push(issue.text);
    place.textContent = said.filter(Boolean).join(" · ");
  }
}

// Choose a value in a list; one that it does not have, such as a row of a further cut, is added.
function choose(list, value, label) {
  if (![...list.options].some((option) => option.value === value)) list.add(new Option(label, value));
  list.value = value;
}

customElements.define("q-workspace", Workspace);
