"""A real server and a real Chromium: `serve(script)` gives an address, `visit(address)` a page."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
]  # fmt: skip
IDLE = """() => document.querySelector('[data-testid="stApp"]')?.getAttribute('data-test-script-state') === 'notRunning'
  && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')"""


def pytest_collection_modifyitems(items):
    """Everything in this folder is a browser test; without a browser it is skipped, but never in CI."""
    here = Path(__file__).parent
    # last, because Playwright leaves an event loop running in this thread, where other tests start their own
    items.sort(key=lambda item: item.path.is_relative_to(here))
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium found: apt-get install chromium"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(script):
    """A fresh server process for `script` (path from the repository's root); yields its address once it is healthy."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable, "-m", "streamlit", "run", script, "--server.port", address.rpartition(":")[2],
        "--server.address", "127.0.0.1", "--server.headless", "true", "--server.fileWatcherType", "none",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as log:  # a pipe that nobody reads fills up and stops the server
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            for _ in range(600):
                assert process.poll() is None, log.seek(0) or log.read().decode()
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                    break
                time.sleep(0.05)  # a port cannot be awaited otherwise
            yield address
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def serve():
    """serve(script) -> the address of a server for it, shared by the whole run."""
    with contextlib.ExitStack() as stack:
        known = {}

        def address(script="app.py"):
            if script not in known:
                known[script] = stack.enter_context(running(script))
            return known[script]

        yield address


@pytest.fixture
def fresh_server():
    """The address of a server process that nobody has visited yet."""
    with running("app.py") as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """visit(address, dark=, width=, ...) -> a settled page. A console error or a call elsewhere fails the test."""
    contexts, problems = [], []

    def open_page(address, *, dark=False, width=1440, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **options
        )
        contexts.append(context)
        page = context.new_page()
        origin = "/".join(address.split("/")[:3])
        local = (origin, origin.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(local) else problems.append(f"asks {r.url[:120]}"))
        page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if is_failure(r) else None)
        page.on("console", lambda m: problems.append(m.text) if is_error(m) else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


def is_failure(response):
    # Streamlit itself asks for /<page>/_stcore/... once on a deep link; those 404s are harmless
    return response.status >= 400 and "/_stcore/" not in response.url


def is_error(message):
    return message.type == "error" and "Failed to load" not in message.text


def settle(page):
    """Wait until the script has run and nothing is loading."""
    page.wait_for_function(IDLE, timeout=30_000)
