// The chat page: one person in one chat, live.
import { Stream, get, post, upload } from "./api.js";
import { node } from "./bubbles.js";
import { CommandList } from "./commands.js";
import { atRest, showFooter, showHeader, status } from "./frame.js";
import { Groups } from "./groups.js";
import { InlineBox } from "./inline.js";
import { MessageLog } from "./log.js";
import { MiniApps } from "./mini_apps.js";
import { attempt, later, toast } from "./notices.js";
import { Passing } from "./passing.js";
import { PeopleList } from "./people.js";
import { Taps } from "./taps.js";

const $ = (id) => document.getElementById(id);
const TYPING_MS = 5000;
const ACTIONS = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…" };
const START_CODE = /^[A-Za-z0-9_-]{0,64}$/;

const [text, asked] = [$("text"), new URLSearchParams(location.search)];
const state = { id: 0, chat: 0, topic: 0, bot: {}, description: "", start: asked.get("start"), stream: null };

const root = () => `/api/people/${state.id}`;
const person = () => people.find(state.id);
const group = () => groups.find(state.chat);
const place = () => (state.topic ? { chat_id: state.chat, message_thread_id: state.topic } : { chat_id: state.chat });
const mention = () => `@${state.bot.username ?? ""}`;

const acts = {
  say,
  me: () => state.id,
  inGroup: () => Boolean(group()),
  passing: () => passing,
  async copy(words) {
    await attempt(() => navigator.clipboard.writeText(words));
    toast("Copied to the clipboard");
  },
  // What a deep link to this bot or its Mini App does, or null for any other address.
  deepLink(href) {
    const { hostname, pathname, searchParams: query } = new URL(href);
    const [name, app] = pathname.toLowerCase().split("/").slice(1);
    if (hostname !== "t.me" || name !== state.bot.username?.toLowerCase()) return null;
    if (query.has("startapp")) return () => miniApps.open({ start: query.get("startapp") });
    if (query.has("startgroup")) return () => passing.addToGroup(query.get("startgroup"));
    return app ? null : () => this.offerStart(query.get("start") ?? "");
  },
  offerStart(code) {
    if (group()) choose(state.id);
    state.start = code;
    rememberAddress();
    frame();
    $("start").focus();
  },
  async press(button, message, row, column, key) {
    const words = button.switch_inline_query_current_chat ?? button.switch_inline_query;
    const body = { message_id: message.message_id, row, column, chat_id: state.chat };
    if (button.copy_text) await this.copy(button.copy_text.text);
    else if (button.callback_data) await taps.tap(key, () => attempt(() => post(`${root()}/taps`, body)));
    else if (words !== undefined) inline.open(words);
    else if (button.web_app) await miniApps.open(button.web_app);
    else toast("The sandbox can't do what this button does.");
  },
};

const taps = new Taps();
const miniApps = new MiniApps({ sheet: $("mini-app"), frame: $("mini-app-frame"), root });
const passing = new Passing({ input: text, root, me: () => state.id, chat: () => state.chat, chats: ownChats, open: openChat, resized });
const people = new PeopleList($("people-list"), choose);
const commands = new CommandList({ list: $("commands"), button: $("commands-button"), input: text, choose: say });
const log = new MessageLog({ log: $("log"), toEnd: $("to-end"), acts, about: aboutChat });
const inline = new InlineBox({
  box: $("inline"),
  input: $("inline-text"),
  list: $("inline-results"),
  note: $("inline-note"),
  close: $("inline-close"),
  root,
  place,
  sent: () => text.focus(), start: (code) => acts.offerStart(code),
});
const groups = new Groups({
  list: $("group-list"),
  sheet: $("group-sheet"),
  topics: $("topic"),
  choose: openChat,
  me: () => state.id,
  people: () => people.people,
  turn(topic) {
    state.topic = topic;
    log.showTopic(topic);
  },
});

function ownChats() {
  return [{ id: state.id, title: state.bot.first_name }, ...groups.groups.filter((each) => each.members.includes(state.id))];
}

function aboutChat() {
  if (group()) return [node("b", {}, group().title), "No messages here yet."];
  return [node("b", {}, state.bot.first_name ?? ""), state.description || "No messages here yet."];
}

