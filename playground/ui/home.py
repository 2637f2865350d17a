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
        margin, row = st.columns([0.42, 4], gap="small")
        margin.html(f'<h2 class="pg-section">{html.escape(section.capitalize())}</h2>')
        with row:
            for place, entry in zip(st.columns(4, gap="small"), group, strict=False):
                with place:
                    _card(entry)
    with st.container(key="chrome-footer"):
        frame.device_badge()


def _card(entry: catalog.Lesson) -> None:
    with st.container(border=True, key=f"card-{entry.name}", gap=None, height="stretch"):
        if entry.ready:
            drawing(_picture(entry.name), key=f"picture-{entry.name}")
            st.page_link(catalog.page(entry.name), label=entry.question)
            st.html(f'<p class="pg-meta">{html.escape(entry.title)}</p>')
        else:
            st.html(f'<p class="pg-question">{html.escape(entry.question)}</p>')
            st.html(f'<p class="pg-meta">{html.escape(entry.title)} · in preparation</p>')


@cache
def _picture(name: str) -> str:
    return catalog.lesson(name).thumbnail()
