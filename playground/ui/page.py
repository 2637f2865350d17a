"""The shape every lesson shares: title, experiments, presets, stage, prediction, numbers, notice, details, way on."""

import contextlib
import html
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground import theme
from playground.theme import Role
from playground.ui import catalog, frame, knobs, links, runs
from playground.ui.components.copy_link import copy_link
from playground.ui.components.save_picture import save_picture

Cell = str | tuple[float, Role]  # of a table: words, or a probability drawn as a bar
_log = logging.getLogger(__name__)
SHOW_ME = "Show me"
LONG = 24  # characters; what is longer wraps in a table
_OPEN = "page:open"  # the lesson and experiment that are being shown


@dataclass(frozen=True)
class Preset:
    """A named situation worth trying: where the knobs go, and what to look at then."""

    name: str
    settings: Mapping[str, object]  # knob's key -> value
    look_for: str


@dataclass(frozen=True)
class Experiment:
    """One question of a lesson. Only the chosen one runs."""

    name: str
    presets: tuple[Preset, ...]
    show: Callable[[], None]


def lesson(name: str, experiments: Sequence[Experiment]) -> None:
    """Draw the lesson `name`: its head, the chosen experiment, the way on."""
    entry = catalog.lesson(name)
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="head"):
        st.html(
            f'<header class="pg-head"><h1>{html.escape(entry.title)}</h1>'
            f'<p class="pg-claim">{html.escape(entry.claim)}</p></header>',
            width="stretch",
        )
        _tools()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chrome-choices"):
        names = [experiment.name for experiment in experiments]
        chosen = experiments[names.index(knobs.tabs("Experiment", names, key=f"{name}_experiment"))]
        _preset_chips(chosen)
    warning = st.container(key="ignored")

    def show() -> None:
        with _guarded(name), runs.only_those_asked_for():
            st.session_state[_OPEN] = (entry, chosen)
            chosen.show()
        links.write()

    st.fragment(show)()
    if sentence := links.ignored():
        warning.html(f'<p class="pg-meta" role="status">{html.escape(sentence)}</p>')
    _way_on(entry)


