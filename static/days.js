// What the day is like that she types: its weekday, when it gets dark, whether it is a bank holiday. The page brings the
// words for each day she may choose; what is typed goes nowhere.
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

// "12", "dec", "Dec." and "December", as the server reads it.
function numberOf(text) {
  const word = text.trim().toLowerCase().replace(/\.$/, "")
  return word.length > 2 ? months.findIndex((name) => name.startsWith(word)) + 1 : word
}

function two(number) {
  return String(number).trim().padStart(2, "0")
}
