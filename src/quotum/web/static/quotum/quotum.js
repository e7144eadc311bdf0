// Small comforts of every page; each page works without them.
document.documentElement.classList.add("has-script");
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submits]");
  if (field) field.form.requestSubmit();
});
// A form that changes something is sent once, however fast it is tapped; the server counts it once all the same.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fills] [data-value]");
  if (button) document.getElementById(button.closest("[data-fills]").dataset.fills).value = button.dataset.value;
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-selects]")) event.target.select();
});
// What is wider than its frame can be moved with the keyboard too.
const reach = () => {
  for (const frame of document.querySelectorAll(".scroll")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
};
addEventListener("resize", reach);
addEventListener("load", reach);
document.addEventListener("htmx:afterSettle", reach);
