// The portal's own script. It loads nothing of flowglow's: <flow-glow> is there by embed.js.
const glow = document.querySelector("flow-glow");
const status = document.getElementById("status");
const happened = document.getElementById("happened");

// The page needs a token, now or when the last one has ended. This page's cookie gets it; the frame never sees the cookie.
async function freshToken() {
  const answer = await fetch("token", { method: "POST" });
  return answer.ok ? (await answer.json()).token : null;
}
glow.addEventListener("flowglow-token-needed", (event) => event.respondWith(freshToken()));

// What the page tells of runs.
const WORDS = {
  "run-started": "Running",
  "run-waiting": "Waits for somebody",
  "run-failed": "Failed",
  "run-ended": "Over",
};
for (const name of ["ready", "selection", "error", ...Object.keys(WORDS)]) {
  glow.addEventListener(`flowglow-${name}`, ({ detail }) => {
    status.textContent = WORDS[name] ?? status.textContent;
    const line = document.createElement("li");
    line.dataset.event = name;
    line.textContent = `${name} ${detail.run ?? ""} ${detail.status ?? detail.node ?? detail.message ?? ""}`;
    happened.append(line);
  });
}

// Errors go where all of the portal's errors go; without Sentry, to the console.
glow.addEventListener("flowglow-error", ({ detail }) => {
  const { source, doing, error, run, frames } = detail;
  globalThis.Sentry?.captureMessage(`flowglow: ${error} in ${source}`, { tags: { source, doing, run }, extra: { frames } });
});

// What the portal has done in the page.
document.getElementById("start").addEventListener("click", async () => {
  try {
    status.textContent = `Started ${await glow.start({ orders: 3 })}`;
  } catch (error) {
    status.textContent = error.message;
  }
});
document.getElementById("stop").addEventListener("click", () => {
  glow.stop().catch((error) => (status.textContent = error.message));
});
document.getElementById("dark").addEventListener("click", ({ target }) => {
  const isDark = target.ariaPressed !== "true";
  target.ariaPressed = String(isDark);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  glow.setAttribute("theme", isDark ? "dark" : "light");
});
