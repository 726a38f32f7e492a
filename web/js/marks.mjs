// What is written on many nodes of the canvas at once: one call, however many they are.
import { allNodes, nodeOf } from "./nodes.mjs";

// Takes classes off every node that has one. Thousands at the end of a large run: no work for Python.
export function stripClasses(...names) {
  for (const node of having(names)) node.classList.remove(...names);
}

// The nodes that have one of the classes. One look at each node's text: to ask for class by class takes five times as long.
function having(names) {
  const any = new RegExp(`(?:^| )(?:${names.map(RegExp.escape ?? String).join("|")})(?: |$)`);
  return allNodes().filter((node) => any.test(node.getAttribute("class")));
}

// Of the owned classes, leaves each node the one it is wanted to have: [owned, [[id, class]…], but] as JSON.
export function setClasses(text) {
  const [owned, wanted, but] = JSON.parse(text);
  const [want, skip] = [new Map(wanted), but && new Set(but)];
  for (const node of having(owned)) {
    const wish = want.get(node.dataset.nodeId);
    const isTaken = wish !== undefined || (skip && !skip.has(node.dataset.nodeId));
    if (isTaken) node.classList.remove(...owned.filter((name) => name !== wish));
  }
  for (const [id, wish] of want) if (wish) nodeOf(id)?.classList.add(wish);
}

// How a node looks that bears a mark hangs on a class (outcome-error): a rule that looks at the attribute would have each
// node styled that gets it. From afar nobody sees what was not reached: it has its class once somebody comes nearer.
const classOf = (attribute, value) => `${attribute.replace("data-", "")}-${value}`;
const canvas = document.getElementById("canvas");
const isFar = () => canvas.dataset.detail === "blocks";
let isRested = false; // the rest is marked: edges that nobody took look so, too, unless they are seen from afar

function rested(is) {
  isRested = is;
  canvas.classList.toggle("rested", is && !isFar());
}

function put(node, attribute, value, isSeen = true) {
  const before = node.getAttribute(attribute);
  if (before !== null) node.classList.remove(classOf(attribute, before));
  if (value === null) node.removeAttribute(attribute);
  else node.setAttribute(attribute, value);
  if (value !== null && isSeen) node.classList.add(classOf(attribute, value));
}

// Somebody comes nearer: each node is styled anyway.
export function dressRest() {
  if (isFar()) return;
  rested(isRested);
  for (const node of allNodes()) if (node.dataset.outcome === "none") node.classList.add("outcome-none");
}

// Takes away what is in this part of each node, and how often it is said to be there.
export function emptyParts(className) {
  for (const part of canvas.getElementsByClassName(className)) {
    if (part.firstChild) part.replaceChildren();
    if (part.dataset.times) delete part.dataset.times;
  }
}

// What a node is called by itself, and the words around it while it bears the mark of all the rest: written by two, in any
// order. What it was called before anybody named it is kept, too.
const [names, around, first] = [new WeakMap(), new WeakMap(), new WeakMap()];

function ownName(node) {
  if (!names.has(node)) names.set(node, node.getAttribute("aria-label"));
  return names.get(node);
}

function call(node) {
  const [own, words] = [ownName(node), around.get(node)];
  const name = words ? words.replace("{name}", () => own || node.textContent.trim().slice(0, 80) || node.dataset.nodeId) : own;
  if (name === null) node.removeAttribute("aria-label");
  else node.setAttribute("aria-label", name);
}

export function nameNode(nodeId, name) {
  const node = nodeOf(nodeId);
  if (!node) return;
  if (!first.has(node)) first.set(node, ownName(node));
  names.set(node, name);
  call(node);
}

export function unnameNodes() {
  for (const node of allNodes()) {
    if (!first.has(node)) continue;
    names.set(node, first.get(node));
    call(node);
  }
}

function putAround(node, words) {
  if (words === around.get(node)) return;
  if (words === undefined) around.delete(node);
  else around.set(node, words);
  call(node);
}

// Gives these nodes the value of an attribute that is wanted, [[id, value]…] as JSON; null takes it away.
export function markNodes(attribute, wanted) {
  for (const [id, value] of JSON.parse(wanted)) {
    const node = nodeOf(id);
    if (!node || node.getAttribute(attribute) === value) continue;
    putAround(node);
    put(node, attribute, value);
  }
}

// Does it to at most so many of them; whether some are left.
function toSome(nodes, atMost, act) {
  nodes.slice(0, atMost).forEach(act);
  return nodes.length > atMost;
}

// The nodes that have no value of the attribute get this one, and `words` around their names.
export function markRest(attribute, value, words, atMost) {
  rested(true);
  const [rest, isSeen] = [allNodes().filter((node) => !node.hasAttribute(attribute)), !isFar()];
  return toSome(rest, atMost, (node) => {
    put(node, attribute, value, isSeen);
    putAround(node, words);
  });
}

// Those that have this value, or any where it is null, lose it.
export function unmarkNodes(attribute, value, atMost) {
  rested(false);
  const bearing = allNodes().filter((node) => (value === null ? node.hasAttribute(attribute) : node.getAttribute(attribute) === value));
  return toSome(bearing, atMost ?? Infinity, (node) => {
    putAround(node);
    put(node, attribute, null);
  });
}
