"""Settings that every test shares, and training that ends at once for those that open pages."""

import gc

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")


@pytest.fixture(autouse=True, scope="module")
def quick_collections():
    """What earlier modules left in caches is out of the garbage collector's sight: else the last tests take thrice."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """Products of small matrices on one thread, as in the server: more of them only wait for each other."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture
def trained_at_once(monkeypatch):
    """What a page trains is over when it is asked for, after a few updates; equal runs are played once."""
    from tests import at_once

    at_once.shortened(monkeypatch)
