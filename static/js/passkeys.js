// Passkeys: a form with data-passkey asks the device ("get" to sign in, "create" to add one) before it is sent.
// The options come from a JSON block of the page (data-options) or from an address (data-options-url).
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return answer.json();
  };

  const create = async (form) => {
    const { publicKey } = (await optionsOf(form)).creation_options;
    const isPasskey = Boolean(form.elements.passwordless && form.elements.passwordless.checked);
    const choice = { ...publicKey.authenticatorSelection, residentKey: isPasskey ? "required" : "discouraged", requireResidentKey: isPasskey };
    if (isPasskey) choice.userVerification = "required";
    return navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: withBytes(publicKey.excludeCredentials),
        authenticatorSelection: choice,
      },
    });
  };

  const get = async (form) => {
    const { publicKey } = (await optionsOf(form)).request_options;
    return navigator.credentials.get({
      publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) },
    });
  };

  const asText = ({ id, rawId, type, response, authenticatorAttachment, getClientExtensionResults }, credential) => {
    const parts = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    if (response.getTransports) parts.transports = response.getTransports();
    return JSON.stringify({
      id, type, authenticatorAttachment, rawId: text(rawId), response: parts,
      clientExtensionResults: getClientExtensionResults.call(credential),
    });
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    const trouble = portal.one("[data-passkey-error]", form), button = portal.one("button:not([type=button])", form);
    trouble.hidden = true;
    button.disabled = true;
    try {
      const credential = await (form.dataset.passkey === "create" ? create : get)(form);
      form.elements.credential.value = asText(credential, credential);
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      trouble.hidden = false;  // refused, cancelled or too slow: the device does not say which
    } finally {
      button.disabled = false;
    }
  });
})();
