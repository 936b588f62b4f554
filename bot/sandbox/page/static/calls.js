// The page of calls: the bot's newest calls, and the armed faults.
import { get, post, remove } from "./api.js";
import { node } from "./bubbles.js";

const SHOWN = 400;
const POLL_MS = 1000;
const $ = (id) => document.getElementById(id);
let calls = [];
let newest = 0;

const isEmptyPoll = (call) => call.method.toLowerCase() === "getupdates" && call.result?.length === 0;

function isShown(call) {
  if ($("refusals").checked) return call.refusal !== null;
  return $("polls").checked || !isEmptyPoll(call);
}

function pretty(value) {
  return JSON.stringify(value, null, 2);
}

function line(call) {
  const at = new Date(call.at * 1000).toLocaleTimeString([], { hourCycle: "h23" });
  const method = node("span", { className: "method" }, call.method);
  if (call.chat_id !== null) method.append(" ", node("small", {}, `chat ${call.chat_id}`));
  const summary = node("summary", {}, node("span", { className: "when" }, at), method, node("span", { className: "took" }, `${call.milliseconds} ms`));
  if (call.refusal) summary.append(node("span", { className: "refusal" }, call.refusal));
  if (call.fault) summary.append(node("span", { className: "fault" }, `fault: ${call.fault}`));
  for (const note of call.notes) summary.append(node("span", { className: "note" }, `note: ${note}`));
  const made = node("details", { className: "call" }, summary);
  made.addEventListener("toggle", () => {
    if (!made.open || made.querySelector("pre")) return;
    made.append(node("h3", {}, "Parameters"), node("pre", {}, pretty(call.parameters)));
    if (call.refusal === null) made.append(node("h3", {}, "Result"), node("pre", {}, pretty(call.result)));
  });
  return node("li", {}, made);
}

function showAll() {
  $("calls").replaceChildren(...calls.filter(isShown).map(line).reverse());
}

async function poll() {
  const body = await get(`/api/calls?after=${newest}`);
  if (body.total < newest) calls = [];
  newest = body.total;
  calls = [...calls, ...body.calls].slice(-SHOWN);
  for (const call of body.calls.filter(isShown)) $("calls").prepend(line(call));
  while ($("calls").children.length > SHOWN) $("calls").lastChild.remove();
  const words = `${body.total} calls, ${body.refused} refused`;
  if ($("counts").textContent !== words) $("counts").textContent = words;
}

function show(faults) {
  if (!$("kinds").children.length) $("kinds").append(...faults.kinds.map((kind) => node("option", {}, kind)));
  $("armed").replaceChildren(...faults.armed.map((fault) => {
    const where = [fault.method || "any call", fault.chat_id === null ? "" : `chat ${fault.chat_id}`].filter(Boolean).join(", ");
    return node("li", {}, `${fault.kind}: ${where}, ${fault.times} times`);
  }));
  $("flood").checked = faults.flood.on;
  $("exceeded").textContent = faults.flood.exceeded ? `(exceeded ${faults.flood.exceeded} times)` : "";
  $("release").hidden = !faults.held;
}

async function attempt(work) {
  try {
    show(await work);
    $("problem").textContent = "";
  } catch (error) {
    $("problem").textContent = error.message;
  }
}

async function live() {
  if (!document.hidden) await Promise.all([poll().catch(() => {}), attempt(get("/api/faults"))]);
  setTimeout(live, POLL_MS);
}

$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, method, chat_id: chat, times, seconds } = Object.fromEntries(new FormData(event.target));
  const fault = { kind, method: method.trim(), times: Number(times), seconds: Number(seconds), retry_after: Math.ceil(Number(seconds)) };
  if (chat) fault.chat_id = Number(chat);
  attempt(post("/api/faults", fault));
});
$("flood").addEventListener("change", () => attempt(post("/api/faults", { kind: "flood", on: $("flood").checked })));
$("release").addEventListener("click", () => attempt(post("/api/faults", { kind: "release" })));
$("clear").addEventListener("click", () => attempt(remove("/api/faults")));
for (const id of ["refusals", "polls"]) $(id).addEventListener("change", showAll);
live();
