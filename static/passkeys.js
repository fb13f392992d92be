// Passkeys: asks the device, and sends its answer with the form. Without this file the page offers the other ways.
const CANCELLED = "Try again. You cancelled, or it took too long."
const ON_DEVICE = "This device already has a passkey for your account. Use another device, or go back."
const WRONG_ADDRESS = "Passkeys don’t work at this address. Tell your administrator."
const NO_PASSKEY = "Try again. Your device couldn’t use a passkey."
const RELOAD = "Reload this page, then try again. We couldn’t ask your device."

const WORDS = {
  AbortError: CANCELLED,
  InvalidStateError: ON_DEVICE,
  NotAllowedError: CANCELLED,
  SecurityError: WRONG_ADDRESS,
}

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
const withBytes = (credentials = []) => credentials.map((credential) => ({ ...credential, id: toBytes(credential.id) }))

// Fetched when the button is pressed, so that nobody's time runs out before.
async function fetchOptions(form) {
  const body = new FormData(form)
  body.set("options", "1")
  const response = await fetch(form.action, { method: "POST", body })
  const { publicKey, problem } = await response.json()
  if (problem) return { problem }
  publicKey.challenge = toBytes(publicKey.challenge)
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id)
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials)
  if (publicKey.allowCredentials) publicKey.allowCredentials = withBytes(publicKey.allowCredentials)
  return { publicKey }
}

function asJson(credential) {
  const { response } = credential
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: Object.fromEntries(parts.filter((part) => response[part]).map((part) => [part, toText(response[part])])),
  })
}

async function askDevice(form) {
  const { publicKey, problem } = await fetchOptions(form).catch(() => ({ problem: RELOAD }))
  if (problem) return { problem }
  try {
    const isNew = form.dataset.passkey === "new"
    const credential = await navigator.credentials[isNew ? "create" : "get"]({ publicKey })
    return { answer: asJson(credential) }
  } catch (error) {
    return { problem: WORDS[error.name] || NO_PASSKEY }
  }
}

function prepare(form) {
  const button = form.querySelector("button")
  const problem = form.querySelector("[data-passkey-problem]")
  let isAsking = false

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    problem.textContent = ""
    const result = await askDevice(form)
    isAsking = false
    if (result.answer) {
      form.elements.credential.value = result.answer
      form.submit()
    } else {
      problem.textContent = result.problem
      button.focus()
    }
  })
  // The browser may show the page again as it was, with an answer that has been used.
  window.addEventListener("pageshow", () => (form.elements.credential.value = ""))
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.documentElement.classList.add("has-passkeys")
  document.querySelectorAll("form[data-passkey]").forEach(prepare)
}
