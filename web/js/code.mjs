// A finished block of code: coloured, with a button that copies it. While it streams it is plain text.
import { tokenize } from "../vendor/speed-highlight/index.js";

const MOST = 40_000; // characters; longer blocks stay plain
const NAMES = {
  bash: "bash", c: "c", console: "bash", css: "css", csv: "csv", diff: "diff", docker: "docker", dockerfile: "docker",
  go: "go", html: "html", http: "http", ini: "ini", java: "java", javascript: "js", js: "js", json: "json", lua: "lua",
  make: "make", makefile: "make", markdown: "md", md: "md", py: "py", python: "py", rs: "rs", rust: "rs", sh: "bash",
  shell: "bash", sql: "sql", toml: "toml", ts: "ts", typescript: "ts", xml: "xml", yaml: "yaml", yml: "yaml",
};

async function paint(code, language) {
  const text = code.textContent;
  const painted = document.createDocumentFragment();
  await tokenize(text, language, (part, type) => {
    if (!type) return painted.append(part);
    const span = document.createElement("span");
    span.className = `syntax-${type}`;
    span.textContent = part;
    painted.append(span);
  });
  const chosen = getSelection();
  const inUse = chosen && !chosen.isCollapsed && chosen.containsNode(code, true);
  if (!inUse && code.textContent === text && painted.textContent === text) code.replaceChildren(painted);
}

export function finishCode(code) {
  const block = code.parentElement;
  code.tabIndex = 0; // it scrolls: reachable by keyboard
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet copy-code";
  button.setAttribute("aria-label", flowglow.words?.copyCode || "Copy code");
  block.append(button);
  const language = NAMES[(code.dataset.language || "").toLowerCase()];
  if (language && code.textContent.length <= MOST) paint(code, language).catch(() => {}); // plain is fine too
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy-code");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  if (await flowglow.copyText(code.textContent)) {
    button.dataset.done = "1";
    setTimeout(() => delete button.dataset.done, 1500);
  } else {
    getSelection().selectAllChildren(code);
  }
});
