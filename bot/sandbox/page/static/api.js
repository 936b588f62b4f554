// The page's calls to the sandbox.

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || "The sandbox did not answer.");
  return body;
}

export async function get(path) {
  return answerOf(await fetch(path));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answerOf(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function remove(path) {
  return answerOf(await fetch(path, { method: "DELETE" }));
}

export async function upload(path, file, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, file.name);
  return answerOf(await fetch(path, { method: "POST", body: form }));
}

// Subscribes to one chat as one person; after a reconnect the first event carries the whole chat.
export class Stream {
  constructor(personId, chatId, onEvent, onLost) {
    this.personId = personId;
    this.open = () => {
      this.source = new EventSource(`/api/people/${personId}/events?chat_id=${chatId}`);
      this.source.onmessage = (event) => onEvent(JSON.parse(event.data));
      this.source.onerror = () => {
        onLost();
        if (this.source.readyState === EventSource.CLOSED) this.retry = setTimeout(this.open, 1000);
      };
    };
    this.open();
  }

  close() {
    clearTimeout(this.retry);
    this.source.close();
  }
}
