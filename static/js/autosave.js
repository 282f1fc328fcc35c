// Forms with data-autosave save 1 s after the last change. The answer is a sentence for [data-autosave-status];
// what was typed is never touched, and a failure is tried again until it works. A form that is sent waits for the
// saving that is under way, so that it never carries an older version than its own.
(() => {
  "use strict";
  const { one, token, phrase } = portal;
  const PAUSE = 1000, LONGEST = 30000, PATIENCE = 5000;
  const waiting = new WeakMap();

  const schedule = (form, after) => {
    const state = waiting.get(form) || { wait: PAUSE, version: 0 };
    clearTimeout(state.timer);
    if (!state.isOver) state.timer = setTimeout(() => save(form, state), after);
    waiting.set(form, state);
    return state;
  };

  const tell = (form, text, isHtml) => {
    const status = one("[data-autosave-status]", form);
    if (!status) return;
    if (isHtml) status.innerHTML = text;
    else status.textContent = text;
  };

  // Files go their own way; see upload.js.
  const fields = (form) => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value);
    return data;
  };

  const save = async (form, state) => {
    if (state.busy || !form.isConnected) return;
    state.busy = new AbortController();
    const version = state.version;
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST", body: fields(form), headers: { "X-CSRFToken": token(), "X-Autosave": "1" }, redirect: "error",
        signal: state.busy.signal,
      });
      if (response.status === 409) {   // somebody else saved it: say so, keep what is typed, and stop
        state.isOver = true;
        tell(form, await response.text(), true);
        state.busy = null;
        return state.send?.();
      }
      if (!response.ok) throw new Error(response.status);
      tell(form, await response.text(), true);
      state.wait = PAUSE;
      state.busy = null;
      if (state.send) state.send();
      else if (version === state.version) form.dispatchEvent(new Event("portal:saved", { bubbles: true }));
      else schedule(form, PAUSE);
    } catch {
      state.busy = null;
      if (state.send) return state.send();
      tell(form, phrase("unsaved"));
      state.wait = Math.min(LONGEST, state.wait * 2);
      schedule(form, state.wait);
    }
  };

  const changed = (event) => {
    const form = event.target.closest("form[data-autosave]");
    if (form) schedule(form, PAUSE).version += 1;
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  // A swap that changes what the form holds, such as a row that was added, is saved like a key that was typed.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.matches?.("[data-changes]")) changed({ target: event.detail.elt });
  });
  // Capture: before the form counts as sent.
  document.addEventListener("submit", (event) => {
    const form = event.target, state = waiting.get(form);
    if (!state) return;
    clearTimeout(state.timer);
    if (!state.busy) {
      state.isOver = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (state.send) return;
    const patience = setTimeout(() => state.busy.abort(), PATIENCE);
    state.send = () => { clearTimeout(patience); state.send = null; form.requestSubmit(event.submitter); };
  }, true);
  // Another script may have taken the submit over, or the way back led here again.
  document.addEventListener("submit", (event) => setTimeout(() => {
    const state = event.defaultPrevented && waiting.get(event.target);
    if (state) state.isOver = false;
  }));
  addEventListener("pageshow", (event) => {
    if (event.persisted) portal.all("form[data-autosave]").forEach((form) => waiting.delete(form));
  });
})();
