// The chat page: one person's chat with the bot, live.
import { Stream, get, post, upload } from "./api.js";
import { bubble, node } from "./bubbles.js";
import { CommandList } from "./commands.js";
import { alertWith, attempt, later, toast } from "./notices.js";
import { PeopleList, dress } from "./people.js";

const $ = (id) => document.getElementById(id);
const TYPING_MS = 5000;
const TAP_MS = 60000;
const ACTIONS = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…" };

const log = $("log");
const text = $("text");
const asked = new URLSearchParams(location.search);
const shown = new Map();
const taps = new Map();
const state = { id: 0, bot: {}, description: "", start: asked.get("start"), stream: null, answered: 0 };

const people = new PeopleList($("people-list"), choose);
const commands = new CommandList({ list: $("commands"), button: $("commands-button"), input: text, choose: say });

const root = () => `/api/people/${state.id}`;
const person = () => people.find(state.id);
function status(words, busy = false) {
  $("status").textContent = words;
  $("status").classList.toggle("busy", busy);
}

const acts = {
  say,
  async copy(words) {
    await attempt(() => navigator.clipboard.writeText(words));
    toast("Copied to the clipboard");
  },
  // The code in a deep link to this bot, or null for any other address.
  startCode(href) {
    const url = new URL(href);
    const ours = url.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === state.bot.username?.toLowerCase();
    return ours ? (url.searchParams.get("start") ?? "") : null;
  },
  offerStart(code) {
    state.start = code;
    footer();
    $("start").focus();
  },
  async press(button, message, row, column, key) {
    if (button.copy_text) await this.copy(button.copy_text.text);
    else if (button.callback_data) await tap(message, row, column, key);
    else toast("The sandbox can't do what this button does.");
  },
};

async function tap(message, row, column, key) {
  if (key.classList.contains("waiting")) return;
  key.classList.add("waiting");
  const body = await attempt(() => post(`${root()}/taps`, { message_id: message.message_id, row, column }));
  if (!body) key.classList.remove("waiting");
  else if (taps.get(body.query_id) === "answered") release(body.query_id, key);
  else taps.set(body.query_id, key);
  if (body) setTimeout(() => release(body.query_id, key), TAP_MS);
}

function release(queryId, key) {
  key?.classList?.remove("waiting");
  taps.delete(queryId);
}

function answered(answer) {
  if (answer.revision <= state.answered) return;
  state.answered = answer.revision;
  const key = taps.get(answer.query_id);
  if (key) release(answer.query_id, key);
  else taps.set(answer.query_id, "answered");
  if (answer.text && answer.show_alert) alertWith(answer.text);
  else if (answer.text) toast(answer.text);
  if (answer.url) toast(`The bot would open ${answer.url}`);
}

async function say(words) {
  const sent = await attempt(() => post(`${root()}/messages`, { text: words }));
  if (sent && text.value.trim() === words.trim()) clearText();
  return sent;
}

function clearText() {
  text.value = "";
  resized();
}

