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
  const { publicKey, problem, box } = await response.json()
  if (problem) return { problem, box }
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
  const { publicKey, ...refused } = await fetchOptions(form).catch(() => ({ problem: RELOAD }))
  if (refused.problem) return refused
  try {
    const isNew = form.dataset.passkey === "new"
    const credential = await navigator.credentials[isNew ? "create" : "get"]({ publicKey })
    return { answer: asJson(credential) }
  } catch (error) {
    return { problem: WORDS[error.name] || NO_PASSKEY }
  }
}

// Marks a box as the server does, and returns a function that takes the mark away.
function markBox(box, problem) {
  const message = document.createElement("p")
  const prefix = document.createElement("span")
  const describedBy = box.getAttribute("aria-describedby")
  message.id = `${box.id}-problem`
  message.className = "govuk-error-message"
  prefix.className = "govuk-visually-hidden"
  prefix.textContent = "Error: "
  message.append(prefix, problem)
  box.before(message)
  box.setAttribute("aria-invalid", "true")
  box.setAttribute("aria-describedby", [describedBy, message.id].filter(Boolean).join(" "))
  const toggle = (isWrong) => {
    box.classList.toggle("govuk-input--error", isWrong)
    box.closest(".govuk-form-group").classList.toggle("govuk-form-group--error", isWrong)
  }
  toggle(true)
  return () => {
    message.remove()
    box.removeAttribute("aria-invalid")
    if (describedBy) box.setAttribute("aria-describedby", describedBy)
    else box.removeAttribute("aria-describedby")
    toggle(false)
  }
}

function prepare(form) {
  const button = form.querySelector("button")
  const problem = form.querySelector("[data-passkey-problem]")
  let isAsking = false
  let clearBox = () => {}

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    problem.textContent = ""
    clearBox()
    clearBox = () => {}
    const result = await askDevice(form)
    isAsking = false
    if (result.answer) {
      form.elements.credential.value = result.answer
      form.submit()
    } else if (result.box) {
      const box = form.elements[result.box]
      clearBox = markBox(box, result.problem)
      box.focus()
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
