"""The player with made-up runs, for the tests of this folder and the benchmark; ?demo= chooses."""

from functools import cache

import numpy as np
import streamlit as st

from playground.movie import Arrows, Chart, Field, Lines, Movie, Panel, Points
from playground.theme import css_variables
from playground.ui.components.player import player

BOX = (-1.7, 1.7, -1.7, 1.7)
FRAMES = 60


@cache
def gan_run():
    """A cloud that leaves the middle for eight places on a ring, under a field and arrows that turn with it."""
    rng = np.random.default_rng(0)
    angle = np.arange(8) * np.pi / 4
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    real = (ring[:, None] + 0.08 * rng.standard_normal((8, 75, 2))).reshape(-1, 2)
    noise, home = rng.standard_normal((1400, 2)), np.arange(1400) % 8
    t = np.linspace(0, 1, FRAMES)[:, None, None]
    fakes = (1 - t) * 0.3 * noise + t * (ring[home] + 0.08 * noise)
    line = np.linspace(-1.7, 1.7, 64)
    x, y = np.meshgrid(line, line)
    d = 1 / (1 + np.exp(2 * (x * np.cos(4 * t) + y * np.sin(4 * t))))
    at = np.stack(np.meshgrid(line[3::8], line[3::8]), -1).reshape(-1, 2)
    push = np.broadcast_to(np.concatenate([-np.cos(4 * t), -np.sin(4 * t)], -1), (FRAMES, len(at), 2))
    loss = 1.386 + np.cumsum(rng.standard_normal((2, FRAMES)) * 0.05, 1)
    return real, fakes, d, at, push, loss


def gan(frames=FRAMES, **growth):
    real, fakes, d, at, push, loss = gan_run()
    layers = [
        Field(d[:frames], "D(x)", lo=0, hi=1),
        Arrows(at, push[:frames], "∇ log D", scale=0.13, opacity=0.5),
        Points(real, "data", color="data", size=2.2, opacity=0.55),
        Points(fakes[:frames], "generator"),
    ]
    charts = [
        Chart(
            {"D": loss[0, :frames], "G": loss[1, :frames]},
            "loss, nats",
            roles={"D": "rival", "G": "model"},
            truth=("log 4 =", 1.386),
            limits=(0.5, 2.5),
        ),
        Chart({"covered": np.arange(frames) * 8 // FRAMES}, "modes", truth=("all", 8), limits=(0, 8.8)),
    ]
    text = [f"{8 * i // FRAMES} of 8 modes covered" for i in range(frames)]
    return Movie(
        [Panel(layers, extent=BOX)],
        np.arange(frames) * 40,
        charts=charts,
        text=text,
        alt="A GAN learns a ring",
        **growth,
    )


def flow(strength):
    """A plane that turns more near its middle, with one cloud in four classes."""
    t = np.linspace(0, 1, 61)
    cloud = np.random.default_rng(1).standard_normal((1000, 2))
    rows = np.stack(np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-3, 3, 19)), -1)
    grid = np.concatenate([rows, rows[..., ::-1]])

    def warp(x, s):
        a = strength * s * np.exp(-(x**2).sum(-1) / 4)
        u, v = x[..., 0] * np.cos(a) - x[..., 1] * np.sin(a), x[..., 0] * np.sin(a) + x[..., 1] * np.cos(a)
        return np.stack([u, v + s * (0.35 * u**2 - 0.9)], -1)

    group = (np.hypot(*cloud.T) // 0.8).clip(0, 3).astype(int)
    layers = [
        Lines(np.stack([warp(grid, s) for s in t]), "grid", opacity=0.55),
        Points(np.stack([warp(cloud, s) for s in t]), "z carried to x", group=group, trail=60),
    ]
    panel = Panel(layers, "x at time t", extent=(-3.6, 3.6, -3.2, 4))
    return Movie([panel], t, time_name="t", digits=2, alt="A flow bends the plane", fps=20)


def pair():
    """Two panels that share a field; ten classes on the left, diverging colours on the right."""
    t = np.linspace(0, 1, 31)[:, None, None]
    rng = np.random.default_rng(2)
    digit = np.arange(600) % 10
    centre = np.stack([np.cos(digit * 0.628), np.sin(digit * 0.628)], -1) * 2
    cloud = (1 - t) * rng.standard_normal((600, 2)) + t * (centre + 0.15 * rng.standard_normal((600, 2)))
    x, y = np.meshgrid(np.linspace(-2.6, 2.6, 48), np.linspace(-2.6, 2.6, 48))
    density, wave = np.exp(-(x**2 + y**2) / (1 + 2 * t)), np.sin(x + 3 * t) * np.cos(y)
    circle = np.stack([2 * np.cos(x[0] * 1.21), 2 * np.sin(x[0] * 1.21)], -1)[None]
    box = (-2.6, 2.6, -2.6, 2.6)
    left = [
        Field(density, "density", lo=0, hi=1),
        Points(cloud, "digits", group=digit),
        Lines(circle, "ring", color="truth", width=2),
    ]
    right = [
        Field(wave, "gap", scale="diverging", lo=-1, hi=1),
        Points(cloud[:, :300], "rival", color="rival"),
        Points(cloud[:, 300:], "data", color="data"),
    ]
    share = t[:, 0, 0]
    curves = {"one": share**2, "two": np.sqrt(share), "three": share}
    chart = Chart(curves, "share", truth=("weight", 0.4), limits=(0, 1))
    decay = Chart({"error": 10 ** (-3 * share)}, "error", roles={"error": "error"}, log=True)
    return Movie(
        [Panel(left, "DDPM: fresh noise", extent=box), Panel(right, "DDIM: none", extent=box)],
        np.arange(31), charts=[chart, decay], alt="Two samplers", fps=15, height=360,
    )  # fmt: skip


def cloud(seed, frames=20, dots=2000):
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.standard_normal((frames, dots, 2)) * 0.05, 0)
    field = rng.random((frames, 64, 64))
    panel = Panel([Field(field, "f", lo=0, hi=1), Points(walk, "dots")], extent=(-1.5, 1.5, -1.5, 1.5))
    return Movie([panel], range(frames), alt=f"cloud {seed}")


