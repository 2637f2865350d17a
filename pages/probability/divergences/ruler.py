"""Ruler: two distributions, seven ways to say how far apart they are, and where on the line each of them comes from."""

import streamlit as st

from playground.divergences.charts.ruler import ruler
from playground.divergences.compare import NAMES
from playground.divergences.families import FAMILIES, HIGH, LOW, Choice
from playground.divergences.report import ruler as report
from playground.divergences.words import ruler as words
from playground.theme import Role
from playground.ui import frame, knobs, links, page
from playground.ui.components.histogram import histogram
from playground.ui.components.live_slider import live_slider

KEY = "divergences_ruler_{}"
SHOWN, UNITS = KEY.format("shown"), "divergences_units"  # the units are the whole lesson's
BARS = {"p": "000001369cfk9300", "q": "0039cfffc9310000"}
START = {"p": Choice(centre=0.0, width=1.0), "q": Choice(centre=1.0, width=0.6)}
NAMES_OF_KNOBS = ("", "_centre", "_width", "_apart", "_share", "_bars")


def _set(letter: str, family: str, *values: object) -> dict[str, object]:
    """The knobs of P or Q as a preset sets them, in the order of `NAMES_OF_KNOBS`."""
    names = (KEY.format(letter + name) for name in NAMES_OF_KNOBS)
    return dict(zip(names, (family, *values), strict=False))


PRESETS = (
    page.Preset(
        "Two ways",
        {**_set("p", "Gaussian", 0.0, 1.0), **_set("q", "Gaussian", 1.0, 0.6), SHOWN: "KL(P‖Q)"},
        "Swap P and Q: the two KLs change places, the other five stay.",
    ),
    page.Preset(
        "No overlap",
        {**_set("p", "Uniform", -2.0, 0.8), **_set("q", "Uniform", 2.0, 0.8), SHOWN: "JS"},
        "Move Q: only W₁ and W₂ can tell how far away it is.",
    ),
    page.Preset(
        "Same mean",
        {**_set("p", "Gaussian", 0.0, 0.6), **_set("q", "Gaussian", 0.0, 2.0), SHOWN: "W₁"},
        "The means agree, the widths do not, and none of the seven is 0.",
    ),
    page.Preset(
        "Missed bump",
        {**_set("p", "Two bumps", 0.0, 0.6, 4.0, 0.85), **_set("q", "Gaussian", -2.0, 0.6), SHOWN: "KL(P‖Q)"},
        "Q leaves the small bump out: KL(P‖Q) pays dearly, KL(Q‖P) hardly.",
    ),
    page.Preset(
        "Heavy tails",
        {**_set("p", "Laplace", 0.0, 1.0), **_set("q", "Gaussian", 0.0, 1.0), SHOWN: "KL(P‖Q)"},
        "Far out P has more than Q allows, and there KL(P‖Q) grows.",
    ),
    page.Preset(
        "A hole",
        {**_set("p", "Uniform", 0.0, 2.5), KEY.format("q"): "Drawn", KEY.format("q_bars"): "1248cgk0okgc8421",
         SHOWN: "KL(P‖Q)"},
        "One empty bar of Q is enough. Raise it by a hair, and KL(P‖Q) is finite.",
    ),
    page.Preset(
        "Equal",
        {**_set("p", "Gaussian", 0.0, 1.0), **_set("q", "Gaussian", 0.0, 1.0), SHOWN: "TV"},
        "Any one of the seven is 0 only if P and Q are the same.",
    ),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        (p_now, p_rest), (q_now, q_rest) = _knobs("p", "truth"), _knobs("q", "model")
        st.button("Swap P and Q", key="action-ruler-swap", on_click=_swap, width="stretch")
    p, q, resting = p_now.shape, q_now.shape, (p_rest.shape, q_rest.shape)
    with stage:
        with st.container(horizontal=True, horizontal_alignment="distribute", gap="small", key="ruler-choice"):
            name = words.named(knobs.tabs("Divergence", [words.LABELS[name] for name in NAMES], key=SHOWN))
            units = knobs.tabs("Units of KL and JS", list(words.UNITS), key=UNITS)
        answer = page.predict(
            "Which of the two KLs is larger?", ("KL(P‖Q)", "KL(Q‖P)", "Equal", "Both ∞"), key="divergences_guess_ruler"
        )
        shown = answer.revealed or not name.startswith("KL")
        page.equation(
            ("truth", "P", words.described(p_now)),
            ("model", "Q", words.described(q_now)),
            ("error", words.terms(name), words.area(name, p, q, units) if shown else "area ?"),
        )
        page.picture(
            ruler(name, (p, q), resting, units=units, look=frame.look(), reveal=shown),
            key="ruler",
            alt="The densities of P and Q, and below them what the chosen divergence sums up",
            numbers=words.aloud(p, q, units, reveal=answer.revealed),
        )
        page.table(words.HEAD, words.rows(p, q, units, chosen=name, reveal=answer.revealed))
    page.numbers(
        *((kl, *answer.cell(words.value(kl, p, q, units), words.floor(p, q, units))) for kl in NAMES[:2]),
        ("TV", words.value("TV", p, q, units), words.fact("TV", p, q, units)),
        ("W₁", words.value("W1", p, q, units), words.fact("W1", p, q, units)),
    )
    wait = "The two KLs are hidden. Commit to an answer, then see."
    sentence = answer.verdict(words.larger(p, q)) + words.sentence(name, p, q, units)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: _arithmetic(p_now, q_now, units),
        the_code=lambda: st.code(report.code(p_now, q_now, units), language="python"),
        data=lambda: page.downloads("ruler", report.csv(p, q), report.as_json(p_now, q_now)),
    )


