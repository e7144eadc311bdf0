// The JSON a page gives to one of its elements: inline beside it (for="id of a script of type application/json")
// or at an address (src="…").

export async function given(element) {
  const inline = element.getAttribute("for");
  if (inline) return JSON.parse(document.getElementById(inline).textContent);
  const response = await fetch(element.getAttribute("src"), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return response.json();
}

// What stands in an element is what people see without this script (a table, a list). It stays in place, folded away
// under the words of data-fallback, or as it is where the element names none.
export function foldFallback(element) {
  const words = element.dataset.fallback;
  if (!words || element.querySelector(":scope > details")) return;
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = words;
  details.append(summary, ...element.childNodes);
  element.append(details);
}
