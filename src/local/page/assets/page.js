// Keeps the page in step with the server. Without it, every link and form works all the same.
"use strict";

const parser = new DOMParser();
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// ── What the server drew, put into place ─────────────────────────────────────────────────────────

function take(html, address) {
  const fresh = parser.parseFromString(html, "text/html");
  if (!fresh.body.dataset.run || fresh.body.dataset.run !== document.body.dataset.run || $("#talk", fresh)?.className !== $("#talk")?.className) {
    location.assign(address); // a server started anew, or a view of another kind
    return;
  }
  const moved = new URL(address, location.href).pathname + new URL(address, location.href).search;
  const isElsewhere = moved !== location.pathname + location.search;
  if (isElsewhere) history.pushState(null, "", moved);
  document.title = fresh.title;
  document.body.dataset.base = fresh.body.dataset.base;
  const focus = document.activeElement?.id;
  const talk = $("#talk"), now = $("#talk", fresh);
  const thread = $("#thread")?.dataset.key, threadNow = $("#thread", fresh)?.dataset.key;
  const isOther = talk && now && talk.dataset.key !== now.dataset.key;
  if (isOther) $("#main").replaceWith($("#main", fresh));
  if (thread !== threadNow) {
    $("#beside").replaceWith($("#beside", fresh));
    if (threadNow) $("#replies").scrollTop = $("#replies").scrollHeight;
  }
  for (const list of $$("[data-keyed]")) inStep(list, $("#" + list.id, fresh));
  if (isOther) ready();
  for (const part of $$("[data-live]")) swap(part, $("#" + part.id, fresh));
  inView();
  inModal($("#modal", fresh));
  const again = focus && document.getElementById(focus);
  if (again && document.activeElement !== again && !$("dialog[open]")) again.focus({ preventScroll: true });
  if (thread !== threadNow && !isOther && !$("dialog[open]")) $(threadNow ? "#line-thread" : "#line")?.focus({ preventScroll: true });
}

// A part is replaced only when the server drew it differently than last time.
const drawn = new WeakMap();
function swap(part, fresh) {
  if (!fresh) return;
  const before = drawn.get(part) ?? part.outerHTML;
  const open = $$("details[open]", part).map((one) => one.id);
  const scrolled = $$("[tabindex='0']", part).map((one) => one.scrollTop);
  if (before === fresh.outerHTML) return;
  drawn.set(fresh, fresh.outerHTML);
  const kept = $$("input:not([type=hidden]), select, textarea", part).filter((one) => one.id);
  part.replaceWith(fresh);
  $$("[tabindex='0']", fresh).forEach((one, at) => { one.scrollTop = scrolled[at] ?? 0; });
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const one of kept) keep(one, document.getElementById(one.id));
}

function keep(before, after) {
  if (!after || after.type !== before.type) return;
  if (before.type === "checkbox" || before.type === "radio") after.checked = before.checked;
  else after.value = before.value;
}

// A list whose items have names: only what differs is touched, so that a reader hears only the news.
function inStep(list, fresh) {
  if (!fresh) return;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  let at = list.firstElementChild;
  let n = 0;
  const wanted = new Set([...fresh.children].map((one) => one.id));
  for (const old of [...list.children]) if (!wanted.has(old.id)) old.remove();
  at = list.firstElementChild;
  for (const item of [...fresh.children]) {
    const old = document.getElementById(item.id);
    if (old && old.parentElement === list) {
      if (old !== at) list.insertBefore(old, at);
      else at = at.nextElementSibling;
      swap(old, item);
    } else {
      drawn.set(item, item.outerHTML);
      list.insertBefore(item, at);
      n += 1;
    }
  }
  if (list.dataset.keyed !== "top" && (atEnd || n)) list.scrollTop = list.scrollHeight;
}

