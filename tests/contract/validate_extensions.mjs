// What Shopify's CLI thinks of app folders, asked of its own loader and specifications: stricter than `shopify app
// build`, which lets unsupported field types, unknown extension types and missing files pass (shopify facts, 12.3).
// Leans on the internals of one version of @shopify/cli, hence the exact pin in package.json.
//
//   node validate_extensions.mjs APP…   prints {"APP": {"loaded": [{path, type, handle, config}], "faults": [text]}}
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'

const LOADED_BY_NOBODY = /^type\s*=\s*"flow_trigger_lifecycle_callback"/m // real, but not among the bundled specifications

const dist = join(dirname(createRequire(import.meta.url).resolve('@shopify/cli/package.json')), 'dist')
const chunks = readdirSync(dist).filter((name) => name.endsWith('.js'))
const chunk = chunks.find((name) => readFileSync(join(dist, name), 'utf8').includes('identifier:"flow_template"'))
if (!chunk) throw new Error('no chunk of @shopify/cli holds the extension specifications: the pin has moved')
const exported = Object.values(await import(pathToFileURL(join(dist, chunk)).href))
const load = exported.find((value) => {
  const source = typeof value === 'function' ? value.toString() : ''
  return /^async function [\w$]+\(\{directory:/.test(source) && source.includes('ignoreUnknownExtensions:!0')
})
if (!load) throw new Error('the loader of @shopify/cli is not where it was: the pin has moved')

const plain = (error) => {
  const message = error?.message?.value ?? error?.message ?? error
  return String(typeof message === 'string' ? message : JSON.stringify(message)).replace(/\u001b\[[0-9;]*m/g, '')
}

const manifestsOf = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name.endsWith('.extension.toml') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))

const verdict = async (directory) => {
  const loaded = [], faults = []
  try {
    const { app } = await load({ directory, skipPrompts: true })
    for (const extension of app.allExtensions.filter((one) => !one.isAppConfigExtension)) {
      const path = relative(directory, extension.configurationPath)
      const { specification, configuration, type, handle } = extension
      let config
      try {
        const { client_id } = app.configuration
        const appConfiguration = app.configuration
        config = await specification.deployConfig?.(configuration, extension.directory, client_id, undefined, { appConfiguration })
        await specification.preDeployValidation?.(extension)
      } catch (error) {
        faults.push(`${path}: ${plain(error)}`)
      }
      loaded.push({ path, type, handle, config })
    }
    const claimed = new Set(loaded.map((one) => one.path))
    for (const manifest of manifestsOf(directory)) {
      const path = relative(directory, manifest)
      if (claimed.has(path) || LOADED_BY_NOBODY.test(readFileSync(manifest, 'utf8'))) continue
      faults.push(`${path}: no extension of the app claims this manifest`)
    }
  } catch (error) {
    faults.push(plain(error))
  }
  return { loaded, faults }
}

const verdicts = {}
for (const directory of process.argv.slice(2)) verdicts[directory] = await verdict(directory)
process.stdout.write(JSON.stringify(verdicts), () => process.exit(0)) // at once, what a pipe does not hold would be lost
