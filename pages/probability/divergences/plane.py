"""Transport in the plane: two clouds, the cheapest plan between them, and Sinkhorn's."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.divergences.charts import transport as charts
from playground.divergences.clouds import DRAWN, MOST, PAIRS, REACH, Scene, blurred, cheapest, from_text, to_text
from playground.divergences.report import transport as report
from playground.divergences.transport import Order, crossings, independent_plan
from playground.divergences.words import transport as words
from playground.ui import frame, knobs, links, page
from playground.ui.components.drawpad import draw_points
from playground.ui.components.live_slider import live_slider
from playground.ui.components.player import player

KEY = "divergences_transport_{}"
PAIR, EPSILON, ROUNDS, BEHIND, SHEET = (KEY.format(name) for name in ("pair", "epsilon", "rounds", "behind", "sheet"))
SHARP, MEDIUM, BLURRED = 0.0316227766017, 0.316227766017, 3.16227766017  # of ε: half-way between powers of ten
NOTHING, CRITIC = "Nothing", "The critic"
STARTS = {"p": "d7llbsoz8eqe50oz3lll50i78egsbsi7", "q": "rlrltzjsqeeeul7tne5e"}


def settings(pair: str, epsilon: float = MEDIUM, **more: object) -> dict[str, object]:
    """The knobs of this view as a preset sets them."""
    own = {PAIR: pair, EPSILON: epsilon, ROUNDS: 200}
    return own | {KEY.format(name): value for name, value in more.items()}


def show(stage: DeltaGenerator, side: DeltaGenerator, order: Order) -> None:
    with side:
        name = knobs.select("Clouds", (*PAIRS, DRAWN), key=PAIR)
        epsilon = live_slider(
            "ε", 0.01, 100, MEDIUM, key=EPSILON, step=0.05, log=True, role="rival", hint="Sinkhorn’s blur",
            ticks=(0.01, 0.1, 1, 10, 100),
        ).now  # fmt: skip
        behind = knobs.choice("Behind", (NOTHING, CRITIC), key=BEHIND) if order == 1 else NOTHING
        scene = Scene(DRAWN, *_drawn()) if name == DRAWN else Scene(name)
        with st.expander("More"):
            rounds = knobs.counter("Rounds at most", 1, 1000, 200, key=ROUNDS, hint="Of Sinkhorn’s iteration.")
    x, y = scene.points
    with stage:
        page.equation(
            ("truth", "P", f"{len(x)} points"),
            (None, "", "→"),
            ("model", "Q", f"{len(y)} points"),
            ("data", "cheapest", f"least {words.PAID[order]}"),
            ("rival", "Sinkhorn", f"ε = {epsilon:.3g}"),
        )
        question = f"Do ways of the cheapest plan cross, if {words.PAID[order]} is paid?"
        answer = page.predict(question, words.CROSSING, key="divergences_guess_plane")
        if not (len(x) and len(y)):
            page.notice(words.empty(len(x), len(y)), revealed=False)
            return
        exact, soft = cheapest(scene, order), blurred(scene, order, epsilon, rounds)
        movie = charts.plane(
            scene,
            order,
            epsilon,
            rounds,
            height=round(frame.look().px(380)),
            critic=behind == CRITIC,
            reveal=answer.revealed,
        )
        player(movie, key="transport-plane")
        page.aloud(f"Cheapest cost {words.number(exact.cost)}; by Sinkhorn {words.number(soft.cost)}.")
    count = crossings(x, y, exact)
    page.numbers(
        (f"Cheapest, {words.NAMED[order]}", words.number(exact.cost), words.root(exact, order)),
        ("Sinkhorn’s plan", words.number(soft.cost), words.prices(soft, exact, independent_plan(x, y, order), epsilon)),
        ("In the wrong place", words.tiny(soft.misplaced), f"of the mass; {words.iteration(soft)}"),
        ("Pairs that cross", *answer.cell(str(count), f"of {len(exact.ways()[0])} ways of the cheapest plan")),
    )
    wait = "Each point of P has to be sent somewhere in Q. Will two of the ways cross? Commit, then see."
    sentence = answer.verdict(words.crossing(count)) + words.plane(exact, soft, count, order, epsilon)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(row) for row in report.plane_latex(scene, order, epsilon, rounds)],
        the_code=lambda: st.code(report.plane_code(scene, order, epsilon, rounds), language="python"),
        data=lambda: page.downloads(
            "transport-plane",
            report.plane_csv(scene, order, epsilon, rounds),
            report.plane_values(scene, order, epsilon, rounds),
        ),
    )


def _drawn() -> tuple[str, str]:
    """Both drawn clouds as texts, in step with the link, and a sheet for one of them."""
    letter = knobs.choice("Draw", ("P", "Q"), key=SHEET).lower()
    sheet = f"sheet-{letter}"
    start, mine, turn = f"{sheet}:start", f"{sheet}:mine", f"{sheet}:turn"
    key = {name: KEY.format(f"drawn_{name}") for name in STARTS}
    texts = {name: _linked(key[name], name) for name in STARTS}
    if links.now(sheet) is None or texts[letter] != links.now(mine):
        # a new sheet, or points from a link, a preset or Back; its own points never start it anew
        links.put({start: texts[letter], mine: texts[letter], turn: (links.now(turn) or 0) + 1})
    box = (-REACH, REACH, -REACH, REACH)
    placed = draw_points(
        key=sheet, extent=box, limit=MOST, start=from_text(links.now(start)), salt=str(links.now(turn)),
        alt=f"Points of {letter.upper()}",
    )  # fmt: skip
    if (text := to_text(placed)) != texts[letter]:
        links.put({key[letter]: text, mine: text})
        texts[letter] = _linked(key[letter], letter)
    return texts["p"], texts["q"]


def _linked(key: str, letter: str) -> str:
    label = f"Points of {letter.upper()}"
    return links.linked(key, STARTS[letter], read=_read, write=lambda text: text or "-", label=label)


def _read(text: str) -> str:
    kept = "" if text == "-" else text
    from_text(kept)
    return kept