// Where somebody is stays to be seen, also where places stand in a row that is too long.
function inView() {
  $("#side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

let returnTo = null;
function inModal(fresh) {
  const box = $("#modal");
  const old = $("dialog", box), now = $("dialog", fresh);
  if (!now) {
    if (!old) return;
    old.close();
    box.replaceChildren();
    const back = (returnTo && document.getElementById(returnTo)) || $("#line") || $("#main");
    returnTo = null;
    // The dialog gave the focus back while all below it was still inert: Chromium would not let anybody type.
    back.blur();
    requestAnimationFrame(() => back.focus({ preventScroll: true }));
    return;
  }
  if (old?.dataset.version === now.dataset.version) return;
  if (!old) returnTo = document.activeElement?.id || null;
  const isSame = old && $("form", old).dataset.view === $("form", now).dataset.view;
  const kept = isSame ? $$("input:not([type=hidden]), select, textarea", old) : [];
  old?.close();
  box.replaceChildren(now);
  for (const one of kept) keep(one, one.id && document.getElementById(one.id));
  show(now);
}

function show(dialog) {
  dialog.close();
  dialog.showModal();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    $("#form-close", dialog).click();
  });
  const wrong = $("[aria-invalid=true]", dialog);
  (wrong || $("[autofocus]", dialog) || $(".inside input:not([type=hidden]), .inside textarea, .inside select, .inside button", dialog) || $("#form-close", dialog)).focus();
}

// ── Forms and links, without loading the page anew ───────────────────────────────────────────────

// Of two answers that cross, the one to the newer question counts.
let nBusy = 0, nLoads = 0;
async function load(address, body) {
  const n = ++nLoads;
  document.body.toggleAttribute("data-busy", ++nBusy > 0);
  try {
    const answer = await fetch(address, body ? { method: "POST", body: new URLSearchParams(body), headers: { "content-type": "application/x-www-form-urlencoded" } } : {});
    const html = await answer.text();
    if (n === nLoads) take(html, answer.url); else isAsked = true;
    away(false);
  } catch {
    away(true);
  } finally {
    document.body.toggleAttribute("data-busy", --nBusy > 0);
    if (!nBusy && isAsked) look();
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  event.preventDefault();
  if (form.dataset.sending) return;
  if (button?.dataset.confirm && !confirm(button.dataset.confirm)) return;
  const body = [...new FormData(form, button)].filter(([, value]) => typeof value === "string");
  form.dataset.sending = "yes";
  for (const menu of $$("details.menu[open]")) menu.removeAttribute("open");
  const line = button?.matches("#send, #send-thread") ? $("textarea", form) : null;
  if (line) { line.value = ""; fit(line); hints(); }
  try {
    await load(button?.getAttribute("formaction") || form.getAttribute("action"), body);
  } finally {
    delete form.dataset.sending;
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.removeAttribute("open");
  const option = event.target.closest("[role=option]");
  if (option) return choose(option);
  const copy = event.target.closest("[data-copy]");
  if (copy) return copied(copy);
  if (link?.dataset.press) pressed(link);
  if (!link || !isPlain || link.target || link.origin !== location.origin || link.classList.contains("skip")) return;
  event.preventDefault();
  load(link.href);
});

document.addEventListener("toggle", ({ target }) => {
  if (target.matches("details.menu[open]")) $(".choices", target).scrollIntoView({ block: "nearest" });
}, true);

addEventListener("popstate", () => load(location.href));

// A button that leads elsewhere is told of as well, and leads there all the same.
function pressed(link) {
  const form = link.closest("form");
  const body = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  load(link.dataset.action || form.getAttribute("action"), [...body, ["press", link.dataset.press]]);
}

async function copied(button) {
  const text = await (await fetch(button.dataset.copy)).text();
  try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
  catch { button.textContent = "See below"; const box = document.createElement("pre"); box.tabIndex = 0; box.textContent = text; button.after(box); }
}

// ── The composer ─────────────────────────────────────────────────────────────────────────────────

let picked = -1;
const offered = () => $$("#hints [role=option]:not([hidden])");

function fit(line) {
  line.rows = Math.min(8, line.value.split("\n").length);
}

// "/ti" is short for "/coach ti".
const starts = (line, typed) => line.startsWith(typed) || line.split(" ").slice(1).join(" ").startsWith(typed.slice(1) || "/");

function hints(isOpen = true) {
  const line = $("#line"), list = $("#hints");
  if (!line) return;
  const typed = line.value.toLowerCase();
  let n = 0;
  for (const option of $$("[role=option]", list)) {
    const isMeant = isOpen && typed.startsWith("/") && !typed.includes("\n") && starts(option.dataset.line, typed.trimEnd());
    option.hidden = !isMeant;
    if (isMeant) n += 1;
    option.setAttribute("aria-selected", "false");
  }
  list.hidden = n === 0;
  line.removeAttribute("aria-activedescendant");
  picked = -1;
}

function pick(step) {
  const all = offered();
  if (!all.length) return;
  picked = (picked + step + all.length) % all.length;
  if (picked < 0) picked = 0;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === picked)));
  all[picked].scrollIntoView({ block: "nearest" });
  $("#line").setAttribute("aria-activedescendant", all[picked].id);
}

