"""What may stand nowhere in the page, whatever was sent: looked for by one function in the browser."""

from __future__ import annotations

import json

TAGS = [
    "script", "iframe", "object", "embed", "form", "style", "link", "base", "meta", "math", "video", "audio", "source",
    "track", "frame", "frameset", "template", "noscript", "marquee", "foreignobject", "animate", "set", "image",
    "feimage", "isindex", "bgsound", "portal",
]  # fmt: skip
ATTRIBUTES = [
    "srcset", "ping", "action", "formaction", "xlink:href", "srcdoc", "poster", "background", "is", "http-equiv",
    "attributionsrc", "slot", "shadowrootmode", "popover", "popovertarget", "autofocus", "nonce",
]  # fmt: skip
OF_REPORTS = ["id", "name", "class", "style"]
"""What HTML from outside bears nowhere."""
SURVEY = (
    f"""(root) => {{
  const [TAGS, ATTRIBUTES, OF_REPORTS] = {json.dumps([TAGS, ATTRIBUTES, OF_REPORTS])};"""
    """
  const isInline = (address) => /^data:image\\/(png|jpeg|gif|webp);/i.test(address);
  const isLink = (each) => /^(https?|mailto):/i.test(each.getAttribute("href"))
    && each.target === "_blank" && each.relList.contains("noopener");
  const isOurs = (image) => Boolean(image.closest(".brand"));
  const found = [];
  for (const each of root.querySelectorAll("*")) {
    const names = each.getAttributeNames().map((name) => name.toLowerCase());
    const isStrange = TAGS.includes(each.localName.toLowerCase())
      || names.some((name) => name.startsWith("on") || ATTRIBUTES.includes(name))
      || (each.localName === "img" && names.includes("src") && !isInline(each.getAttribute("src")) && !isOurs(each))
      || (each.localName === "use" && !each.getAttribute("href").startsWith("#"))
      || (each.localName === "a" && names.includes("href") && !each.dataset.skip && !isLink(each))
      || (each.closest("[data-kind=html] .bubble-body *") && OF_REPORTS.some((name) => names.includes(name)));
    if (isStrange) found.push(each.outerHTML);
  }
  return { found, hacked: window.hacked ?? null };
}"""
)
