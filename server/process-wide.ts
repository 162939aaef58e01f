/**
 * The one value of this process under `name`, made when it is first asked for. A module's own variable is
 * not enough for what requests share: Next evaluates a module once per bundle and again on every reload,
 * so a click and the question about its progress may be answered by two copies of it.
 */
export function processWide<T>(name: string, make: () => T): T {
  const shared = globalThis as typeof globalThis & { refbox?: Map<string, unknown> }
  shared.refbox ??= new Map()
  // Each name is asked for in one module only, so that what was put there has its type.
  if (!shared.refbox.has(name)) shared.refbox.set(name, make())
  return shared.refbox.get(name) as T
}
