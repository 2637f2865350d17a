"""What happens once per server process: torch is loaded behind the first paint, and section folders redirect."""

import asyncio
import gc
import importlib
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route


def preload() -> None:
    """Import what the engines need, then move it out of the garbage collector's sight.

    Collecting costs 100 ms and more per interaction with a full class; freezing before the imports is useless.
    """
    for name in ("torch", "scipy.special", "altair"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start preloading when the server is up; daemon, so that a server told to stop does not wait for an import."""
    await asyncio.sleep(0)
    threading.Thread(target=preload, name="preload", daemon=True).start()
    yield


def redirects(sections: Iterable[str]) -> list[Route]:
    """`/probability/causality?x=1` leads to `/causality?x=1`: pages have no section in their address, home has none."""

    async def redirect(request: Request) -> RedirectResponse:
        page = request.path_params.get("page", "home")
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{'' if page == 'home' else page}{query}")

    return [Route("/home", redirect), *(Route(f"/{section}/{{page}}", redirect) for section in sections)]
