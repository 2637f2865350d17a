"""`open_app(...)`: the whole app without a browser, on the page and with the parameters that are asked for."""

import pytest
from app_pages import open_page


@pytest.fixture
def open_app():
    """open_app(address="", **query) -> a run AppTest, as if a browser had asked for /address?query."""
    return open_page


@pytest.fixture(autouse=True)
def _quickly(trained_at_once):
    """No page of a lesson trains for long."""
