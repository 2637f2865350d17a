"""Mechanisms: altitude makes temperature, so the fit of one from the other travels, and the reverse does not."""

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
    report,
    sample_altitude,
    temperature_on_altitude,
    words,
)
from playground.ui import frame, knobs, page
from playground.ui.components.live_slider import live_slider

MEAN, SPREAD, NOISE, PLACES, SEED = (f"causality_{name}" for name in ("altitude", "spread", "noise", "places", "draw"))
HOME = Country(mean_altitude=800.0, altitude_sd=300.0)
# the axes, fixed while a knob moves
ALTITUDES = charts.Axis("altitude A, m", -500.0, 4500.0)
TEMPERATURES = charts.Axis("temperature T, °C", -25.0, 25.0)
MOUNTAINS = {MEAN: 2200.0, SPREAD: 500.0, NOISE: 2.0, PLACES: 150, SEED: 0}
PRESETS = (
    page.Preset("Up the mountains", MOUNTAINS, "Only the fit against the arrow misses its new points."),
    page.Preset("Same heights", {**MOUNTAINS, MEAN: 800.0, SPREAD: 300.0}, "Where P(A) is the same, both fits travel."),
    page.Preset(
        "A plateau", {**MOUNTAINS, SPREAD: 100.0}, "All places lie almost as high: temperature hardly tells altitude."
    ),
    page.Preset("Little noise", {**MOUNTAINS, NOISE: 0.2}, "A nearly exact law reads almost the same both ways."),
)
Places = tuple[np.ndarray, np.ndarray]


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        knobs.group("The other country")
        mean = live_slider(
            "mean altitude", 0, 2500, 2200, key=MEAN, step=50, role="rival", hint="m", ticks=(0, 1000, 2000)
        )
        spread = live_slider(
            "spread", 50, 600, 500, key=SPREAD, step=10, role="rival", hint="s.d., m", ticks=(50, 300, 600)
        )
        knobs.group("The climate of both")
        noise = live_slider("noise", 0.2, 4, 2, key=NOISE, step=0.1, role="truth", hint="s.d., °C", ticks=(0.2, 2, 4))
        knobs.group("The data")
        n = knobs.counter("Places in each country", 10, 500, 150, key=PLACES)
        draw = knobs.counter("Draw", 0, 999, 0, key=SEED, hint="Another number, other places.")
    there, climate = Country(mean.now, spread.now), Climate(noise_sd=noise.now)
    places, abroad = _places(HOME, climate, n, draw), _places(there, climate, n, draw + 1000)
    causal, reverse = _fitted(*places), _fitted(*places[::-1])
    home_truths = temperature_on_altitude(HOME, climate), altitude_on_temperature(HOME, climate)
    truths = temperature_on_altitude(there, climate), altitude_on_temperature(there, climate)
    with stage:
        page.equation(
            ("data", "home ●", f"{HOME.mean_altitude:.0f} ± {HOME.altitude_sd:.0f} m"),
            ("model", "fitted at home", ""),
            ("rival", "the other country ■", ""),
            ("truth", "best over there", ""),
        )
        answer = page.predict(
            "Which fit survives the move?", ("T from A", "A from T", "Both", "Neither"), key="causality_guess_move"
        )
        left, right = st.columns(2, gap="medium")
        with left:
            _panel("T from A: along the arrow", places, abroad, causal, truths[0], answer, flip=False)
        with right:
            _panel("A from T: against the arrow", places, abroad, reverse, truths[1], answer, flip=True)
    page.numbers(
        ("T from A, at home", *_loss(causal, home_truths[0])),
        ("T from A, over there", *answer.cell(*_loss(causal, truths[0]))),
        ("A from T, at home", *_loss(reverse, home_truths[1])),
        ("A from T, over there", *answer.cell(*_loss(reverse, truths[1]))),
    )
    wait = "Both lines were fitted at home. Where will the other country's places fall? Commit, then see."
    verdict = answer.verdict(words.survivor(causal, reverse, truths))
    sentence = verdict + words.moved(causal, reverse, truths, alike=there == HOME)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(causal, reverse, truths),
        the_code=lambda: st.code(report.code_mechanisms(HOME, there, climate, n, draw), language="python"),
        data=lambda: page.downloads(
            "mechanisms",
            report.places_csv({"home": places, "there": abroad}),
            {
                "home": vars(HOME), "there": vars(there), "climate": vars(climate),
                "T from A, excess nats": excess_nll(causal, truths[0]),
                "A from T, excess nats": excess_nll(reverse, truths[1]),
            },
        ),
    )  # fmt: skip


def _places(country: Country, climate: Climate, n: int, seed: int) -> Places:
    """Altitudes and temperatures; the same noise at every position of the knobs, so that the points glide."""
    import torch

    altitude, temperature = sample_altitude(country, climate, n, generator=torch.Generator().manual_seed(seed))
    return altitude.numpy(), temperature.numpy()


def _fitted(x: np.ndarray, y: np.ndarray) -> Line:
    import torch

    return fit_line(torch.from_numpy(x), torch.from_numpy(y))


def _panel(
    title: str, home: Places, there: Places, fitted: Line, truth: Moments, answer: page.Prediction, *, flip: bool
) -> None:
    """Temperature against altitude, or with `flip` altitude against temperature."""
    knobs.group(title)
    x, y = (TEMPERATURES, ALTITUDES) if flip else (ALTITUDES, TEMPERATURES)
    if flip:
        home, there = (home[1], home[0]), (there[1], there[0])
    best = truth.line()
    right_there = f", best over there {best.slope:.4g}" if answer.revealed else ""
    page.picture(
        charts.transfer(home, there if answer.revealed else None, fitted, best, x=x, y=y, look=frame.look()),
        key=f"transfer-{flip}",
        alt=f"{title}: places of two countries, the line fitted in one and the line that is best in the other",
        numbers=f"{title}: slope fitted at home {fitted.slope:.4g}{right_there}.",
    )


def _loss(fit: Line, truth: Moments) -> tuple[str, str]:
    """What a fit loses above the least possible, both exact, in nats a place."""
    excess, least = excess_nll(fit, truth), expected_nll(truth.line(), truth)
    return f"+{excess:.3f} nats", page.minus(f"loss {least + excess:.2f} a place, least possible {least:.2f}")


def _arithmetic(causal: Line, reverse: Line, truths: tuple[Moments, Moments]) -> None:
    st.latex(
        r"\mathbb{E}[-\log q(y \mid x)] - \mathbb{E}[-\log p(y \mid x)] = "
        r"\mathbb{E}_x\,\mathrm{KL}\big(p(y \mid x)\,\|\,q(y \mid x)\big), \quad "
        r"q = \mathcal{N}(m(x), s^2), \quad p = \mathcal{N}(\mu(x), \sigma^2)"
    )
    st.caption("A nat: the data become e ≈ 2.718 times less probable.")
    for name, fit, truth in (("T from A", causal, truths[0]), ("A from T", reverse, truths[1])):
        st.latex(report.excess_latex(name, fit, truth))


EXPERIMENT = page.Experiment("Mechanisms", PRESETS, show)
