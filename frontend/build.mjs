// Compiles src/ into ../static/vendor/, and records the source packages in a manifest.
import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { NodePackageImporter, compile } from "sass"

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, "..", "static", "vendor")
const packages = ["govuk-frontend", "leaflet"]
const files = {}

function keep(name, text) {
  writeFileSync(join(out, name), text)
  files[name] = { sha256: createHash("sha256").update(text).digest("hex") }
}

mkdirSync(out, { recursive: true })

for (const sheet of ["public", "staff", "plain", "map", "admin"]) {
  const { css } = compile(join(here, "src", `${sheet}.scss`), {
    importers: [new NodePackageImporter(here)],
    quietDeps: true,
    style: "compressed",
  })
  // Remove the version number that the components declare, and Leaflet's rules for pictures of pins and buttons, which our
  // map does not have.
  const own = css.replace(/--govuk-frontend-version:"[^"]*";?/, "").replace(/[^{}]*\{[^{}]*url\([^{}]*\}/g, "")
  keep(`${sheet}.css`, own + "\n")
}

for (const name of ["components", "leaflet"]) {
  const script = await build({
    bundle: true,
    entryPoints: [join(here, "src", `${name}.js`)],
    format: "esm",
    legalComments: "none",
    minify: true,
    target: "es2020",
    write: false,
  })
  keep(`${name}.js`, script.outputFiles[0].text)
}

const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8")).packages
const sources = packages.map((name) => {
  const { version, license, integrity } = lock[`node_modules/${name}`]
  return { package: name, version, licence: license, integrity }
})
writeFileSync(join(out, "manifest.json"), JSON.stringify({ sources, files }, null, 2) + "\n")
const licences = packages.map((name) => `${name}\n\n${readFileSync(join(here, `LICENCE-${name}.txt`), "utf8")}`)
writeFileSync(join(out, "LICENCE.txt"), licences.join("\n\n"))
