"""`make peers`: the same faults for this page and four well-known clients; writes the table of docs/reliability.md."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.conftest import FLAGS
from e2e.fault_proxy import FaultProxy
from e2e.site import ROOT, static_site
from setup.chromium import chromium_path
from setup.machine import Machine
from setup.node import node, npm
from setup.place import Place

CLIENTS = ("socket.io", "graphql-ws", "partysocket", "reconnecting-websocket")
LIMIT_S = 60.0
"""Who is not back by then, behind the end of the fault, is not back."""
OUTAGE_S = 8.0
CALM_S = 4.0
"""What was missed may still come so long after the first new number."""
OURS = """() => [...document.querySelectorAll("#chat .bubble-text > .bubble-body")]
    .flatMap((each) => each.textContent.trim().split(/\\s+/)).map(Number)"""


class Server:
    """The server process; it can be killed and started again on the same port."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._epoch = int(time.time() * 1000)
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        arguments = [self._command, "server.mjs", str(self.port), str(self._epoch)]
        self._process = subprocess.Popen(arguments, cwd=ROOT / "bench" / "peers", stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)


def faults(server: Server, proxy: FaultProxy) -> dict[str, Callable[[], None]]:
    """Each fault: it returns when the way is good again."""

    def restart() -> None:
        server.stop()
        time.sleep(2.0)
        server.start()

    def down() -> None:
        server.stop()
        time.sleep(OUTAGE_S)
        server.start()

    def hole() -> None:
        proxy.faults.swallow = True
        proxy.cut()
        time.sleep(OUTAGE_S)
        proxy.faults.swallow = False

    return {
        "the link is reset": proxy.cut,
        "the server is restarted, 2 s": restart,
        f"the server is down for {OUTAGE_S:g} s": down,
        f"reset, then a black hole while connecting for {OUTAGE_S:g} s": hole,
        "the open link falls silent": proxy.hush,
    }


def main() -> None:
    """Measure every client under every fault, all clients at once; write the table."""
    place, machine = Place(ROOT), Machine()
    subprocess.run(
        [*npm(place, machine), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=ROOT / "bench" / "peers",
        check=True,
    )
    server = Server(str(node(place, machine)))
    server.start()
    proxy = FaultProxy(server.port)
    proxy.start()
    rows = []
    with sync_playwright() as playwright, static_site() as site:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for name, fault in faults(server, proxy).items():
            pages = open_all(browser, site, f"127.0.0.1:{proxy.port}")
            results = measure(pages, fault)
            rows.append(f"| {name} | {' | '.join(results[client] for client in ('flowglow', *CLIENTS))} |")
            print(rows[-1], flush=True)
            for page in pages.values():
                page.context.close()
        browser.close()
    proxy.stop()
    server.stop()
    write(rows)


def open_all(browser: Browser, site: str, way: str) -> dict[str, Page]:
    """One page a client, each hearing numbers."""
    pages = {}
    for client in CLIENTS:
        pages[client] = browser.new_context().new_page()
        pages[client].goto(f"{site}/bench/peers/page.html?client={client}&at={way}")
    pages["flowglow"] = browser.new_context().new_page()
    pages["flowglow"].goto(f"{site}/?ws=ws://{way}/ws&api=http://{way}/api&run=counter")
    for client, page in pages.items():
        while len(heard(client, page)) < 20:
            page.wait_for_timeout(100)
    return pages


def heard(client: str, page: Page) -> list[int]:
    numbers: list[int] = page.evaluate(OURS if client == "flowglow" else "() => heard")
    return numbers


def measure(pages: dict[str, Page], fault: Callable[[], None]) -> dict[str, str]:
    """Client → when it was back behind the end of the fault, and how many numbers it never told or told twice."""
    before = {client: max(heard(client, page)) for client, page in pages.items()}
    fault()
    began = time.monotonic()
    fresh = {client: max(heard(client, page)) for client, page in pages.items()}
    back: dict[str, float] = {}
    while len(back) < len(pages) and time.monotonic() - began < LIMIT_S:
        for client, page in pages.items():
            if client not in back and max(heard(client, page)) > fresh[client] + 2:
                back[client] = time.monotonic() - began
        time.sleep(0.05)
    time.sleep(CALM_S)
    return {client: told(heard(client, page), before[client], back.get(client)) for client, page in pages.items()}


def told(numbers: list[int], before: int, back: float | None) -> str:
    if back is None:
        return f"not within {LIMIT_S:g} s"
    behind = [number for number in numbers if number >= before]
    missing = len(set(range(before, max(behind) + 1)) - set(behind))
    twice = len(behind) - len(set(behind))
    lost = f"{missing} lost" if missing else "none lost"
    return f"{back:.1f} s, {lost}" + (f", {twice} twice" if twice else "")


def write(rows: list[str]) -> None:
    head = f"| | this page | {' | '.join(CLIENTS)} |\n|---|{'---|' * (len(CLIENTS) + 1)}\n"
    table = head + "".join(f"{row}\n" for row in rows)
    place = ROOT / "docs" / "reliability.md"
    text = re.sub(r"(?s)(<!-- make peers -->\n).*?(<!-- end -->)", lambda m: m[1] + table + m[2], place.read_text())
    place.write_text(text)
    sys.stdout.write(table)


if __name__ == "__main__":
    main()
