"""Speed of the live site: ``python benchmarks/web.py``. Nothing is asserted: times belong to the machine that ran them.

Prints how soon ``virker serve`` answers, live verdicts on the Danish workspace and on a synthetic bank of 10,000 studies with 40,000 findings,
and a bounded load test on loopback: requests a second, median and p99 of the main pages, asked by a few readers at once.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import httpx
import synthetic
from timing import median

from virker.claims.edition import load_edition
from virker.web.api.endpoint import ROOT
from virker.web.app import create_app
from virker.web.site import Site
from virker.workspace import Workspace, packaged_workspace

#: What people open most, and what programs ask.
MAIN = (
    "/da/index.html", "/da/map.html", "/da/interventions.html", "/da/intervention/meetings.html", "/da/study/pedersen-2012.html", "/da/search.html?q=samtaler",
    "/da/query.html?intervention=meetings&outcome=employment", f"{ROOT}/verdict?intervention=meetings&outcome=employment", f"{ROOT}/studies?limit=50",
)  # fmt: skip
DANISH = ("intervention=meetings&outcome=employment", "intervention=almp", "outcome=employment", "outcome=employment&country=DK&year_from=2010")
LARGE = ("intervention=meetings&outcome=employment", "intervention=meetings", "intervention=almp", "outcome=employment")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--studies", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each page is asked for")
    parser.add_argument("--readers", type=int, default=8, help="how many ask at once")
    options = parser.parse_args()
    starting(options.times)
    site = Site(load_edition(Workspace.find(packaged_workspace())), live=True)
    verdicts("Danish bank", site, DANISH, options.times, 50)
    with tempfile.TemporaryDirectory() as folder:
        synthetic.make(Path(folder), options.studies, 4, 10)
        (Path(folder) / "rules").mkdir()
        (Path(folder) / "cards").mkdir()
        verdicts(f"{options.studies} studies", Site(load_edition(Workspace.find(Path(folder))), live=True), LARGE, options.times, 200)
    load(options.seconds, options.readers)


def starting(times: int) -> None:
    """From the command to the first answer."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        server, address = _server()
        with urllib.request.urlopen(f"{address}api/v1") as answer:
            answer.read()
        seconds.append(time.perf_counter() - begun)
        server.terminate()
        server.wait()
    print(f"{'virker serve: from the command to the first answer':<86} {statistics.median(seconds):7.2f} s    target 1.00 s")


def verdicts(what: str, site: Site, questions: tuple[str, ...], times: int, target: float) -> None:
    """Whole requests without a network: the verdict of one rule set, and the page with all of them."""
    app = create_app(site)
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost")

        def ask(path: str) -> Callable[[], object]:
            async def one() -> None:
                (await client.get(path)).raise_for_status()

            return lambda: runner.run(one())

        begun = time.perf_counter()
        ask(f"{ROOT}/verdict?{questions[0]}")()
        print(f"{what + ': the first question, which makes the index':<86} {(time.perf_counter() - begun) * 1000:7.0f} ms")
        for question in questions:
            for kind, path in (("verdict", f"{ROOT}/verdict"), ("page", "/da/query.html")):
                shown = f"{what}: {kind}, {question}"
                aim = f"   target {target:g} ms" if kind == "verdict" else ""
                print(f"{shown:<86} {median(ask(f'{path}?{question}'), times) * 1000:7.1f} ms{aim}")
        runner.run(client.aclose())


def load(seconds: float, readers: int) -> None:
    """A few readers, each asking again as soon as it was answered, page by page, over real sockets."""
    server, address = _server()
    try:
        print(f"\n{f'{readers} readers at once, {seconds:g} s for each page':<66} {'requests/s':>10} {'median':>9} {'p99':>9}")
        for path in MAIN:
            times = asyncio.run(_asked(address.rstrip("/") + path, seconds, readers))
            times.sort()
            p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
            print(f"{path:<66} {len(times) / seconds:>10.0f} {statistics.median(times) * 1000:>6.1f} ms {p99 * 1000:>6.1f} ms")
    finally:
        server.terminate()
        server.wait()


async def _asked(url: str, seconds: float, readers: int) -> list[float]:
    """The time of each answer. The readers are bare sockets: a whole client costs more than the server does."""
    host, port, path = url.removeprefix("http://").partition("/")[0].partition(":")[0], url.split(":")[2].partition("/")[0], "/" + url.split("/", 3)[3]
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    times: list[float] = []

    async def one(answers: asyncio.StreamReader, asks: asyncio.StreamWriter) -> None:
        asks.write(request)
        head = await answers.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = next(int(line.split(b":")[1]) for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        await answers.readexactly(length)

    async def reader() -> None:
        answers, asks = await asyncio.open_connection(host, int(port), limit=2**20)
        await one(answers, asks)
        until = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < until:
            await one(answers, asks)
            times.append(time.perf_counter() - begun)
        asks.close()

    await asyncio.gather(*(reader() for _ in range(readers)))
    return times


def _server() -> tuple[subprocess.Popen[str], str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "virker", "serve", "--port", "0", "--lang", "en"], stdout=subprocess.PIPE, text=True, cwd=packaged_workspace()
    )
    assert server.stdout is not None
    return server, server.stdout.readline().strip()


if __name__ == "__main__":
    main()