async function say(words) {
  const sent = await attempt(() => post(`${root()}/messages`, { text: words, ...place() }));
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

// Text after the bot's name moves into the box for inline queries.
function typed() {
  resized();
  const begun = `${mention()} `;
  if (!text.value.toLowerCase().startsWith(begun.toLowerCase())) return;
  const words = text.value.slice(begun.length);
  clearText();
  inline.open(words);
}

const events = {
  chat(event) {
    const first = log.isEmpty;
    if (first) taps.answered = event.revision;
    events.people(event);
    log.change(() => {
      log.clear();
      for (const kept of event.messages) log.place(kept, false);
    }, first);
    atRest(group());
    for (const answer of event.answers) taps.show(answer);
  },
  message(event) {
    if (event.message.from.is_bot) atRest(group());
    log.change(() => log.place(event, true), event.message.from.id === state.id);
  },
  deleted(event) {
    log.change(() => log.remove(event.message_id));
  },
  answer: (event) => taps.show(event),
  results: (event) => inline.show(event),
  action(event) {
    status(ACTIONS[event.action] ?? "busy…", true);
    later("typing", TYPING_MS, () => atRest(group()));
  },
  people(event) {
    people.show(event.people, state.id);
    groups.show(event.groups, state.chat);
    frame();
  },
  last(event) {
    people.showLast(event.chat_id, event.last, state.id);
  },
  profile: loadProfile,
};

function frame() {
  showFooter(person(), group(), state.start);
  showHeader(group(), state.bot);
}

async function loadProfile() {
  const profile = await attempt(() => get(`/api/commands?person=${state.id}&chat_id=${state.chat}`));
  if (!profile) return;
  commands.offer(profile.commands);
  state.bot.first_name = profile.name;
  state.description = profile.description;
  frame();
  if (log.isEmpty) log.arrange();
}

function rememberAddress() {
  const query = new URLSearchParams({ person: state.id });
  if (group()) query.set("chat", state.chat);
  if (state.start !== null) query.set("start", state.start);
  history.replaceState(null, "", `?${query}`);
}

function choose(id) {
  if (id !== state.id && state.id) state.start = null;
  state.id = id;
  openChat(id);
}

function openChat(chat) {
  const same = chat === state.chat && state.stream?.personId === state.id;
  state.chat = chat;
  if (!same) {
    state.stream?.close();
    state.topic = 0;
    log.topic = 0;
    taps.waiting.clear();
    inline.hide();
    if (passing.edited !== null) passing.endEdit();
    log.clear();
    state.stream = new Stream(state.id, chat, (event) => events[event.kind]?.(event), () => status("connecting…"));
    loadProfile();
  }
  showPeople(false);
  people.show(people.people, state.id);
  groups.show(groups.groups, chat);
  rememberAddress();
  frame();
}

function showPeople(open) {
  document.body.classList.toggle("choosing", open);
  if (open) $("people-list").querySelector("button")?.focus();
}

async function begin() {
  const known = await attempt(() => get("/api/people"));
  if (!known) return later("begin", 1000, begin);
  state.bot = known.bot;
  people.people = known.people;
  groups.groups = known.groups;
  $("inline-name").textContent = mention();
  if (!START_CODE.test(state.start ?? "")) {
    toast("This start code isn't 1-64 of A-Z, a-z, 0-9, _ and -.");
    state.start = null;
  }
  const chat = groups.find(Number(asked.get("chat")))?.id;
  choose((people.find(Number(asked.get("person"))) ?? known.people[0]).id);
  if (chat) openChat(chat);
  if (asked.has("startapp")) miniApps.open({ start: asked.get("startapp") });
}

async function submitted(form, path, body) {
  const made = await attempt(() => post(path, body));
  if (!made) return null;
  form.reset();
  form.closest("details").open = false;
  const known = await get("/api/people");
  people.people = known.people;
  groups.groups = known.groups;
  return made;
}

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (text.value.trim() && !(await passing.save(text.value))) say(text.value);
});
text.addEventListener("keydown", (event) => {
  if (event.isComposing || commands.handles(event) || event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
text.addEventListener("input", typed);
$("start").addEventListener("click", async () => {
  if (!(await attempt(() => post(`${root()}/start`, { code: state.start ?? "" })))) return;
  state.start = null;
  rememberAddress();
  frame();
  text.focus();
});
$("join").addEventListener("click", () => groups.act("members", {}));
$("file").addEventListener("change", async () => {
  const [file] = $("file").files;
  if (file) await attempt(() => upload(`${root()}/files`, file, place()));
  $("file").value = "";
});
for (const [id, blocked] of [["unblock", () => false], ["block", () => $("block").checked]]) {
  $(id).addEventListener("click", () => {
    $("more").open = false;
    attempt(() => post(`${root()}/block`, { blocked: blocked() }));
  });
}
for (const [id, act] of [["group-open", () => groups.openSheet()], ["to-bot", () => openChat(state.id)], ["inline-open", () => inline.open("")]]) {
  $(id).addEventListener("click", () => {
    $("more").open = false;
    act();
  });
}
$("add-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const added = await submitted(event.target, "/api/people", Object.fromEntries(new FormData(event.target)));
  if (added) choose(added.id);
});
$("add-group").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { title, kind } = Object.fromEntries(new FormData(event.target));
  const body = { person_id: state.id, title, supergroup: kind !== "group", topics: kind === "topics", bot: true };
  const made = await submitted(event.target, "/api/groups", body);
  if (made) openChat(made.id);
});
for (const each of document.querySelectorAll("[data-people]")) each.addEventListener("click", () => showPeople(each.dataset.people === "open"));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") showPeople(false); });
document.addEventListener("click", (event) => { if (!$("more").contains(event.target)) $("more").open = false; });
document.addEventListener("visibilitychange", () => { if (!document.hidden) people.show(people.people, state.id); });
begin();
