"""Mechanisms: altitude makes temperature, so the fit of one from the other travels and the reverse does not."""

import numpy as np
import streamlit as st

from playground.causality import (
    Climate,
    Country,
    Line,
    Moments,
    altitude_on_temperature,
    charts,
    excess_nll,
    expected_nll,
    fit_line,
    sample_altitude,
    temperature_on_altitude,
)
from playground.ui import frame, knobs, page
from playground.ui.components.live_slider import live_slider

MEAN, SPREAD, NOISE, PLACES, SEED = (f"causality_{name}" for name in ("altitude", "spread", "noise", "places", "seed"))
HOME = Country(800.0, 300.0)
CAUSAL, REVERSE = (0.0, 4000.0, -20.0, 25.0), (-20.0, 25.0, 0.0, 4000.0)
ALTITUDE, TEMPERATURE = "altitude A, m", "temperature T, °C"
PRESETS = (
    page.Preset("Up the mountains", {MEAN: 2200.0, SPREAD: 500.0, NOISE: 2.0}, "Only the fit against the arrow misses its new points."),
    page.Preset("Same heights", {MEAN: 800.0, SPREAD: 300.0, NOISE: 2.0}, "Where P(A) is the same, both fits travel."),
    page.Preset("A plateau", {MEAN: 2200.0, SPREAD: 100.0, NOISE: 2.0}, "All places lie as high: temperature says next to nothing about altitude."),
    page.Preset("No noise", {MEAN: 2200.0, SPREAD: 500.0, NOISE: 0.2}, "A nearly exact law can be read both ways."),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The other country")
        mean = live_slider(
            "mean altitude", 0, 3000, 2200, key=MEAN, step=50, role="rival", hint="m", ticks=(0, 1000, 2000, 3000)
        )
        spread = live_slider(
            "spread", 50, 800, 500, key=SPREAD, step=10, role="rival", hint="s.d., m", ticks=(50, 300, 800)
        )
        knobs.group("The climate of both")
        noise = live_slider("noise", 0.2, 5, 2, key=NOISE, step=0.1, role="truth", hint="s.d., °C", ticks=(0.2, 2, 5))
        knobs.group("The data")
        places = knobs.counter("Places a country", 10, 500, 150, key=PLACES)
        seed = knobs.counter("Draw", 0, 999, 0, key=SEED, hint="Another number, other places.")
    away, climate = Country(mean.now, spread.now), Climate(noise_sd=noise.now)
    home_places, away_places = _places(HOME, climate, places, seed), _places(away, climate, places, seed + 1000)
    causal, reverse = _fitted(*home_places), _fitted(*home_places[::-1])
    with stage:
        page.equation(
            ("data", "home", "●"),
            ("model", "fit at home", ""),
            ("rival", "the other country", "■"),
            ("truth", "right there", ""),
        )
        answer = page.predict(
            "Which fit survives the move?", ("T from A", "A from T", "Both"), key="causality_guess_move"
        )
        left, right = st.columns(2, gap="medium")
        for place, flip, title, fit, right_line in (
            (left, 1, "T from A: along the arrow", causal, temperature_on_altitude(away, climate).line()),
            (right, -1, "A from T: against it", reverse, altitude_on_temperature(away, climate).line()),
        ):
            with place:
                st.html(f'<p class="pg-group">{title}</p>')
                extent, axes = (CAUSAL, (ALTITUDE, TEMPERATURE)) if flip == 1 else (REVERSE, (TEMPERATURE, ALTITUDE))
                page.picture(
                    charts.transfer(
                        home_places[::flip], away_places[::flip] if answer.revealed else None, fit, right_line, extent=extent, axes=axes, look=frame.look()
                    ),
                    key=f"transfer-{flip}", alt=f"{title}: places of two countries, the line fitted at home and the line that is right in the other",
                    numbers=f"Fitted at home: slope {fit.slope:.4g}; right in the other country: {right_line.slope:.4g}." if answer.revealed else "",
                )  # fmt: skip
    losses = (
        ("T from A, at home", causal, temperature_on_altitude(HOME, climate)),
        ("T from A, there", causal, temperature_on_altitude(away, climate)),
        ("A from T, at home", reverse, altitude_on_temperature(HOME, climate)),
        ("A from T, there", reverse, altitude_on_temperature(away, climate)),
    )
    page.numbers(*(_loss(name, fit, truth, revealed=answer.revealed or "home" in name) for name, fit, truth in losses))
    page.notice(_notice(causal, reverse, losses[1][2], losses[3][2], answer))
    page.details(
        the_arithmetic=lambda: _arithmetic(causal, reverse, losses[1][2], losses[3][2]),
        the_code=lambda: st.code(_code(away, climate, places, seed), language="python"),
        data=lambda: page.downloads(
            "mechanisms", _csv(home_places, away_places),
            {"home": vars(HOME), "there": vars(away), "climate": vars(climate),
             "excess nats": {name: excess_nll(fit, truth) for name, fit, truth in losses}},
        ),
    )  # fmt: skip


def _places(country: Country, climate: Climate, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Altitudes and temperatures; the same noise at every position of the knobs, so that the points glide."""
    import torch

    altitude, temperature = sample_altitude(country, climate, n, generator=torch.Generator().manual_seed(seed))
    return altitude.numpy(), temperature.numpy()


def _fitted(x: np.ndarray, y: np.ndarray) -> Line:
    import torch

    return fit_line(torch.from_numpy(x), torch.from_numpy(y))


def _loss(name: str, fit: Line, truth: Moments, *, revealed: bool) -> tuple[str, str, str]:
    if not revealed:
        return name, "?", "after your prediction"
    least = expected_nll(truth.line(), truth)
    return (
        name,
        f"+{excess_nll(fit, truth):.3f} nats",
        f"loss {least + excess_nll(fit, truth):.2f}, at least {least:.2f}",
    )


def _notice(causal: Line, reverse: Line, forward: Moments, backward: Moments, answer: page.Prediction) -> str:
    if not answer.revealed:
        return (
            "Both lines were fitted at home. Where do the other country's places fall? Commit to an answer, then see."
        )
    along, against = excess_nll(causal, forward), excess_nll(reverse, backward)
    if against < 0.05:
        return f"Both fits travel: {along:.3f} and {against:.3f} nats a place above the least possible."
    return (
        f"Along the arrow the fit loses {along:.3f} nats a place, what a finite sample costs; against it {against:.2f}. "
        "P(T | A) is physics and the same everywhere; P(A | T) also holds how high people live."
    )


def _arithmetic(causal: Line, reverse: Line, forward: Moments, backward: Moments) -> None:
    st.latex(r"\mathbb{E}[-\log q(y \mid x)] - \mathbb{E}[-\log p(y \mid x)] = \mathbb{E}_x\,\mathrm{KL}\big(p(y \mid x)\,\|\,q(y \mid x)\big) = \log\frac{s}{\sigma} + \frac{\sigma^2 + \mathbb{E}[(\mu(x) - m(x))^2]}{2 s^2} - \frac12")  # fmt: skip
    for name, fit, truth in (("T from A", causal, forward), ("A from T", reverse, backward)):
        best = truth.line()
        st.latex(
            rf"\text{{{name}: fitted }} m(x) = {fit.intercept:.2f} {fit.slope:+.4g}\,x,\ s = {fit.sd:.3g};\quad"
            rf"\text{{there }} \mu(x) = {best.intercept:.2f} {best.slope:+.4g}\,x,\ \sigma = {best.sd:.3g};\quad \text{{excess }} {excess_nll(fit, truth):.4f}"
        )


def _code(away: Country, climate: Climate, places: int, seed: int) -> str:
    return (
        "import torch\n\n"
        "from playground.causality import (\n    Climate, Country, altitude_on_temperature, excess_nll, fit_line, sample_altitude, temperature_on_altitude,\n)\n\n"
        f"home, there, climate = {HOME!r}, {away!r}, {climate!r}\n"
        f"altitude, temperature = sample_altitude(home, climate, {places}, generator=torch.Generator().manual_seed({seed}))\n"
        "print(excess_nll(fit_line(altitude, temperature), temperature_on_altitude(there, climate)))\n"
        "print(excess_nll(fit_line(temperature, altitude), altitude_on_temperature(there, climate)))"
    )


def _csv(home: tuple[np.ndarray, np.ndarray], away: tuple[np.ndarray, np.ndarray]) -> str:
    rows = (
        f"{name},{a:.3f},{t:.3f}\n"
        for name, places in (("home", home), ("there", away))
        for a, t in zip(*places, strict=True)
    )
    return "country,altitude_m,temperature_c\n" + "".join(rows)


EXPERIMENT = page.Experiment("Mechanisms", PRESETS, show)
