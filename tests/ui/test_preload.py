"""What a server does before and after its first visitor."""

import threading

from playground.ui import runs, server

PATIENCE = 60  # seconds


def test_a_worker_starts_once_somebody_has_come(monkeypatch):
    visited, imported, warmed = threading.Event(), threading.Event(), threading.Event()
    monkeypatch.setattr(server, "_painted", visited)
    monkeypatch.setattr(server, "NOBODY_SECONDS", 0.0)
    monkeypatch.setattr(server, "PAINT_SECONDS", 0.0)
    monkeypatch.setattr(server.gc, "freeze", imported.set)  # the last thing that is done for nobody
    monkeypatch.setattr(runs.WORKERS, "warm", warmed.set)
    loading = threading.Thread(target=server.preload)
    loading.start()
    assert imported.wait(PATIENCE)
    assert not warmed.wait(0.1)
    server.painted()
    loading.join(PATIENCE)
    assert warmed.is_set()
