"""Posterior: prior times likelihood, for any prior and any flips; all at once or flip by flip."""

import streamlit as st

from pages.probability.bernoulli import prior as priors
from pages.probability.bernoulli.prior import BETA, COINS, SPIKE, UNIFORM, Chosen
from playground import theme
from playground.bernoulli import Flips, Point, mle, predictive
from playground.bernoulli.charts import following, logarithms, orders
from playground.bernoulli.charts import posterior as charts
from playground.bernoulli.charts.densities import density_top, likelihood
from playground.bernoulli.flips import MOST, ORDERS
from playground.bernoulli.report import posterior as report
from playground.bernoulli.words import posterior as words
from playground.bernoulli.words.orders import same_end, told
from playground.ui import frame, knobs, links, page
from playground.ui.components.live_slider import live_slider
from playground.ui.components.player import player

PREFIX = "bernoulli_posterior"
FLIPS, SOURCE, THETA, SEED, HEADS, TAILS, NEXT, VIEW, ORDER = (
    "bernoulli_flips",
    *(f"{PREFIX}_{name}" for name in ("source", "theta", "seed", "heads", "tails", "next", "view", "order")),
)
COIN, OWN = "Our coin", "Your own"
AT_ONCE, ONE_BY_ONE = "At once", "One by one"
FIRST = "HTHTHHTHHH"  # the first ten flips of our coin at θ = 0.7


def _preset(name: str, flips: str, look_for: str, prior: dict[str, object], theta: float | None = None) -> page.Preset:
    data = {FLIPS: flips, SOURCE: OWN if theta is None else COIN, NEXT: 10, VIEW: AT_ONCE}
    return page.Preset(name, data | ({} if theta is None else {THETA: theta}) | prior, look_for)


PRESETS = (
    _preset("Stubborn prior", "HHHHHTHHHH", "Ten real flips against 38 imagined ones.",
            priors.settings(PREFIX, BETA, a=20.0, b=20.0), theta=0.9),
    _preset("No flips", "", "The MLE needs data; the prior does not.", priors.settings(PREFIX, BETA), theta=0.7),
    _preset("All heads", "HHHHH", "The peak sits on the edge; the mean does not believe it.",
            priors.settings(PREFIX, UNIFORM), theta=0.7),
    _preset("Two coins", FIRST, "Two bumps: the mean falls between them.",
            priors.settings(PREFIX, COINS), theta=0.9),
    _preset("Belgian euro", "140H110T", "Spun 250 times, 140 heads, and the fair coin still gains.",
            priors.settings(PREFIX, SPIKE, a=1.0, b=1.0)),
    _preset("A million", "700000H300000T", "Two million imagined flips against a million real ones: three needles.",
            priors.settings(PREFIX, BETA, a=1e6, b=1e6), theta=0.7),
)  # fmt: skip


def show() -> None:
    stage, side = page.stage_and_knobs()
    with side:
        flips, truth = _data()
        knobs.group("Before the flips")
        place = st.container(key="prior-knobs", gap="small")
        with st.expander("More") as more:
            n = knobs.counter("Next flips, n", 1, 100, 10, key=NEXT)
            seed = knobs.counter("Seed of our coin", 1, 9999, 1, key=SEED)
        with place:
            chosen = priors.choose(PREFIX, more)
    prior = chosen.now
    with stage:
        view = knobs.tabs("Show the flips", (AT_ONCE, ONE_BY_ONE), key=VIEW)
        formula = st.container(key="formula")
        answer = page.predict(words.question(chosen.settled, flips), words.OPTIONS, key=f"{PREFIX}_guess")
        with formula:
            page.equation(*words.bayes(prior, flips, revealed=answer.revealed))
        if view == AT_ONCE:
            _at_once(chosen, flips, truth, n, revealed=answer.revealed)
        else:
            _one_by_one(chosen, flips, truth, seed, revealed=answer.revealed)
    cell = (answer if words.told_by_evidence(prior) else page.Prediction("")).cell
    page.numbers(
        ("Evidence, p(flips)", *cell(*words.evidence(prior, flips))),
        ("Log evidence", *cell(*words.log_evidence_text(prior, flips))),
        ("Bayes factor against θ = ½", *cell(*words.bayes_factor(prior, flips))),
        ("P(next is heads)", *answer.cell(*words.next_flip(prior, flips, truth))),
    )
    wait = "The posterior is hidden. Commit to an answer, then see."
    sentence = answer.verdict(words.right(chosen.settled, flips)) + words.notice(prior, flips, truth)
    page.notice(sentence if answer.revealed else wait, revealed=answer.revealed)
    page.details(
        revealed=answer.revealed,
        the_arithmetic=lambda: [st.latex(block) for block in report.latex(prior, flips)],
        the_code=lambda: st.code(report.code(prior, flips), language="python"),
        data=lambda: page.downloads(
            "posterior", report.csv(prior, flips), report.values(prior, flips, truth=truth, n=n)
        ),
    )


