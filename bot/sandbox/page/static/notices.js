// Toasts, alerts, and actions that show a toast if they fail.
const TOAST_MS = 3000;
const $ = (id) => document.getElementById(id);
const timers = {};

export function later(name, delay, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, delay);
}

export function toast(words) {
  $("toast").textContent = words;
  $("toast").hidden = false;
  later("toast", TOAST_MS, () => { $("toast").hidden = true; });
}

export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message);
    return null;
  }
}

export function alertWith(words) {
  $("alert-text").textContent = words;
  if (!$("alert").open) $("alert").showModal();
}
