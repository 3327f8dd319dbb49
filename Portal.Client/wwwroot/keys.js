// The keyboard: the palette, the sheet of keys, and single keys as commands. Those do nothing while somebody types or a dialog is open, and
// a preference switches them off (data-keys="off"). What a key does on a page is said by the page: data-key on its button or link.
(() => {
  "use strict";
  const root = document.documentElement;
  const dialog = (id) => document.getElementById(id);

  // ---- the palette: a combobox whose focus stays in the input; the options are the server's, the choice among them the browser's ----
  const options = () => [...document.querySelectorAll("#palette [role=option]")];

  function choose(option) {
    for (const other of options()) { other.setAttribute("aria-selected", String(other === option)); }
    const input = dialog("palette-input");
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  // Who types fast presses Enter before the results of that are there: those of before are not what was asked for.
  let hurried = false;
  const isFound = () => (dialog("palette-list")?.dataset.words ?? "") === dialog("palette-input")?.value;

  function run(option) {
    if (!option) { return; }
    dialog("palette").close();
    const { href, command } = option.dataset;
    if (href) {
      Blazor.navigateTo(href, { forceLoad: href.startsWith("/account/") });
    } else if (command === "help") {
      open("help");
    } else if (command === "live") {
      document.querySelector("[data-key=l]")?.click();
    } else {
      portal.chooseTheme(command);
    }
  }

  function open(id) {
    const element = dialog(id);
    if (!element || document.querySelector("dialog[open], .mud-dialog")) { return; }
    element.showModal();
    if (id === "palette") {
      const input = dialog("palette-input");
      input.value = "";
      hurried = false;
      choose(options()[0]);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "palette-input" || event.isComposing) { return; }
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      choose(all[next]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      hurried = !isFound();
      if (!hurried) { run(all[at] ?? all[0]); }
    } else {
      hurried = false;
    }
  });

  // New results begin at their first: what was chosen may be gone.
  new MutationObserver(() => {
    const list = dialog("palette-list");
    if (list && list !== watched) { results.disconnect(); results.observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-words"] }); watched = list; }
  }).observe(document.body, { childList: true });
  let watched = null;
  const results = new MutationObserver(() => {
    choose(options()[0]);
    if (hurried && isFound() && dialog("palette").open) {
      hurried = false;
      run(options()[0]);
    }
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("#palette [role=option]");
    const opener = event.target.closest?.("[data-dialog]");
    if (option) {
      run(option);
    } else if (opener) {
      open(opener.dataset.dialog);
    } else if (event.target.closest?.("[data-close-dialog]")) {
      event.target.closest("dialog")?.close();
    } else if (event.target.matches?.("dialog.palette, dialog.help")) {
      // The backdrop is the dialog itself.
      event.target.close();
    }
  });

  // ---- single keys ----
  const places = { o: "/overview", c: "/connections", t: "/tasks", d: "/dead-letters", l: "/clients", u: "/clusters", a: "/operations" };
  const rows = () => [...document.querySelectorAll("main table.list tbody tr")].filter((row) => row.querySelector("a.name"));
  const rowOf = (element) => element?.closest?.("main table.list tbody tr");
  let going = 0;
  let anchor = null;

  function toRow(at) {
    const all = rows();
    const row = all[Math.max(0, Math.min(at, all.length - 1))];
    row?.querySelector("a.name").focus();
  }

  function select(row, range) {
    const box = row?.querySelector("td.tick input[type=checkbox]");
    if (!box) { return false; }
    const all = rows();
    const from = range && anchor ? all.findIndex((one) => one.dataset.row === anchor) : -1;
    if (from < 0) {
      box.click();
    } else {
      const to = all.indexOf(row);
      for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
        const other = one.querySelector("td.tick input[type=checkbox]");
        if (other && !other.checked) { other.click(); }
      }
    }
    anchor = row.dataset.row ?? null;
    return true;
  }

  function tab(step) {
    const all = [...document.querySelectorAll("main .tabs a")];
    const at = all.findIndex((link) => link.hasAttribute("aria-current"));
    const next = all[(at + step + all.length) % all.length];
    next?.click();
    return Boolean(next);
  }

  function goTo(key) {
    // The link of the navigation where there is one: it carries the region.
    const path = places[key];
    const link = [...document.querySelectorAll(".nav a")].find((one) => new URL(one.href).pathname === path || (path === "/overview" && new URL(one.href).pathname === "/"));
    if (link) { link.click(); }
    return Boolean(link);
  }

  function press(event) {
    const row = rowOf(document.activeElement);
    // Only walking goes on while a key is held down.
    if (event.repeat && !/^[jk]$/.test(event.key)) { return true; }
    switch (event.key) {
      case "?": open("help"); return true;
      case "/": {
        const search = document.querySelector("main input[type=search]");
        search?.focus();
        search?.select();
        return Boolean(search);
      }
      case "g": going = Date.now(); return true;
      case "j": toRow(row ? rows().indexOf(row) + 1 : 0); return true;
      case "k": toRow(row ? rows().indexOf(row) - 1 : 0); return true;
      case "Home": if (row) { toRow(0); } return Boolean(row);
      case "End": if (row) { toRow(rows().length - 1); } return Boolean(row);
      case "x": return select(row, false);
      case "X": return select(row, true);
      case "[": return tab(-1);
      case "]": return tab(1);
      case "e":
      case "r":
      case "p":
        // A row says which of them its list knows; any other is the page's.
        if (row?.dataset.rowKeys?.includes(event.key)) { portal.pressRow(event.key, row.dataset.row); return true; }
        break;
      default:
    }
    const button = /^[elnpr]$/.test(event.key) ? document.querySelector(`[data-key=${event.key}]`) : null;
    button?.click();
    return Boolean(button);
  }

  // ---- a dialog that closes gives the focus back to where it was: MudBlazor leaves it to the body, and the next Tab would begin at the top ----
  let before = null;
  let hadDialog = false;

  document.addEventListener("focusin", (event) => {
    if (!event.target.closest(".mud-dialog-container")) { before = event.target; }
  });

  new MutationObserver(() => {
    const hasDialog = document.querySelector(".mud-dialog-container") !== null;
    if (hadDialog && !hasDialog && document.activeElement === document.body && before?.isConnected) { before.focus({ preventScroll: true }); }
    hadDialog = hasDialog;
  }).observe(document.body, { childList: true, subtree: true });

  // A dialog may say itself what Esc presses (data-key="Escape"): one that holds what somebody typed asks before that is lost, and one that
  // asks is answered even before it has the focus. Before anybody else hears of the key.
  document.addEventListener("keydown", (event) => {
    const button = event.key === "Escape" && !event.isComposing && [...document.querySelectorAll(".mud-dialog")].at(-1)?.querySelector("[data-key=Escape]");
    if (button) {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) { button.click(); }
    }
  }, true);

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      const palette = dialog("palette");
      if (palette?.open) { palette.close(); } else { open("palette"); }
      return;
    }
    // Only on a row of a list that can be selected: anywhere else it is the browser's, which selects the text of the page.
    const page = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "a" && root.dataset.keys !== "off"
      && rowOf(event.target)?.closest("table").querySelector("thead input[type=checkbox]");
    if (page) {
      event.preventDefault();
      if (!page.checked) { page.click(); }
      return;
    }
    const busy = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=dialog], dialog, [role=menu]");
    if (root.dataset.keys === "off" || busy || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector(".mud-dialog")) { return; }
    const goes = Date.now() - going < 1500;
    going = 0;
    if (goes && places[event.key] ? goTo(event.key) : press(event)) { event.preventDefault(); }
  });
})();
