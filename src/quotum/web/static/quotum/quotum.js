// Small comforts of every page; each page works without them.
document.documentElement.classList.add("has-script");
document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-submits]");
  if (field) field.form.requestSubmit();
});
