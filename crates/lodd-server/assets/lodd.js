// The page works without this file: it shows how far a file has come, and takes one that is dropped.
"use strict";
for (const form of document.querySelectorAll("form.send")) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const bar = form.querySelector("progress");
  const status = form.querySelector(".status");
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
    if (event.dataTransfer.files.length === 1) input.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    const failed = () => {
      bar.hidden = true;
      status.textContent = status.dataset.failed;
    };
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = (100 * sent.loaded) / sent.total;
      status.textContent = sent.loaded < sent.total ? status.dataset.sending : status.dataset.reading;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) {
        location.assign(request.responseURL);
        return;
      }
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = page.querySelector("main");
      if (!main) return failed();
      document.querySelector("main").replaceWith(main);
      main.querySelector(".summary, h1").focus();
    });
    request.addEventListener("error", failed);
    request.open("POST", form.action);
    request.send(new FormData(form));
    bar.hidden = false;
    status.textContent = status.dataset.sending;
  });
}
document.querySelector(".summary[role=alert]")?.focus();
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