function resized() {
  document.querySelector(".send").disabled = !text.value.trim();
  if (CSS.supports("field-sizing", "content")) return;
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

function toEnd() {
  log.scrollTop = log.scrollHeight;
  $("to-end").hidden = true;
}

// Marks where a day begins and which bubbles belong together.
function arrange() {
  for (const mark of log.querySelectorAll(".day")) mark.remove();
  let before = null;
  for (const message of log.querySelectorAll(".message")) {
    const at = new Date(message.querySelector("time").dateTime);
    const day = at.toLocaleDateString([], { day: "numeric", month: "long" });
    const mine = message.classList.contains("mine");
    if (day !== before?.day) message.before(node("div", { className: "day" }, day));
    message.classList.toggle("joined", before !== null && before.mine === mine && before.day === day);
    before = { day, mine };
  }
  log.querySelector(".about")?.remove();
  if (!before) log.append(node("p", { className: "about" }, node("b", {}, state.bot.first_name ?? ""), state.description || "No messages here yet."));
}

function place({ message }, fresh) {
  const made = bubble(message, acts);
  const old = shown.get(message.message_id);
  if (old) old.replaceWith(made);
  else log.append(made);
  made.classList.toggle("new", fresh && !old);
  shown.set(message.message_id, made);
}

function changed(work, always = false) {
  const follow = always || atEnd();
  work();
  arrange();
  footer();
  if (follow) toEnd();
  else $("to-end").hidden = false;
}

const events = {
  chat(event) {
    const first = shown.size === 0;
    if (first) state.answered = event.revision;
    changed(() => {
      shown.clear();
      log.replaceChildren();
      for (const kept of event.messages) place(kept, false);
    }, first);
    status("bot");
    events.people(event);
    for (const answer of event.answers) answered(answer);
  },
  message(event) {
    if (event.message.from.is_bot) status("bot");
    changed(() => place(event, true), !event.message.from.is_bot);
  },
  deleted(event) {
    changed(() => {
      shown.get(event.message_id)?.remove();
      shown.delete(event.message_id);
    });
  },
  answer: answered,
  action(event) {
    status(ACTIONS[event.action] ?? "busy…", true);
    later("typing", TYPING_MS, () => status("bot"));
  },
  people(event) {
    people.show(event.people, state.id);
    footer();
  },
  profile: loadProfile,
};

function footer() {
  const { started, blocked } = person() ?? {};
  const start = !blocked && (state.start !== null || !started);
  $("unblock").hidden = !blocked;
  $("start").hidden = !start;
  $("composer").hidden = blocked || start;
  $("block").checked = Boolean(blocked);
  $("who-name").textContent = person()?.first_name ?? "";
  if (person()) dress($("who-avatar"), person());
}

async function loadProfile() {
  const profile = await attempt(() => get(`/api/commands?person=${state.id}`));
  if (!profile) return;
  commands.offer(profile.commands);
  state.bot.first_name = profile.name;
  state.description = profile.description;
  $("bot-name").textContent = profile.name;
  $("bot-avatar").textContent = [...profile.name][0]?.toUpperCase() ?? "";
  document.title = `${profile.name} · sandbox chat`;
  if (!shown.size) arrange();
}

function rememberAddress() {
  const query = new URLSearchParams({ person: state.id });
  if (state.start !== null) query.set("start", state.start);
  history.replaceState(null, "", `?${query}`);
}

function choose(id) {
  if (id !== state.id) {
    if (state.id) state.start = null;
    state.id = id;
    state.stream?.close();
    shown.clear();
    taps.clear();
    log.replaceChildren();
    state.stream = new Stream(id, (event) => events[event.kind]?.(event), () => status("connecting…"));
    loadProfile();
  }
  rememberAddress();
  showPeople(false);
  people.show(people.people, id);
  footer();
}

function showPeople(open) {
  document.body.classList.toggle("choosing", open);
  if (open) $("people-list").querySelector("button")?.focus();
}

async function begin() {
  const known = await attempt(() => get("/api/people"));
  if (!known) {
    later("begin", 1000, begin);
    return;
  }
  state.bot = known.bot;
  people.people = known.people;
  choose((people.find(Number(asked.get("person"))) ?? known.people[0]).id);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim()) say(text.value);
});
text.addEventListener("keydown", (event) => {
  if (event.isComposing || commands.handles(event) || event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
text.addEventListener("input", resized);
$("start").addEventListener("click", async () => {
  const code = state.start;
  if (!(await say(code ? `/start ${code}` : "/start"))) return;
  state.start = null;
  rememberAddress();
  footer();
  text.focus();
});
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (file) await attempt(() => upload(`${root()}/files`, file));
  $("file").value = "";
});
for (const [id, blocked] of [["unblock", () => false], ["block", () => $("block").checked]]) {
  $(id).addEventListener("click", () => {
    $("more").open = false;
    attempt(() => post(`${root()}/block`, { blocked: blocked() }));
  });
}
$("to-end").addEventListener("click", toEnd);
log.addEventListener("scroll", () => { if (atEnd()) $("to-end").hidden = true; });
log.addEventListener("load", (event) => { if (event.target.matches?.("img") && $("to-end").hidden) toEnd(); }, true);
$("add-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const added = await attempt(() => post("/api/people", Object.fromEntries(new FormData(form))));
  if (!added) return;
  form.reset();
  form.closest("details").open = false;
  people.people = (await get("/api/people")).people;
  choose(added.id);
});
for (const element of document.querySelectorAll("[data-people]")) {
  element.addEventListener("click", () => showPeople(element.dataset.people === "open"));
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") showPeople(false); });
document.addEventListener("click", (event) => { if (!$("more").contains(event.target)) $("more").open = false; });
document.addEventListener("visibilitychange", () => { if (!document.hidden) people.show(people.people, state.id); });
begin();
