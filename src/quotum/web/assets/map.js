// <q-map for="ID" data-label="Today's visits" data-fallback="As a list"><ol>…</ol></q-map>
//
// The JSON: {
//   "areas":  GeoJSON FeatureCollection; properties name, colour, href      (optional)
//   "points": [{"lat", "lon", "label", "kind", "number", "href"}],         WGS 84
//   "lines":  [{"points": [[lat, lon], …], "kind"}],
//   "tiles":  {"url", "attribution", "max_zoom", "datum": "wgs84" | "gcj02"}   (optional: else a plain background)
// }
// kind is one of: visit, call, done, missed, home, customer, lost. Points without a number are drawn on one canvas,
// many thousands at once; those with a number (the stops of a day) are marks that can be reached with the keyboard.

import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "./map.css";
import { toGcj02 } from "./datum.js";
import { foldFallback, given } from "./given.js";

const COLOURS = {
  visit: "#2357a5", call: "#8a4fa0", done: "#2c8159", missed: "#b8383f", home: "#1c2733", customer: "#2357a5",
  lost: "#8a94a3",
};

function colour(kind) {
  return COLOURS[kind] ?? COLOURS.customer;
}

// Text, never markup: names of customers come from outside.
function label(point) {
  const words = document.createElement(point.href ? "a" : "span");
  words.textContent = point.number ? `${point.number}. ${point.label}` : point.label;
  if (point.href) words.href = point.href;
  return words;
}

class PlaceMap extends HTMLElement {
  async connectedCallback() {
    if (this.map) return;
    const data = await given(this);
    if (!this.isConnected) return;
    const place = document.createElement("div");
    place.className = "q-map-drawing";
    place.setAttribute("role", "region");
    if (this.dataset.label) place.setAttribute("aria-label", this.dataset.label);
    foldFallback(this);
    this.prepend(place);
    this.draw(place, data);
    this.dataset.state = "drawn";
  }

  draw(place, data) {
    const map = L.map(place, {
      preferCanvas: true, attributionControl: Boolean(data.tiles), zoomSnap: 0.5, scrollWheelZoom: "center",
    });
    this.map = map;
    const shown = data.tiles?.datum === "gcj02" ? toGcj02 : (lat, lon) => [lat, lon];
    if (data.tiles) {
      const { url, attribution, max_zoom: maxZoom = 18 } = data.tiles;
      L.tileLayer(url, { attribution, maxZoom }).addTo(map);
    }
    const everything = L.featureGroup();
    if (data.areas) {
      L.geoJSON(data.areas, {
        coordsToLatLng: ([lon, lat]) => L.latLng(...shown(lat, lon)),
        style: ({ properties }) => ({ color: properties.colour ?? "#5c6b7c", weight: 1, fillOpacity: 0.15 }),
        onEachFeature: ({ properties: { name, href } }, layer) => layer.bindPopup(() => label({ label: name, href })),
      }).addTo(everything);
    }
    for (const line of data.lines ?? []) {
      const path = line.points.map(([lat, lon]) => shown(lat, lon));
      L.polyline(path, { color: colour(line.kind), weight: 2, opacity: 0.7, dashArray: "6 4" }).addTo(everything);
    }
    for (const point of data.points ?? []) this.mark(point, shown).addTo(everything);
    everything.addTo(map);
    const bounds = everything.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 14 });
    else map.setView([0, 0], 1);
  }

  mark(point, shown) {
    const at = shown(point.lat, point.lon);
    if (point.number === undefined) {
      const dot = { radius: 5, weight: 1, color: "#fff", fillColor: colour(point.kind), fillOpacity: 0.85 };
      return L.circleMarker(at, dot).bindPopup(() => label(point));
    }
    const className = `q-stop q-stop-${point.kind}`;
    const icon = L.divIcon({ className, html: String(Number(point.number)), iconSize: [28, 28] });
    return L.marker(at, { icon, title: point.label, alt: point.label, keyboard: true }).bindPopup(() => label(point));
  }

  disconnectedCallback() {
    this.map?.remove();
    this.map = null;
  }
}

customElements.define("q-map", PlaceMap);
