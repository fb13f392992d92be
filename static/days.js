// Describes the typed day: its weekday, when it gets dark, whether it is a bank holiday. The page contains the words for
// each day that a requester may choose, so nothing she types is sent anywhere.
const days = JSON.parse(document.querySelector("[data-days]").dataset.days)
const language = document.documentElement.lang
const months = [...Array(12).keys()].map((n) => new Date(2026, n, 1).toLocaleString(language, { month: "long" }).toLowerCase())

for (const line of document.querySelectorAll("[data-about-day]")) {
  const [day, month, year] = ["day", "month", "year"].map((part) => document.getElementById(`${line.dataset.aboutDay}_${part}`))
  const say = () => {
    const words = days[`${year.value.trim()}-${two(numberOf(month.value))}-${two(day.value)}`] || ""
    if (line.textContent !== words) line.textContent = words
  }
  for (const part of [day, month, year]) part.addEventListener("input", say)
}

// Reads "12", "dec", "Dec." and "December", as the server does.
function numberOf(text) {
  const word = text.trim().toLowerCase().replace(/\.$/, "")
  return word.length > 2 ? months.findIndex((name) => name.startsWith(word)) + 1 : word
}

function two(number) {
  return String(number).trim().padStart(2, "0")
}
