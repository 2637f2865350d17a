"""What happens once per server process: light modules before it serves, torch behind the first paint, redirects."""

import asyncio
import gc
import importlib
import threading
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from playground.ui import catalog

NOBODY_SECONDS = 10.0  # how long torch waits for a first visitor
PAINT_SECONDS = 0.5  # from the end of a first run to its picture in the browser
_painted = threading.Event()


def painted() -> None:
    """Say that a page was drawn: what is heavy may be imported now."""
    _painted.set()


def warm() -> None:
    """Import the charts of every lesson, and with them pandas and altair: half of a first visitor's wait."""
    for entry in catalog.READY:
        importlib.import_module(f"playground.{entry.name}.charts")


def preload() -> None:
    """Import what the engines need, move it all out of the garbage collector's sight, and start a worker for runs.

    An import beside a first paint slows the paint down. Collecting costs 100 ms and more per interaction with a full
    class; freezing before the imports is useless.
    """
    if _painted.wait(NOBODY_SECONDS):
        time.sleep(PAINT_SECONDS)
    for name in ("torch", "scipy.optimize", "ot"):
        importlib.import_module(name)
    # small products of many visitors at once: with a thread for each core they only wait for each other
    importlib.import_module("torch").set_num_threads(1)
    gc.collect()
    gc.freeze()
    _painted.wait()  # a worker takes 400 MB, and is of no use to nobody
    importlib.import_module("playground.ui.runs").WORKERS.warm()


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Around the server's life. The thread is a daemon: a server told to stop does not wait for an import."""
    await asyncio.to_thread(warm)
    threading.Thread(target=preload, name="preload", daemon=True).start()
    yield


def redirects(sections: Iterable[str]) -> list[Route]:
    """`/probability/causality?x=1` leads to `/causality?x=1`: pages have no section in their address, home has none."""

    async def redirect(request: Request) -> RedirectResponse:
        page = request.path_params.get("page", "home")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{'' if page == 'home' else page}{query}")

    return [Route("/home", redirect), *(Route(f"/{section}/{{page}}", redirect) for section in sections)]
