"""Load: many sessions over Streamlit's own websocket protocol, each moving a knob every two seconds.

With --run, one more visitor watches a GAN being trained all the while, picture after picture.
What a session does is what a browser does: ask for a page, keep the widgets and the address that it is told, send one
changed widget (a live slider moves, a node of the graph is clicked) and wait until the fragment has run.
"""

import argparse
import asyncio
import json
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks import percentile, serving

PAGES = (
    "causality", "bernoulli", "bernoulli?bernoulli_experiment=Estimators", "divergences",
    "divergences?divergences_experiment=Fit", "gan?gan_experiment=Rotation",
)  # fmt: skip
RUN = "gan?gan_experiment=Collapse&gan_unroll=10&gan_steps=20000&gan_every=100"  # goes on for minutes
PATIENCE = 30.0  # seconds until an interaction counts as an error
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Tally:
    """What all sessions saw together."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class Session:
    """One browser tab."""

    address: str
    page: str
    socket: ClientConnection
    chance: random.Random
    query: str
    page_hash: str = ""
    knobs: dict[str, tuple[dict, str]] = field(default_factory=dict)  # component id -> (its data, its fragment)
    sent: dict[str, dict] = field(default_factory=dict)  # component id -> the state a browser would hold
    beats: dict[str, float] = field(default_factory=dict)  # fragment that wants to run again and again -> seconds

    async def rerun(self, fragment: str = "") -> list[str]:
        """Run the page, or one fragment, to its end; returns the errors that it showed."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.fragment_id = self.query, self.page_hash, fragment
        asked.page_name = "" if self.page_hash else self.page
        asked.context_info.url, asked.context_info.timezone = f"{self.address}/{self.page}", "UTC"
        for name, state in self.sent.items():
            asked.widget_states.widgets.add(id=name, json_value=json.dumps(state))
        await self.socket.send(message.SerializeToString())
        errors: list[str] = []
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await self.socket.recv(decode=False))
            kind = answer.WhichOneof("type")
            if kind == "new_session" and not fragment:
                self.page_hash = answer.new_session.page_script_hash
                self.knobs.clear()
                self.beats.clear()
            elif kind == "auto_rerun":
                self.beats[answer.auto_rerun.fragment_id] = answer.auto_rerun.interval
            elif kind == "navigation":
                self.page_hash = answer.navigation.page_script_hash
            elif kind == "page_info_changed":
                self.query = answer.page_info_changed.query_string
            elif kind == "page_not_found":
                errors.append("page not found")
            elif kind == "delta":
                element = answer.delta.new_element
                if element.HasField("exception"):
                    errors.append(element.exception.type)
                elif "This experiment stumbled" in element.html.body:
                    errors.append("an experiment stumbled")
                elif element.HasField("bidi_component"):
                    component = element.bidi_component
                    data = json.loads(component.json or component.mixed.json or "{}")
                    if "turn" in data and ("low" in data or "marks" in data):  # a live slider, a graph
                        self.knobs[component.id] = (data, answer.delta.fragment_id)
            elif kind == "script_finished" and answer.script_finished in DONE:
                return errors

    def place(self, slider: dict) -> float:
        """Any place of a live slider, as its thumb can stand."""
        log = slider["log"]
        low, high = (math.log10(slider[end]) if log else slider[end] for end in ("low", "high"))
        thumb = low + slider["step"] * self.chance.randint(0, round((high - low) / slider["step"]))
        return float(f"{10**thumb:.2g}" if log else f"{thumb:.12g}")

    async def interact(self, tally: Tally) -> None:
        """Move one knob, as a visitor would, and note how long the answer took."""
        name, (data, fragment) = self.chance.choice(sorted(self.knobs.items(), key=lambda item: item[0]))
        if "low" in data:
            value = self.place(data)
            self.sent[name] = {"knob": {"now": value, "settled": value, "turn": data["turn"] + 1}}
        else:
            node = self.chance.choice(sorted(data["nodes"]))
            cycle = ["", *(mark for mark in data["cycles"].get(node, data["cycle"]) if mark)]
            marks = {**data["marks"], node: cycle[(cycle.index(data["marks"].get(node, "")) + 1) % len(cycle)]}
            graph = {"nodes": data["nodes"], "edges": data["edges"], "marks": {n: m for n, m in marks.items() if m}}
            self.sent[name] = {"graph": {"turn": data["turn"] + 1, **graph}}
        start = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            errors = await self.rerun(fragment)
        tally.seconds.append(time.perf_counter() - start)
        tally.errors.update(errors)


