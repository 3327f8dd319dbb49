// What the pages need in the browser and Blazor does not give: theme, times that grow older by themselves, live cells, menus, copy, the reconnect bar.
// Plain script, no build step, works on the static account pages too. Listeners are delegated, so nothing has to be attached after a render.
(() => {
  "use strict";
  const root = document.documentElement;

  // ---- theme: the cookie is read by the server, so that the first paint is right ----
  const themes = ["system", "light", "dark"];
  const theme = () => themes.includes(root.dataset.theme) ? root.dataset.theme : "system";

  function chooseTheme(next) {
    if (next === "system") { delete root.dataset.theme; } else { root.dataset.theme = next; }
    document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    markTheme();
    document.dispatchEvent(new Event("portal:theme"));
  }

  function markTheme() {
    for (const item of document.querySelectorAll("[data-theme-choice]")) {
      item.setAttribute("aria-checked", String(item.dataset.themeChoice === theme()));
    }
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("portal:theme")));

  // ---- times: the same words as Numbers.Relative on the server ----
  // Zone and form are the person's, written on the document by the server and changed by the page of preferences.
  const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = () => root.dataset.zone ?? browserZone;
  const formats = new Map();

  function absolute(at) {
    const name = zone();
    if (!formats.has(name)) {
      const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" };
      try {
        formats.set(name, new Intl.DateTimeFormat("sv-SE", { ...fields, timeZone: name }));
      } catch {
        // A zone that the server knows and this browser does not.
        formats.set(name, new Intl.DateTimeFormat("sv-SE", fields));
      }
    }
    return formats.get(name).format(at);
  }

  function span(seconds) {
    if (seconds < 60) { return `${seconds} s`; }
    if (seconds < 3600) { return `${Math.floor(seconds / 60)} min`; }
    if (seconds < 86400) { return `${Math.floor(seconds / 3600)} h`; }
    return `${Math.floor(seconds / 86400)} d`;
  }

  function relative(at, now) {
    const seconds = Math.round((now - at) / 1000);
    if (seconds <= -5) { return `in ${span(-seconds)}`; }
    return seconds < 5 ? "now" : `${span(seconds)} ago`;
  }

  // The text node is changed, never replaced: it is Blazor's, and its next difference must still find it.
  function setText(element, text) {
    const node = element.firstChild;
    if (!node) { element.textContent = text; } else if (node.nodeValue !== text) { node.nodeValue = text; }
  }

  function age() {
    if (document.hidden) { return; }
    const now = Date.now();
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const at = Date.parse(element.dateTime);
      setText(element, root.dataset.times === "absolute" ? absolute(at) : relative(at, now));
    }
    for (const element of document.querySelectorAll("time[data-absolute]")) {
      setText(element, absolute(Date.parse(element.dateTime)));
    }
  }

  setInterval(age, 1000);

  // What Blazor adds shows the server's words until they are aged, and sparklines without a line: at once, before the next paint, or the zone would jump.
  let added = 0;
  new MutationObserver(() => { added ||= requestAnimationFrame(() => { added = 0; age(); drawAdded(); showTab(); }); }).observe(root, { childList: true, subtree: true });

  function explainTime(event) {
    const element = event.target.closest?.("time[datetime]");
    if (element) { element.title = `${absolute(Date.parse(element.dateTime))} · ${relative(Date.parse(element.dateTime), Date.now())} · ${zone()}`; }
  }

  document.addEventListener("pointerover", explainTime);
  document.addEventListener("focusin", explainTime);

  // ---- live cells: one call carries all that changed; [key, text, point] ----
  // One walk through the document for all of them: a look-up by selector is such a walk for each, some two hundred times for fifty rows.
  function patch(cells) {
    const elements = Map.groupBy(document.querySelectorAll("[data-cell]"), (element) => element.dataset.cell);
    for (const [key, text, point = null] of cells) {
      for (const element of elements.get(key) ?? []) {
        if (element.matches("svg")) { if (point !== null) { extend(element, point); } } else if (text !== null) { setText(element, text); }
      }
    }
  }

  // A sparkline holds its points beside the attribute that they were rendered with; a new rendering wins.
  function read(svg) {
    const rendered = svg.dataset.points ?? "";
    if (svg.rendered === rendered) { return false; }
    svg.rendered = rendered;
    svg.points = rendered ? rendered.split(" ").map(Number) : [];
    svg.stepped = performance.now();
    return true;
  }

  // Lines are drawn here alone: the server would send three times as many characters as the points have, and keep them for each row.
  function drawAdded() {
    for (const svg of document.querySelectorAll("svg[data-points]")) { if (read(svg)) { draw(svg); } }
  }

  drawAdded();

  function extend(svg, point) {
    read(svg);
    const most = Number(svg.dataset.most || 60);
    const step = Number(svg.dataset.step || 5000);
    if (svg.points.length === 0 || performance.now() - svg.stepped >= step) {
      svg.points.push(point);
      svg.stepped = performance.now();
    } else {
      svg.points[svg.points.length - 1] = point;
    }
    if (svg.points.length > most) { svg.points.splice(0, svg.points.length - most); }
    draw(svg);
  }

  function draw(svg) {
    const { width, height } = svg.viewBox.baseVal;
    const high = Math.max(1, ...svg.points);
    const gap = width / Math.max(1, svg.points.length - 1);
    // One point alone is no line, and its area would be a slope that nobody measured.
    const line = svg.points.length < 2 ? "" : svg.points.map((value, index) => `${index === 0 ? "M" : "L"}${(index * gap).toFixed(1)} ${(height - 1.5 - value / high * (height - 3)).toFixed(1)}`).join(" ");
    svg.querySelector(".l").setAttribute("d", line);
    svg.querySelector(".a").setAttribute("d", line && `${line} L${width} ${height} L0 ${height} Z`);
  }

  // ---- tabs: on a phone they are wider than the screen, and the present one may stand outside of it. Once for each: who moves them keeps them ----
  function showTab() {
    for (const tabs of document.querySelectorAll(".tabs")) {
      const here = tabs.querySelector("[aria-current]");
      if (!here || tabs.shownTab === here.href) { continue; }
      tabs.shownTab = here.href;
      const [all, one] = [tabs.getBoundingClientRect(), here.getBoundingClientRect()];
      tabs.scrollLeft += one.left + one.width / 2 - all.left - all.width / 2;
    }
  }

  // ---- menus: native popovers, placed beside what opened them, with the keys of a menu ----
  const itemsOf = (menu) => [...menu.querySelectorAll("[role^=menuitem]")];
  let opener = null;

  function openMenu(menu, button) {
    if (!menu || !button) { return; }
    opener = button;
    if (!menu.matches(":popover-open")) { menu.showPopover(); }
    const at = button.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8));
    const below = at.bottom + 4;
    menu.style.left = `${left}px`;
    menu.style.top = `${below + size.height > innerHeight - 8 ? Math.max(8, at.top - size.height - 4) : below}px`;
    button.setAttribute("aria-expanded", "true");
    itemsOf(menu)[0]?.focus();
  }

  function closed(event) {
    if (event.newState !== "closed" || !event.target.matches?.(".menu")) { return; }
    opener?.setAttribute("aria-expanded", "false");
    if (event.target.contains(document.activeElement) || document.activeElement === document.body) { opener?.focus(); }
  }

  document.addEventListener("toggle", closed, true);
  document.addEventListener("scroll", () => document.querySelector(".menu:popover-open")?.hidePopover(), { passive: true });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".menu");
    if (!menu) { return; }
    const items = itemsOf(menu);
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[next % items.length]?.focus();
    } else if (event.key === "Tab") {
      menu.hidePopover();
    }
  });

  // ---- a double click is one command. The second half may meet what the first brought there: "Resume" in the place of "Pause", a row below a menu
  // that closed. On one and the same element it counts where repeating it does no harm, as on a box or on "Next" ----
  const commands = "button.btn:not([aria-pressed], [aria-expanded]), [role=menuitem]";
  const clickable = "button, a, input, select, textarea, summary, [role=option]";
  let clicked = null;

  function dropSecond(event) {
    const target = event.target.closest?.("label")?.control ?? event.target.closest?.(clickable) ?? event.target;
    const isDropped = event.detail > 1 && clicked?.matches(clickable) && (target !== clicked || target.matches(commands));
    if (isDropped) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.type === "click") {
      clicked = target;
    }
  }

  document.addEventListener("click", dropSecond, true);
  // Or it would select the words that have come under the pointer.
  document.addEventListener("mousedown", dropSecond, true);

  // Nor is a key that is held down a command again and again.
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.key === "Enter" && event.target.matches?.(`a, ${commands}`)) { event.preventDefault(); }
  }, true);

  // ---- clicks that need no server ----
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-copy], [data-theme-choice], [data-menu], [data-drawer-toggle], .menu [role^=menuitem], .nav a, .veil.drawer");
    if (!target) { return; }
    if (target.dataset.copy !== undefined) {
      event.preventDefault();
      copy(target.dataset.copy, target);
    } else if (target.dataset.themeChoice) {
      chooseTheme(target.dataset.themeChoice);
    } else if (target.dataset.menu) {
      openMenu(document.getElementById(target.dataset.menu), target);
    } else if (target.dataset.drawerToggle !== undefined) {
      drawer(root.dataset.drawer !== "open");
    } else if (target.matches(".nav a, .veil.drawer")) {
      drawer(false);
    }
    if (target.matches(".menu [role^=menuitem]:not([role=menuitemcheckbox], [data-copy])") && target.getAttribute("aria-disabled") !== "true") {
      target.closest(".menu").hidePopover?.();
    }
  });

  function drawer(open) {
    if (open) { root.dataset.drawer = "open"; } else { delete root.dataset.drawer; }
    const button = document.querySelector("[data-drawer-toggle]");
    button?.setAttribute("aria-expanded", String(open));
    if (open) { document.querySelector(".nav a")?.focus(); }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.dataset.drawer === "open") {
      drawer(false);
      document.querySelector("[data-drawer-toggle]")?.focus();
    }
  });

  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS there is no clipboard but the old one.
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    if (button) {
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1500);
    }
  }

  // ---- the circuit: a slim bar instead of a veil; the page stays readable and forms keep what was typed ----
  const bar = Object.assign(document.createElement("div"), { id: "components-reconnect-modal", className: "reconnect" });
  bar.setAttribute("role", "status");
  const word = document.createElement("span");
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn small", hidden: true });
  bar.append(word, again);
  let soon = 0;

  function say(text, label, action) {
    word.textContent = text;
    again.hidden = !label;
    again.textContent = label ?? "";
    again.onclick = action ?? null;
    bar.classList.add("shown");
  }

  async function resume() {
    say("Reconnecting…");
    try {
      if (!await Blazor.reconnect() && !await Blazor.resumeCircuit()) { location.reload(); }
    } catch {
      say("The server does not answer.", "Try again", resume);
    }
  }

  const circuit = {
    show: () => { soon ||= setTimeout(() => say("Reconnecting… What you typed is kept."), 3000); },
    hide: () => { clearTimeout(soon); soon = 0; bar.classList.remove("shown"); },
    failed: () => say("The server does not answer.", "Try again", resume),
    rejected: () => say("The session was closed while you were away.", "Resume", resume),
    "resume-failed": () => location.reload(),
  };

  // What is typed while the line is cut never reaches the server, nor what was typed in the seconds before that was noticed: it is sent again.
  const unnoticed = 15_000;
  const typedAt = new Map();
  let cutAt = 0;

  function remember({ target }) {
    const now = Date.now();
    if (!cutAt) { typedAt.forEach((at, field) => { if (at < now - unnoticed) { typedAt.delete(field); } }); }
    typedAt.set(target, now);
  }

  function sendAgain() {
    const fields = [...typedAt].filter(([field, at]) => field.isConnected && at > cutAt - unnoticed).map(([field]) => field);
    typedAt.clear();
    cutAt = 0;
    for (const field of fields) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // Nor does an event arrive whose handler a rendering has just replaced: the server says that it knows none. As after a cut only what was touched
  // in the last seconds, or a choice made long ago would be made again; and once in that time, or what it never knows would be sent for ever.
  let refusedAt = 0;
  addEventListener("unhandledrejection", (event) => {
    const now = Date.now();
    if (cutAt || now - refusedAt < unnoticed || !/DispatchEventAsync|no event handler/.test(event.reason)) { return; }
    refusedAt = cutAt = now;
    event.preventDefault();
    setTimeout(sendAgain);
  });

  document.addEventListener("input", remember, true);
  document.addEventListener("change", remember, true);

  bar.addEventListener("components-reconnect-state-changed", ({ detail: { state } }) => {
    if (rests) { return; }
    if (state === "hide") {
      delete root.dataset.circuit;
      broken.style.display = "";
      if (cutAt) { setTimeout(sendAgain); }
    } else {
      root.dataset.circuit = "down";
      cutAt ||= Date.now();
    }
    circuit[state]?.();
  });

  // Two and a half of the server's signs of life (PortalPages.cs); its own half minute is long for a button that does nothing.
  window.Blazor?.start({ circuit: { configureSignalR: (connection) => connection.withServerTimeout(10_000) } });

  // Blazor shows the element of this id when the circuit has died of an error; without it a dead page looks like a living one.
  const broken = Object.assign(document.createElement("div"), { id: "blazor-error-ui", className: "reconnect" });
  broken.setAttribute("role", "alert");
  const reload = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: "Load it again", onclick: () => location.reload() });
  broken.append("This page stopped working: an error of the portal, written to its log. Tasks go on as they were. ", reload);

  // ---- hidden tabs cost nothing: the server stops reading its feed for them ----
  let frame = null;

  function tell() {
    frame?.invokeMethodAsync("SetHidden", document.hidden).catch(() => { });
    if (!document.hidden) { age(); }
  }

  document.addEventListener("visibilitychange", tell);

  // ---- a tab that nobody sees for ten minutes gives its circuit back; unless something was typed into it, which would be lost ----
  let typed = false;
  let away = 0;
  let rests = false;
  document.addEventListener("input", (event) => { typed ||= !event.target.matches("[type=search], [role=combobox]"); });
  addEventListener("popstate", () => { typed = false; });
  document.addEventListener("visibilitychange", async () => {
    clearTimeout(away);
    if (document.hidden) {
      away = setTimeout(() => {
        if (document.hidden && !typed && window.Blazor?.pauseCircuit) { rests = true; Blazor.pauseCircuit(); }
      }, 600_000);
    } else if (rests) {
      rests = false;
      try {
        if (!await Blazor.resumeCircuit()) { location.reload(); }
      } catch {
        location.reload();
      }
    }
  });

  function ready() {
    document.body.append(bar, broken);
    markTheme();
    age();
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", ready); } else { ready(); }

  window.portal = {
    patch,
    copy,
    zone,
    openMenu: (menuId, buttonId) => openMenu(document.getElementById(menuId), document.getElementById(buttonId)),
    focus: (selector) => document.querySelector(selector)?.focus(),
    remember: (key, value) => { if (value === null) { localStorage.removeItem(`portal.${key}`); } else { localStorage.setItem(`portal.${key}`, value); } },
    recall: (key) => localStorage.getItem(`portal.${key}`),
    prefer: (name, isAbsolute, keys, compact) => {
      if (name === "browser") { delete root.dataset.zone; } else { root.dataset.zone = name; }
      if (isAbsolute) { root.dataset.times = "absolute"; } else { delete root.dataset.times; }
      if (keys) { delete root.dataset.keys; } else { root.dataset.keys = "off"; }
      if (compact) { root.dataset.rows = "compact"; } else { delete root.dataset.rows; }
      age();
    },
    chooseTheme,
    pressRow: (key, row) => frame?.invokeMethodAsync("PressRowKey", key, row),
    // Called by the layout when it has become interactive; the attribute is what browser tests wait for.
    start: (reference) => {
      frame = reference;
      document.body.dataset.interactive = "";
      document.querySelector(".sketch")?.remove();
      markTheme();
      age();
      tell();
    },
    stop: () => { frame = null; },
  };
})();