def stage_and_knobs() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places: the picture, and right of it (on a phone under it) its knobs."""
    stage, side = st.columns([2.9, 1], gap="medium")
    return stage.container(key="stage"), side


def picture(picture: theme.Picture, *, key: str, alt: str, numbers: str) -> None:
    """A picture with its text alternative: a fixed `alt`, and the `numbers` in a paragraph for screen readers.

    `alt` is part of the specification: if it changed with the numbers, the browser would build a new chart for
    each of them, so it does not.
    """
    spec = {**picture.spec, "datasets": {**picture.spec.get("datasets", {}), **picture.tables}}
    st.vega_lite_chart(spec=spec, theme=None, key=key, alt=alt, width="stretch")
    aloud(numbers)


def aloud(text: str) -> None:
    """A paragraph that is only read aloud."""
    st.html(f'<p class="pg-aloud">{html.escape(text)}</p>')


@dataclass(frozen=True)
class Prediction:
    """What the visitor committed to, if anything, and whether the question is still the one they answered."""

    choice: str | None
    same_question: bool = True

    @property
    def revealed(self) -> bool:
        return self.choice is not None

    def verdict(self, *right: str, well: str = "right") -> str:
        """What the visitor said, and whether that is one of the `right` answers; empty where nothing was said.

        Args:
            well: What a right answer is called.
        """
        if not self.same_question or self.choice in (None, "", SHOW_ME):
            return ""
        said = f"You said “{self.choice}”"
        return f"{said}: {well}. " if self.choice in right else f"{said}; it is “{right[0]}”. "

    def cell(self, value: str, beside: str) -> tuple[str, str]:
        """A number and what it is held against, for `numbers`; a question mark until the visitor has answered."""
        return (value, beside) if self.revealed else ("?", "after your prediction")


def predict(question: str, options: tuple[str, ...], *, key: str) -> Prediction:
    """Ask before the picture answers. `reveal=1` in the address skips the question.

    Once answered, all later pictures are shown as well; but the answer is judged only while no knob has moved.
    """
    if st.query_params.get("reveal") == "1":
        return Prediction("")

    def answered() -> None:
        st.session_state[f"{key}:asked"] = st.query_params.to_dict()

    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ask-{key}"):
        st.markdown(f"**Predict.** {question}", width="content")
        choice = st.segmented_control(
            question, (*options, SHOW_ME), key=key, label_visibility="collapsed", persist_state="session",
            on_change=answered,
        )  # fmt: skip
    return Prediction(choice, st.session_state.get(f"{key}:asked") == st.query_params.to_dict())


def notice(text: str, *, revealed: bool = True) -> None:
    """One or two sentences computed from the numbers on the stage, after what the preset in force says to look for.

    Args:
        text: May hold the markup of our own code; names that a visitor typed are escaped by the caller.
        revealed: Whether the preset's sentence may be shown: it can give the answer away.
    """
    active = next((preset for preset in st.session_state[_OPEN][1].presets if _in_force(preset)), None)
    hint = f'<span class="pg-look">{html.escape(active.look_for)}</span> ' if active and revealed else ""
    st.html(f'<p class="pg-notice"><b>Notice</b> {hint}{text}</p>')


def numbers(*row: tuple[str, str, str]) -> None:
    """A ruled strip of (label, value, what it is held against)."""
    cells = "".join(
        f"<div><dt>{html.escape(label)}</dt><dd>{html.escape(value)}<small>{html.escape(beside)}</small></dd></div>"
        for label, value, beside in row
    )
    st.html(f'<dl class="pg-numbers">{cells}</dl>')


def equation(*terms: tuple[Role | None, str, str]) -> None:
    """A formula that is also the key of the picture: (role, name, expression); no role for an operator."""
    parts = []
    for role, name, expression in terms:
        if role is None:
            parts.append(f'<span class="op">{html.escape(expression)}</span>')
            continue
        line = "solid" if not theme.DASHES[role] else "dotted" if theme.DASHES[role][0] == 1 else "dashed"
        parts.append(
            f'<span style="color:var(--pg-{role})"><i style="border-top-style:{line}"></i>'
            f"<b>{html.escape(name)}</b> {html.escape(expression)}</span>"
        )
    st.html(f'<p class="pg-equation">{" ".join(parts)}</p>')


def details(*, revealed: bool = True, **sections: Callable[[], object]) -> None:
    """Expanders in the order given: the_arithmetic, the_code, data; then the sources. Only an open one is computed.

    Args:
        revealed: Whether arithmetic and data may be shown: they hold the answer. The code has to be run to tell it.
    """
    entry: catalog.Lesson = st.session_state[_OPEN][0]

    def sources() -> None:
        st.markdown("\n".join(f"- {source}" for source in entry.sources))

    with st.container(key="chrome-details", gap="xsmall"):
        for name, show in {**sections, "sources": sources}.items():
            title = name.replace("_", " ").capitalize()
            with st.expander(title, key=f"details-{name}", on_change="rerun") as section:
                if section.open and (revealed or name in ("the_code", "sources")):
                    show()
                elif section.open:
                    st.html('<p class="pg-meta">After your prediction.</p>')


def downloads(name: str, table: str, values: Mapping[str, object]) -> None:
    """The experiment to take away: its table as CSV, its knobs and numbers as JSON, its pictures as seen.

    Args:
        name: Of the files, without ending.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button("Table (CSV)", table, f"{name}.csv", "text/csv", on_click="ignore")
        text = json.dumps(values, indent=2, ensure_ascii=False)
        st.download_button("Knobs and numbers (JSON)", text, f"{name}.json", "application/json", on_click="ignore")
        save_picture(name, key=f"save-{name}")


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]], foot: Sequence[str] = ()) -> None:
    """A small table; a cell that is (p in [0, 1], role) is drawn as a bar in the role's colour, with its number."""

    def cell(content: Cell) -> str:
        if isinstance(content, str):
            long = ' class="long"' if len(content) > LONG else ""
            return f"<td{long}>{html.escape(content)}</td>"
        p, role = content
        return f'<td><span class="bar" style="width:{6 * p:.2f}rem;background:var(--pg-{role})"></span>{p:.3f}</td>'

    def row(cells: Sequence[Cell]) -> str:
        return f"<tr>{''.join(map(cell, cells))}</tr>"

    titles = "".join(f"<th>{html.escape(title)}</th>" for title in head)
    body = "".join(map(row, rows))
    st.html(
        f'<div class="pg-table" tabindex="0"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody>'
        f"{f'<tfoot>{row(foot)}</tfoot>' if foot else ''}</table></div>"
    )


