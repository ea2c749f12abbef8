// The page works without this file: it shows how far a file has come, takes one that is dropped, says when
// the session ends, and keeps what was chosen or written when it has ended.
"use strict";

/** The word that signs what a page sends, as it is now; nothing when nobody is logged in any more. */
async function word() {
  const page = await fetch("/tilgjengelighet", { cache: "no-store" });
  if (!page.ok) throw new Error(page.statusText);
  const text = new DOMParser().parseFromString(await page.text(), "text/html");
  return text.querySelector("header input[name=csrf]")?.value;
}

const box = document.getElementById("okt");
const [soon, over] = box ? box.querySelectorAll("p") : [];
let timers = [];

/** Shows the box above an element: what it says first is heard at once. */
function tell(paragraph, before) {
  for (const it of [soon, over]) it.hidden = it !== paragraph;
  box.hidden = false;
  if (before) before.before(box);
  box.focus();
}

/** Begins the session's time anew, and hides what was said of it. */
function begin() {
  if (!box) return;
  box.hidden = true;
  timers.forEach(clearTimeout);
  const minutes = Number(box.dataset.minutes);
  const at = (minute, paragraph) => setTimeout(() => tell(paragraph), minute * 60_000);
  timers = [at(minutes - 2, soon), at(minutes, over)];
}

/** Signs a form anew; false, and says so above it, when nobody is logged in any more. */
async function signed(form) {
  const now = await word();
  if (!now) {
    tell(over, form);
    return false;
  }
  for (const it of document.querySelectorAll("input[name=csrf]")) it.value = now;
  begin();
  return true;
}

if (box) {
  begin();
  soon.querySelector("button").addEventListener("click", async () => {
    try {
      if (await word()) begin();
      else tell(over);
    } catch {
      // No network: the box stays, and the button can be pressed again.
    }
  });
}

// What is written in a form is not lost to a session that has ended: it is sent only when it can be taken.
for (const form of document.querySelectorAll("main form[method=post]:not(.send, .door)")) {
  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready || !box) return;
    event.preventDefault();
    try {
      ready = await signed(form);
    } catch {
      ready = true;
    }
    if (ready) form.requestSubmit(event.submitter);
  });
}

/** Puts what a page says went wrong above the form, which keeps its file. */
function refused(text, input) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  let summary = main?.querySelector(".summary:not(#okt)");
  if (!summary && main) {
    summary = document.createElement("div");
    summary.className = "summary";
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const heading = document.createElement("h2");
    heading.textContent = main.querySelector("h1").textContent;
    summary.append(heading, ...main.querySelectorAll(":scope > p"));
  }
  if (!summary) return false;
  document.querySelector("main > .summary:not(#okt)")?.remove();
  document.getElementById("fil-feil")?.remove();
  const beside = page.getElementById("fil-feil");
  if (beside) {
    input.closest(".drop").after(beside);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "fil-hint fil-feil");
  }
  document.querySelector("main h1").after(summary);
  summary.focus();
  return true;
}

for (const form of document.querySelectorAll("form.send")) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const bar = form.querySelector("progress");
  const status = form.querySelector(".status");
  let busy = false;
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const files = event.dataTransfer.files;
    if (files.length === 1) input.files = files;
    status.textContent = files.length === 1 ? files[0].name : status.dataset.one;
  });
  const idle = (text) => {
    busy = false;
    bar.hidden = true;
    status.textContent = text;
  };
  const send = () => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = (100 * sent.loaded) / sent.total;
      status.textContent = sent.loaded < sent.total ? status.dataset.sending : status.dataset.reading;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) return location.assign(request.responseURL);
      idle("");
      if (request.status === 401) tell(over, form);
      else if (!refused(request.responseText, input)) idle(status.dataset.failed);
    });
    request.addEventListener("error", () => idle(status.dataset.failed));
    request.open("POST", form.action);
    request.send(new FormData(form));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    bar.hidden = false;
    bar.value = 0;
    status.textContent = status.dataset.sending;
    try {
      if (await signed(form)) send();
      else idle("");
    } catch {
      idle(status.dataset.failed);
    }
  });
}
document.querySelector("main > .summary:not([hidden])")?.focus();
// A moment that is waited for: the time that is left, from the server's clock. What is said aloud is said
// three times and at the end; who wants less motion sees whole minutes. Nothing is loaded again by itself.
for (const moment of document.querySelectorAll("[data-until]")) {
  const { until, now, left, over } = moment.dataset;
  const began = Date.now();
  const rest = () => Math.ceil((Number(until) - Number(now)) / 1e6 - (Date.now() - began) / 1e3);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const hour = document.documentElement.lang === "en" ? "h" : "t";
  const clock = document.createElement("p");
  const said = document.createElement("p");
  clock.className = "until";
  clock.setAttribute("role", "timer");
  said.setAttribute("role", "status");
  moment.after(clock, said);
  const words = (seconds) => {
    const parts = [[Math.floor(seconds / 86400), "d"], [Math.floor(seconds / 3600) % 24, hour], [Math.floor(seconds / 60) % 60, "min"]];
    if (!still || seconds < 60) parts.push([seconds % 60, "s"]);
    const first = parts.findIndex(([n]) => n > 0);
    return (first < 0 ? parts.slice(-1) : parts.slice(first)).map((it) => it.join("\u00a0")).join(" ");
  };
  let last = 0;
  const tick = () => {
    const seconds = rest();
    if (seconds <= 0) {
      clock.remove();
      said.textContent = over;
      return;
    }
    clock.textContent = `${left} ${words(seconds)}`;
    if ([3600, 600, 60].some((it) => last > it && seconds <= it)) said.textContent = clock.textContent;
    last = seconds;
    const whole = still && seconds > 60 ? seconds % 60 || 60 : 1;
    setTimeout(tick, whole * 1000);
  };
  tick();
}