@st.fragment
def show_gan():
    shown = player(gan(), key="gan", report=True)
    st.text(f"frame on the server: {shown.frame}")


@st.fragment
def show_live():
    """A run that grows when it is told to."""
    frames = st.session_state.setdefault("frames", 5)
    if st.button("more"):
        frames = st.session_state["frames"] = min(FRAMES, frames + 10)
    if st.button("finish"):
        frames = st.session_state["frames"] = FRAMES
    player(gan(frames, run="gan", live=frames < FRAMES), key="live")
    st.text(f"frames on the server: {frames}")


@st.fragment
def show_flow():
    strength = st.slider("strength", 0.0, 4.0, 2.4)
    shown = player(flow(strength), key="flow", pick=True)
    st.session_state["picked"] = shown.pick or st.session_state.get("picked")
    st.text(f"strength {strength}, picked: {st.session_state['picked']}")


@st.fragment
def show_pair():
    player(pair(), key="pair")


@st.fragment(run_every=0.05)
def show_stress():
    n = st.session_state["n"] = min(120, st.session_state.get("n", 0) + 1)
    player(cloud(n), key="stress")
    st.text(f"update {n}")


@st.fragment
def show_cloud():
    player(cloud(0, frames=120), key="cloud")


def show_nothing():
    st.text("no player here")


SHOWS = {
    "gan": show_gan, "live": show_live, "flow": show_flow, "pair": show_pair, "stress": show_stress,
    "cloud": show_cloud, "nothing": show_nothing,
}  # fmt: skip
st.html(f"<style>{css_variables()}</style>")
SHOWS[st.segmented_control("Demo", list(SHOWS), default="gan", key="demo", bind="query-params") or "gan"]()