def _at_once(chosen: Chosen, flips: Flips, truth: float | None, n: int, *, revealed: bool) -> None:
    """The hero picture, and right of it its logarithms and the next n flips."""
    prior, look, (h, t) = chosen.now, frame.look(), (flips.heads, flips.tails)
    belief = prior.after(h, t)
    # the axis follows the resting knobs, and gives way only to a curve that would leave the picture
    shown = [chosen.settled, likelihood(h, t)]
    if revealed:
        shown += [chosen.settled.after(h, t), belief]
    top = density_top(*shown)
    left, right = st.columns([1.8, 1], gap="medium")
    with left:
        page.picture(
            charts.posterior(prior, h, t, truth=truth, top=top, look=look, reveal=revealed),
            key="posterior",
            alt="Prior, likelihood and posterior over θ; below them the estimates and intervals",
            numbers=words.aloud(prior, flips, truth, revealed=revealed),
        )
        st.html(f'<p class="pg-meta">{words.caption(prior)}</p>')
    with right:
        st.html('<p class="pg-meta">As logarithms: likelihood and prior add up</p>')
        page.picture(
            logarithms.picture(prior, h, t, top=top, look=look, reveal=revealed),
            key="logarithms",
            alt="Logarithms of prior, likelihood and posterior over θ",
            numbers=words.logs_aloud(prior, flips, revealed=revealed),
        )
        best = truth if truth is not None else mle(h, t)
        coin: theme.Role = "data" if truth is None else "truth"
        page.equation(("model", "next flips", ""), *words.fixed_coin(truth, mle(h, t)))
        page.picture(
            following.picture(
                belief if revealed else None, n, coin=None if best is None else Point(best), coin_role=coin, look=look
            ),
            key="following",
            alt="Probability of k heads in the next flips: under the posterior, and for one fixed θ",
            numbers=words.following_aloud(predictive(belief, n) if revealed else None),
        )


def _one_by_one(chosen: Chosen, flips: Flips, truth: float | None, seed: int, *, revealed: bool) -> None:
    """The flips as they came, and beside them in another order, scrubbed in the browser."""
    order = ORDERS[ORDERS.index(knobs.tabs("The other order", ORDERS, key=ORDER))]
    if not revealed:
        st.html('<p class="pg-meta">The way there shows the end: first your prediction.</p>')
        return
    player(orders.movie(chosen.settled, flips, order, truth=truth, seed=seed, told=told), key="orders")
    st.html(f'<p class="pg-meta">{same_end(chosen.settled, flips, order, seed)}</p>')


def _data() -> tuple[Flips, float | None]:
    """The flips, and the θ of the coin that made them, where that is known."""
    knobs.group("The flips")
    source = knobs.tabs("Whose flips", (COIN, OWN), key=SOURCE)
    place = st.container(key="flips-knobs", gap="small")
    flips = Flips.parse(links.linked(FLIPS, FIRST, read=_read, write=str, label="flips"))
    with place:
        truth = _our_coin(flips) if source == COIN else _your_own(flips)
    with st.container(horizontal=True, gap="xsmall", wrap=False, key="action-row-back"):
        knobs.undo("Undo", key=FLIPS)
        st.button(
            "Reset",
            key="action-reset",
            on_click=links.put,
            args=({FLIPS: ""},),
            disabled=not flips.count,
            width="stretch",
        )
    return flips, truth


def _our_coin(flips: Flips) -> float:
    theta = live_slider("θ", 0, 1, 0.7, key=THETA, step=0.01, role="truth", hint="of our coin", ticks=(0, 0.5, 1))

    def flip(more: int) -> None:  # by then the seed's knob, which is further down, has been drawn
        links.put({FLIPS: flips.and_then(more, theta=theta.now, seed=links.now(SEED)).text()})

    with st.container(horizontal=True, gap="xsmall", wrap=False, key="action-row-flip"):
        for more in (1, 10, 100):
            st.button(
                f"Flip {more}",
                key=f"action-flip-{more}",
                on_click=flip,
                args=(more,),
                disabled=flips.count == MOST,
                width="stretch",
            )
    return theta.now


def _your_own(flips: Flips) -> None:
    def counted() -> None:
        knobs.offer(FLIPS, f"{links.now(HEADS)}H{links.now(TAILS)}T", _read)

    links.put({HEADS: flips.heads, TAILS: flips.tails})
    with st.container(key="counts"):
        left, right = st.columns(2, gap="small")
    with left:
        knobs.number("Heads", 0, MOST, key=HEADS, step=1, then=counted)
    with right:
        knobs.number("Tails", 0, MOST, key=TAILS, step=1, then=counted)
    knobs.text("or type them", key=FLIPS, default=FIRST, read=_read, hint="HHTTH, or 1 0 1, or counts such as 7H3T")


def _read(text: str) -> str:
    return Flips.parse(text).text()


EXPERIMENT = page.Experiment("Posterior", PRESETS, show)