function choose(option) {
  const line = $("#line");
  line.value = option.dataset.line + ($(".args", option) ? " " : "");
  hints(false);
  line.focus();
}

document.addEventListener("input", (event) => {
  if (event.target.matches(".composer textarea")) fit(event.target);
  if (event.target.id === "line") hints();
});

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (target.id === "line" && !event.isComposing) {
    const isOpen = !$("#hints").hidden;
    if (isOpen && (key === "ArrowDown" || key === "ArrowUp")) { event.preventDefault(); pick(key === "ArrowDown" ? 1 : picked < 0 ? 0 : -1); }
    else if (isOpen && key === "Escape") { event.preventDefault(); hints(false); }
    else if (isOpen && picked >= 0 && (key === "Enter" || key === "Tab")) { event.preventDefault(); choose(offered()[picked]); }
    else if (isOpen && key === "Tab" && !event.shiftKey && offered().length === 1 && offered()[0].dataset.line !== target.value.trim()) { event.preventDefault(); choose(offered()[0]); }
    else if (key === "Enter" && !event.shiftKey) { event.preventDefault(); target.form.requestSubmit($("#send")); }
    return;
  }
  if (target.id === "line-thread" && key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    return target.form.requestSubmit($("#send-thread"));
  }
  const menu = target.closest?.("details.menu");
  if (menu && key === "Escape") { menu.removeAttribute("open"); $("summary", menu).focus(); event.stopPropagation(); event.preventDefault(); }
  if (menu && (key === "ArrowDown" || key === "ArrowUp")) {
    event.preventDefault();
    menu.setAttribute("open", "");
    const all = $$(".choices button, .choices a", menu);
    const at = all.indexOf(document.activeElement);
    all[(at + (key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
  }
  if (key === "Escape" && !event.defaultPrevented && target.closest?.("#thread")) $("#thread-close").click();
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  if (key === "/" && !isTyping && !$("dialog[open]") && $("#line")) {
    event.preventDefault();
    $("#line").focus();
    if (!$("#line").value) { $("#line").value = "/"; hints(); }
  }
});

// ── Live ─────────────────────────────────────────────────────────────────────────────────────────

function away(isAway) {
  $("#lost").hidden = !isAway;
}

let isLooking = false, isAsked = false;
async function look() {
  isAsked = true;
  if (isLooking || nBusy) return;
  isLooking = true;
  while (isAsked) {
    isAsked = false;
    const n = nLoads;
    try {
      const answer = await fetch(location.href);
      const html = await answer.text();
      if (nBusy) { isAsked = true; break; }
      // Somebody went elsewhere meanwhile: this is what they had before.
      if (n !== nLoads) { isAsked = true; continue; }
      if (answer.ok) take(html, answer.url); else location.assign("/");
      away(false);
    } catch { away(true); break; }
  }
  isLooking = false;
}

function listen() {
  const events = new EventSource("/events");
  events.onmessage = look;
  events.onopen = look;
  events.onerror = () => {
    away(true);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  };
}

// While somebody writes, saved files are news too.
let savings = null;
function watchShelf() {
  if (!$("[data-saved]") === !savings) return;
  savings?.close();
  savings = $("[data-saved]") ? new EventSource("/events?of=shelf") : null;
  if (savings) savings.onmessage = look;
}

function ready() {
  watchShelf();
  const items = $("#items");
  if (items && items.dataset.keyed !== "top") items.scrollTop = items.scrollHeight;
  const line = $("#line");
  if (line) fit(line);
  if ($("#replies")) $("#replies").scrollTop = $("#replies").scrollHeight;
}

for (const part of $$("[data-live], [data-keyed] > *")) drawn.set(part, part.outerHTML);
const first = $("dialog");
if (first) show(first);
ready();
inView();
listen();