def _knobs(letter: str, role: Role) -> tuple[Choice, Choice]:
    """What P or Q is now, and what it was when its knobs last rested."""
    key, name = {part: KEY.format(letter + part) for part in NAMES_OF_KNOBS}, letter.upper()
    knobs.group(name)
    family = knobs.select(f"Shape of {name}", FAMILIES, key=key[""])
    if family == "Drawn":
        bars = histogram(f"{name}, drawn", LOW, HIGH, BARS[letter], key=key["_bars"], role=role)
        return Choice(family, levels=bars.now), Choice(family, levels=bars.settled)
    start, hint = START[letter], words.WIDTHS[family]
    centre = live_slider(
        f"{name} centre", -4, 4, start.centre, key=key["_centre"], step=0.1, role=role, ticks=(-4, 0, 4)
    )
    width = live_slider(
        f"{name} width", 0.2, 3, start.width, key=key["_width"], step=0.05, role=role, hint=hint, ticks=(0.2, 1, 2, 3)
    )
    if family != "Two bumps":
        return Choice(family, centre.now, width.now), Choice(family, centre.settled, width.settled)
    with st.expander("More"):
        apart = live_slider(f"{name} bumps apart", 0, 8, 4, key=key["_apart"], step=0.1, role=role, ticks=(0, 4, 8))
        share = live_slider(
            f"{name} left bump", 0.05, 0.95, 0.5, key=key["_share"], step=0.05, role=role, ticks=(0.05, 0.5, 0.95)
        )
    now = Choice(family, centre.now, width.now, apart.now, share.now)
    return now, Choice(family, centre.settled, width.settled, apart.settled, share.settled)


def _swap() -> None:
    keys = [(KEY.format("p" + name), KEY.format("q" + name)) for name in NAMES_OF_KNOBS]
    kept = {key: links.now(key) for pair in keys for key in pair}
    links.put({new: kept[old] for pair in keys for new, old in (pair, pair[::-1]) if kept[old] is not None})


def _arithmetic(p: Choice, q: Choice, units: str) -> None:
    st.latex(report.definitions(p.shape, q.shape, units))
    for name in NAMES[:2]:
        st.latex(report.kl_latex(name, p.shape, q.shape, units))
    st.caption("What bounds what, with KL and JS in nats:")
    st.latex(report.bounds_latex(p.shape, q.shape))


EXPERIMENT = page.Experiment("Ruler", PRESETS, show)
