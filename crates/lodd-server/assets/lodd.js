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
