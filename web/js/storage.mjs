// PyScript does not start without IndexedDB, though this page keeps nothing in it. Where the browser refuses it
// (a frame of another site, a private window, a policy), a database in memory stands in.
const PATIENCE_MS = 2_000;

export async function ensureStorage() {
  if (await isUsable()) return;
  const { default: inMemory } = await import("../vendor/fake-indexeddb/fakeIndexedDB.js");
  Object.defineProperty(globalThis, "indexedDB", { value: inMemory, configurable: true, writable: true });
}

function isUsable() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS);
    try {
      const request = indexedDB.open("flowglow");
      request.onerror = () => resolve(false);
      request.onsuccess = () => {
        request.result.close();
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}
