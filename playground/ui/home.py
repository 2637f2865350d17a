"""The home page's cards."""

import html
from functools import cache
from itertools import groupby

import streamlit as st

from playground.ui import catalog, frame
from playground.ui.components.drawing import drawing


def cards(title: str, claim: str) -> None:
    """All lessons, a row a section, each as a question and a picture. The whole card is the link."""
    st.html(
        f'<header class="pg-head"><h1>{html.escape(title)}</h1><p class="pg-claim">{html.escape(claim)}</p></header>'
    )
    for section, group in groupby(catalog.LESSONS, key=lambda entry: entry.section):
        lessons = list(group)
        ready = [entry for entry in lessons if entry.ready]
        margin, row = st.columns([0.42, 4], gap="small")
        margin.html(f'<h2 class="pg-section">{html.escape(section.capitalize())}</h2>')
        with row:
            if ready:
                for place, entry in zip(st.columns(4, gap="small"), ready, strict=False):
                    with place:
                        _card(entry)
            _planned([entry for entry in lessons if not entry.ready])
    with st.container(key="chrome-footer"):
        frame.device_badge()


def _card(entry: catalog.Lesson) -> None:
    with st.container(border=True, key=f"card-{entry.name}", gap=None, height="stretch"):
        drawing(_picture(entry.name), key=f"picture-{entry.name}")
        st.page_link(catalog.page(entry.name), label=entry.question)
        st.html(f'<p class="pg-meta">{html.escape(entry.title)}</p>')


def _planned(lessons: list[catalog.Lesson]) -> None:
    items = "".join(f"<li><b>{html.escape(entry.title)}</b> {html.escape(entry.question)}</li>" for entry in lessons)
    if items:
        st.html(f'<div class="pg-planned"><p>In preparation</p><ul>{items}</ul></div>')


@cache
def _picture(name: str) -> str:
    return catalog.lesson(name).thumbnail()