def verdicts(rows: Sequence[tuple[bool, str, str]], *, empty: str) -> None:
    """A short list of (holds, what, why): strong where it holds, faint where it does not; `empty` if there is none."""
    items = "".join(
        f'<li class="{"holds" if holds else "fails"}"><b>{html.escape(what)}</b> {html.escape(why)}</li>'
        for holds, what, why in rows
    )
    st.html(f'<ul class="pg-verdicts">{items or f"<li>{html.escape(empty)}</li>"}</ul>')


def count(number: float) -> str:
    """Such as "10 000", with a thin space."""
    return f"{number:,.0f}".replace(",", "\u2009")


def minus(text: str) -> str:
    """With real minus signs, and no sign where nothing but zeros follows it."""
    return re.sub(r"[+−](0\.?0*)(?![\d.])", r"\1", text.replace("-", "−"))


@contextlib.contextmanager
def _guarded(prefix: str) -> Iterator[None]:
    """An exception in one experiment becomes a short sentence and a way back; the log has the traceback."""
    try:
        yield
    except Exception:
        _log.exception("An experiment of %s failed; its knobs: %s", prefix, st.query_params.to_dict())
        st.html(
            '<p class="pg-notice" role="alert"><b>This experiment stumbled.</b> '
            "That is our mistake, not yours. Everything else on the page still works.</p>"
        )
        # a plain link: a fresh session holds nothing of what made it stumble
        st.html(f'<p><a href="/{prefix}" target="_self">Start again with the defaults</a></p>')


def _in_force(preset: Preset) -> bool:
    return all(links.now(key) == value and links.held(key, value) == value for key, value in preset.settings.items())


def _preset_chips(experiment: Experiment) -> None:
    if not experiment.presets:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False, width="content", key="presets"
    ):
        st.html('<p class="pg-meta">Try this</p>', width="content")
        for preset in experiment.presets:
            key = f"preset-{experiment.name}-{preset.name}"
            st.button(preset.name, key=key, on_click=links.put, args=(preset.settings,))


def _tools() -> None:
    def present() -> None:
        if frame.presenting():
            del st.query_params["present"]
        else:
            st.query_params["present"] = "1"

    with st.container(horizontal=True, width="content", gap="xsmall", key="tools"):
        if not frame.presenting():
            copy_link()
        st.button("Exit" if frame.presenting() else "Present", on_click=present, key="present-switch")


def _way_on(entry: catalog.Lesson) -> None:
    index = catalog.READY.index(entry)
    with st.container(
        key="chrome-footer", horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.page_link(catalog.page("home"), label="All lessons")
        frame.device_badge()
        if index + 1 < len(catalog.READY):
            following = catalog.READY[index + 1]
            label, arrow = f"Next: {following.title}", ":material/arrow_forward:"
            st.page_link(catalog.page(following.name), label=label, icon=arrow, icon_position="right")
