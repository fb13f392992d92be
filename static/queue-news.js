// Asks every few seconds what an open queue doesn't show yet: new requests, and rows that colleagues have claimed.
// Without this file the page shows what was so when it was opened.
const news = document.querySelector("[data-news]")
const EVERY = 10_000 // milliseconds
const HIDDEN_EVERY = 60_000 // so that a tab in the background still counts in its title
const LONGEST = 300_000
const JUST_NOW = 60_000
const title = document.title
let etag = ""
let failures = 0
let timer

function plan(wait) {
  clearTimeout(timer)
  timer = setTimeout(ask, wait)
}

async function ask() {
  try {
    const headers = etag ? { "If-None-Match": etag } : {}
    const answer = await fetch(news.dataset.news, { cache: "no-store", headers, redirect: "manual" })
    if (answer.type === "opaqueredirect") return say("You’ve been signed out – sign in")
    if (answer.ok) {
      etag = answer.headers.get("ETag")
      show(await answer.json())
    } else if (answer.status !== 304) throw new Error(answer.status)
    failures = 0
  } catch {
    failures += 1
  }
  plan(Math.min(LONGEST, (document.hidden ? HIDDEN_EVERY : EVERY) * 2 ** failures))
}

function show({ new: count, claims }) {
  if (count) say(`${count} new ${count === "1" ? "request" : "requests"} – show`)
  else news.replaceChildren()
  document.title = count ? `(${count}) ${title.trim()}` : title
  for (const [booking, claim] of Object.entries(claims)) showClaim(booking, claim)
}

// A screen reader reads the line aloud once, so never write the same words again. The link opens this page anew.
function say(words) {
  if (news.textContent === words) return
  const link = document.createElement("a")
  link.className = "govuk-link"
  link.href = location.pathname + location.search
  link.textContent = words
  news.replaceChildren(link)
}

function showClaim(booking, { by, at }) {
  const row = document.querySelector(`[data-row="${booking}"]`)
  const cell = row?.querySelector("[data-assigned]")
  if (!cell || cell.dataset.assigned === by + at) return
  cell.dataset.assigned = by + at
  cell.textContent = `${by}, just now`
  setTimeout(() => (cell.textContent = `${by}, ${at}`), JUST_NOW)
  const button = row.querySelector("[data-key=c]")
  if (button) open(row, button)
}

// Someone else has it, so the row offers no more than its page.
function open(row, button) {
  const link = document.createElement("a")
  const hadFocus = button === document.activeElement
  link.className = button.className
  link.href = row.querySelector("a[href]").href
  link.append("Open", button.querySelector(".govuk-visually-hidden") || "")
  button.replaceWith(link)
  if (hadFocus) link.focus()
}

document.addEventListener("visibilitychange", () => document.hidden || plan(0))
if (news) plan(EVERY)
