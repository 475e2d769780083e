// A measure that somebody has on the screen is counted in its funnel; the server counts each enterprise once.

const form = document.querySelector("form[data-opened]");
if (form) fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => undefined);
