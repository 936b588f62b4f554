// Solves a form's challenge in workers while the form is filled in; a form that is sent earlier waits for it.
const proof = document.getElementById("proof");
const told = document.getElementById("check");
const { form, dataset } = proof;
const challenge = JSON.parse(dataset.challenge);
const number = Math.min(4, navigator.hardwareConcurrency || 1);
const workers = [];
let running = false, waiting = null, sent = false;
const tell = (what) => { told.textContent = dataset[what]; };
const end = (what) => {
  running = false;
  workers.forEach((worker) => worker.terminate());
  tell(what);
  if (waiting) form.requestSubmit(waiting);
};
const solved = ({ data }) => {
  if (!running) return;
  if (!data || !data.derivedKey) return end("failed");
  proof.value = btoa(JSON.stringify({ challenge, solution: data }));
  end("solved");
};
proof.value = proof.defaultValue; // of a form that was refused; a browser may have filled another one in
form.addEventListener("submit", (event) => {
  if (running || sent) event.preventDefault();
  if (running) { waiting = event.submitter; tell("waiting"); }
  else sent = true;
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (proof.value) tell("solved");
else if (window.isSecureContext && window.Worker) {
  running = true;
  tell("solving");
  for (let at = 0; at < number; at += 1) {
    const worker = new Worker(dataset.worker);
    worker.onmessage = solved;
    worker.onerror = () => end("failed");
    worker.postMessage({ type: "work", challenge, counterStart: at, counterStep: number });
    workers.push(worker);
  }
} else tell("failed");
