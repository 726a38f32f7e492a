/** Types of embed.js: <flow-glow>, its methods and its events. The contract is embed=v1. */

export type FlowGlowView = "canvas" | "timeline";
export type FlowGlowPart =
  | "header" | "flow" | "play" | "input" | "tools" | "runs" | "log" | "chat" | "output" | "details" | "timeline";
export type RunStatus = "success" | "error" | "killed";

export interface FlowGlowPlace {
  flow?: string;
  run?: string;
  node?: string | null;
  view?: FlowGlowView;
}

/** The page is there and speaks with this element. `acts`: whether a click in it counts, and a run can be started. */
export interface ReadyDetail {
  version: "v1";
  language: string;
  acts: boolean;
  flow: string | null;
  run: string | null;
}

export interface RunDetail {
  run: string;
  flow: string | null;
}

export interface RunFailedDetail extends RunDetail {
  /** What the backend said, at most 500 characters. */
  error: string;
}

export interface RunEndedDetail extends RunDetail {
  status: RunStatus;
}

export interface SelectionDetail {
  flow: string | null;
  run: string | null;
  node: string | null;
  view: FlowGlowView;
}

/** A failure of the page or of this element: names and places, never content. */
export interface ErrorDetail {
  /** A handler, a view, a part of the page; `flow-glow` for this element. */
  source: string;
  doing: string;
  /** The error's class, or one of the codes of docs/embedding.md. */
  error: string;
  run: string | null;
  /** Where it was raised, the innermost last: `pyapp/live/router.py:41 route`. */
  frames: string[];
  /** Of this element's own alone: what was wrong, and what to do. */
  message?: string;
}

export class CredentialEvent extends CustomEvent<{ kind: "token" | "ticket" }> {
  /** The credential, or a promise of it; null says that there is none. To be called while the event is being heard. */
  respondWith(credential: string | null | Promise<string | null>): void;
}

export class FlowGlowError extends Error {
  readonly code: string;
}

export interface FlowGlowEventMap {
  "flowglow-ready": CustomEvent<ReadyDetail>;
  "flowglow-run-started": CustomEvent<RunDetail>;
  "flowglow-run-waiting": CustomEvent<RunDetail>;
  "flowglow-run-failed": CustomEvent<RunFailedDetail>;
  "flowglow-run-ended": CustomEvent<RunEndedDetail>;
  "flowglow-selection": CustomEvent<SelectionDetail>;
  "flowglow-height": CustomEvent<{ height: number }>;
  "flowglow-error": CustomEvent<ErrorDetail>;
  "flowglow-token-needed": CredentialEvent;
  "flowglow-ticket-needed": CredentialEvent;
}

/** Attributes: src, ws, api, protocol, auth, replay, speed, flow, run, node, view, theme, lang, hide, height, label. */
export class FlowGlow extends HTMLElement {
  /** How many messages had no effect, as they were not what they should be. */
  readonly refused: number;

  /** Start a run of the flow on the canvas, or of another; the promise is its id. */
  start(input?: unknown, options?: { flow?: string }): Promise<string>;
  /** Stop a run, the one in front if none is named. */
  stop(run?: string): Promise<void>;
  /** Have this on the screen. */
  show(place: FlowGlowPlace): Promise<void>;
  /** Choose a node; null chooses none. */
  select(node: string | null): Promise<void>;
  /** Put something into the field for the input. */
  fill(input: unknown): Promise<void>;
  /** The credential for the backend from now on; null takes it back. */
  setToken(token: string | null): Promise<void>;
  /** Read `--flowglow-accent` and its like anew from the style sheets of this page. */
  restyle(): Promise<void>;

  addEventListener<K extends keyof FlowGlowEventMap>(
    type: K,
    listener: (this: FlowGlow, event: FlowGlowEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof FlowGlowEventMap>(
    type: K,
    listener: (this: FlowGlow, event: FlowGlowEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "flow-glow": FlowGlow;
  }
  interface HTMLElementEventMap extends FlowGlowEventMap {}
  interface DocumentEventMap extends FlowGlowEventMap {}
}
