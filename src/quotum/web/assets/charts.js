// <q-chart for="ID" data-label="What it shows" data-fallback="As a table"><table>…</table></q-chart>
//
// The JSON: {"spec": a Vega-Lite spec with its data inside, "format": d3 number locale, "time": d3 time locale}; the
// two locales may be missing. Amounts may be written with {"format": …, "formatType": "amount"}: the language of the
// page decides, short forms such as 12万 with format "short", whole ones with a number of decimals.
//
// Expressions run in Vega's interpreter, not through eval, and no style element is made: the policy forbids both.

import embed from "vega-embed";
import "./charts.css";
import { foldFallback, given } from "./given.js";

const SHORT = new Map();

function amount(value, how) {
  const key = String(how ?? "short");
  if (!SHORT.has(key)) {
    const options =
      key === "short"
        ? { notation: "compact", maximumSignificantDigits: 4 }
        : key === "brief"
        ? { notation: "compact", maximumSignificantDigits: 3 }
        : { minimumFractionDigits: Number(key), maximumFractionDigits: Number(key) };
    SHORT.set(key, new Intl.NumberFormat(document.documentElement.lang || "en", options));
  }
  return SHORT.get(key).format(value);
}

function config() {
  const style = getComputedStyle(document.body);
  const ink = style.color;
  const line = style.getPropertyValue("--line").trim() || "#d5dddd";
  const quiet = { labelColor: ink, titleColor: ink, domainColor: "#8a94a3", tickColor: "#8a94a3", gridColor: line };
  return {
    background: "transparent",
    font: style.fontFamily,
    customFormatTypes: true,
    axis: quiet,
    legend: { labelColor: ink, titleColor: ink },
    title: { color: ink },
    view: { stroke: null },
    range: { category: ["#2357a5", "#d1661c", "#2c8159", "#8a4fa0", "#b8383f", "#5c6b7c", "#a8861b", "#1b8a99"] },
  };
}

// Paper and letters are the page's, light or dark, whatever a spec that is printed elsewhere says; so are the short
// forms of amounts.
function onPage({ background, title, config = {}, ...spec }, width) {
  const { background: paper, font, axis, ...rest } = config;
  const labelLimit = Math.min(axis?.labelLimit ?? 200, Math.max(70, width * 0.3));
  return {
    width: "container", autosize: { type: "fit-x", contains: "padding" }, ...inShort(spec),
    config: { ...rest, axis: { ...axis, labelLimit } },
  };
}

// Amounts on axes and beside bars in the short form of the reader's language: 5.6M, 560万.
const FORMATS = { ",.4~s": "short", ",.0f": "brief" };
function inShort(part, key) {
  if (Array.isArray(part)) return part.map((each) => inShort(each));
  if (part === null || typeof part !== "object") return part;
  const own = Object.entries(part).map(([name, value]) => [name, name === "tooltip" ? value : inShort(value, name)]);
  const made = Object.fromEntries(own);
  const short = key === "axis" || key === "text" ? FORMATS[made.format] : undefined;
  return short ? { ...made, format: short, formatType: "amount" } : made;
}

// Titles stand above the drawing as text of the page, which breaks lines where Vega would cut them.
function headOf({ title }) {
  const told = typeof title === "string" ? { text: title } : title;
  const head = document.createElement("div");
  head.className = "q-chart-head";
  for (const [tag, text] of [["strong", told?.text], ["span", told?.subtitle]]) {
    if (!text) continue;
    const line = document.createElement(tag);
    line.textContent = [text].flat().join(" ");
    head.append(line);
  }
  return head;
}

class Chart extends HTMLElement {
  async connectedCallback() {
    if (this.view) return;
    const { spec, format, time } = await given(this);
    if (!this.isConnected) return;
    const place = document.createElement("div");
    place.className = "q-chart-drawing";
    foldFallback(this);
    this.prepend(headOf(spec), place);
    const made = await embed(place, onPage(spec, this.clientWidth), {
      ast: true,
      actions: false,
      renderer: "svg",
      mode: "vega-lite",
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
      config: config(),
      formatLocale: format,
      timeFormatLocale: time,
      expressionFunctions: { amount },
    });
    this.view = made.view;
    const drawing = place.querySelector("svg");
    drawing?.setAttribute("role", "img");
    if (this.dataset.label) drawing?.setAttribute("aria-label", this.dataset.label);
    this.dataset.state = "drawn";
  }

  disconnectedCallback() {
    this.view?.finalize();
  }
}

customElements.define("q-chart", Chart);