@asynccontextmanager
async def opened(address: str, page: str, chance: random.Random, tally: Tally) -> AsyncIterator[Session]:
    """A tab that shows the page."""
    try:
        async with connect(
            address.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], max_size=None, proxy=None
        ) as socket:
            name, _, query = page.partition("?")
            session = Session(address, name, socket, chance, query=f"reveal=1&{query}".rstrip("&"))
            async with asyncio.timeout(PATIENCE):
                tally.errors.update(await session.rerun())
            yield session
    except (OSError, TimeoutError, WebSocketException) as error:
        tally.errors[type(error).__name__] += 1


async def visitor(address: str, page: str, number: int, every: float, until: float, tally: Tally) -> None:
    """Open the page, then interact at a steady beat whose phase differs from visitor to visitor."""
    chance = random.Random(number)
    await asyncio.sleep(every * chance.random())
    async with opened(address, page, chance, tally) as session:
        while session.knobs and (now := time.perf_counter()) < until:
            await session.interact(tally)
            await asyncio.sleep(max(0.0, now + every - time.perf_counter()))


async def watcher(address: str, until: float, tally: Tally) -> None:
    """Watch a run: what it has come to is drawn as often as the page asks for it."""
    async with opened(address, RUN, random.Random(0), tally) as session:
        while session.beats and time.perf_counter() < until:
            fragment, seconds = next(iter(session.beats.items()))
            await asyncio.sleep(seconds)
            async with asyncio.timeout(PATIENCE):
                tally.errors.update(await session.rerun(fragment))
        if not session.beats:
            tally.errors["the run ended early"] += 1


async def crowd(address: str, page: str, sessions: int, seconds: float, every: float, *, run: bool = False) -> Tally:
    """All visitors at once; with `run`, and somebody who watches one."""
    tally, until = Tally(), time.perf_counter() + seconds
    everybody = [visitor(address, page, number, every, until, tally) for number in range(sessions)]
    await asyncio.gather(*everybody, *([watcher(address, until, tally)] if run else []))
    return tally


def trained(server: psutil.Process) -> float:
    """Seconds of the processor that the server's workers have spent."""
    return sum(sum(child.cpu_times()[:2]) for child in server.children())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two interactions of one session")
    parser.add_argument("--page", action="append", help="address of a page, may carry a query; by default several")
    parser.add_argument("--run", action="store_true", help="while a GAN is trained and watched; by default on one page")
    asked = parser.parse_args()
    loads = [(page, asked.run) for page in asked.page or PAGES]
    if not (asked.page or asked.run):
        loads.append((PAGES[0], True))
    print(f"{asked.sessions} sessions, a knob each {asked.every:g} s for {asked.seconds:g} s; p95 <= 500 ms, ", end="")
    print("1000 ms beside a run")
    print("| page | interactions | p50 | p95 | max | errors | server MB before | after | CPU of the run |")
    print("|---" * 9 + "|")
    for page, run in loads:
        with serving() as (address, pid):
            server = psutil.Process(pid)
            asyncio.run(crowd(address, page, 1, 5.0, 1.0, run=run))  # imports are not what is measured
            before, idle = server.memory_info().rss / 2**20, trained(server)
            tally = asyncio.run(crowd(address, page, asked.sessions, asked.seconds, asked.every, run=run))
            busy, after = trained(server) - idle, server.memory_info().rss / 2**20
        p50, p95, most = (1000 * percentile(tally.seconds, share) for share in (0.5, 0.95, 1.0))
        errors = ", ".join(f"{count} {name}" for name, count in tally.errors.items()) or "none"
        times = f"{len(tally.seconds)} | {p50:.0f} ms | {p95:.0f} ms | {most:.0f} ms"
        share = f"{busy:.0f} s" if run else "no run"
        print(f"| {page} | {times} | {errors} | {before:.0f} | {after:.0f} | {share} |", flush=True)


if __name__ == "__main__":
    main()
