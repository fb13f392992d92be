// Describes the typed day: its weekday, when it gets dark, whether it is a bank holiday. The page contains the words for
// each run of days that a requester may choose, so nothing she types is sent anywhere.
const runs = document.querySelector("[data-days]").dataset.days.split("\n")
const language = document.documentElement.lang
const months = [...Array(12).keys()].map((n) => new Date(2026, n, 1).toLocaleString(language, { month: "long" }).toLowerCase())
// Together, they would get a comma, which the server does not write.
const [weekday, rest] = [{ weekday: "long" }, { dateStyle: "long" }].map(
  (parts) => new Intl.DateTimeFormat(language, { ...parts, timeZone: "UTC" }),
)

for (const line of document.querySelectorAll("[data-about-day]")) {
  const [day, month, year] = ["day", "month", "year"].map((part) => document.getElementById(`${line.dataset.aboutDay}_${part}`))
  const say = () => {
    const words = about(`${year.value.trim()}-${two(numberOf(month.value))}-${two(day.value)}`)
    if (line.textContent !== words) line.textContent = words
  }
  for (const part of [day, month, year]) part.addEventListener("input", say)
}

// Each line of `runs` is the first day of a run and a note, which is empty if those days are not open.
function about(iso) {
  const date = new Date(`${iso}T00:00Z`)
  if (isNaN(date) || !date.toISOString().startsWith(iso)) return ""
  const note = runs.filter((run) => run.slice(0, 10) <= iso).pop()?.slice(11)
  return note ? `${weekday.format(date)} ${rest.format(date)}. ${note}` : ""
}

// Reads "12", "dec", "Dec." and "December", as the server does.
function numberOf(text) {
  const word = text.trim().toLowerCase().replace(/\.$/, "")
  return word.length > 2 ? months.findIndex((name) => name.startsWith(word)) + 1 : word
}

function two(number) {
  return String(number).trim().padStart(2, "0")
}
