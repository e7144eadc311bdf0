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

// Paper and letters are the page's, light or dark, whatever a spec that is printed elsewhere says.
function onPage({ background, config = {}, ...spec }) {
  const { background: paper, font, ...rest } = config;
  return { width: "container", autosize: { type: "fit", contains: "padding" }, ...spec, config: rest };
}

class Chart extends HTMLElement {
  async connectedCallback() {
    if (this.view) return;
    const { spec, format, time } = await given(this);
    if (!this.isConnected) return;
    const place = document.createElement("div");
    place.className = "q-chart-drawing";
    foldFallback(this);
    this.prepend(place);
    const made = await embed(place, onPage(spec), {
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
