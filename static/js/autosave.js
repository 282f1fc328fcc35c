// Forms with data-autosave save 1 s after the last change. The answer is a sentence for [data-autosave-status];
// what was typed is never touched, and a failure is tried again until it works.
(() => {
  "use strict";
  const { one, token, phrase } = portal;
  const PAUSE = 1000, LONGEST = 30000;
  const waiting = new WeakMap();

  const schedule = (form, after) => {
    const state = waiting.get(form) || { wait: PAUSE, version: 0 };
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form, state), after);
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
    state.busy = state.saving = true;
    const version = state.version;
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST", body: fields(form), headers: { "X-CSRFToken": token(), "X-Autosave": "1" }, redirect: "error",
      });
      if (response.status === 409) {   // somebody else saved it: say so, keep what is typed, and stop
        tell(form, await response.text(), true);
        return;
      }
      if (!response.ok) throw new Error(response.status);
      tell(form, await response.text(), true);
      state.wait = PAUSE;
      state.busy = false;
      if (version === state.version) form.dispatchEvent(new Event("portal:saved", { bubbles: true }));
      else schedule(form, PAUSE);
    } catch {
      state.busy = false;
      tell(form, phrase("unsaved"));
      state.wait = Math.min(LONGEST, state.wait * 2);
      schedule(form, state.wait);
    } finally {
      state.saving = false;
      const { send } = state;
      delete state.send;
      send?.();
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
  // A save that is under way would overtake what is sent, as if somebody else had changed it: sending waits for it.
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event, state = waiting.get(form);
    clearTimeout(state?.timer);
    if (!state?.saving) return;
    event.preventDefault();
    state.send = () => form.requestSubmit(submitter);
  });
})();
