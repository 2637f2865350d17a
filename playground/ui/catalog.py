"""Every lesson, once: what the menu shows, home lists and tests visit. A new lesson adds its two rooms and an entry."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES = Path(__file__).parents[2] / "pages"


@dataclass(frozen=True)
class Lesson:
    """One page, and what it promises."""

    section: str
    name: str  # its address, its folder and its engine
    title: str
    question: str  # what a visitor might ask; the link on the home page
    claim: str  # the one sentence a reader should leave with
    sources: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        return PAGES / self.section / self.name / "page.py"

    @property
    def ready(self) -> bool:
        return self.file.exists()

    def thumbnail(self) -> str:
        """An SVG of 240 × 134, drawn by the lesson's own chart code."""
        draw: Callable[[], str] = importlib.import_module(f"playground.{self.name}.charts").thumbnail
        return draw()


LESSONS = (
    Lesson(
        "probability",
        "bernoulli",
        title="A coin of unknown bias",
        question="What can these coin flips tell you about the coin?",
        claim="A posterior is a vote: the prior counts as imaginary flips, the data as real ones.",
        sources=(
            "Gelman et al., Bayesian Data Analysis, 3rd ed., 2013: §2.3–2.4 (posterior, intervals, conjugate priors)",
            "MacKay, Information Theory, Inference, and Learning Algorithms, 2003: ch. 3 (evidence, the Belgian euro)",
            "Murphy, Machine Learning: A Probabilistic Perspective, 2012: §5.2.1.4 (the MAP and the parameterisation)",
            "Boyd & Vandenberghe, Convex Optimization, 2004: §9.2–9.3 (gradient steps that leave the domain)",
            "Casella & Berger, Statistical Inference, 2nd ed., 2002: §7.3.1 (the MSE of a coin's estimators)",
            "Brown, Cai & DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science 16:101, 2001",
            "Bishop, Pattern Recognition and Machine Learning, 2006: §3.1.1, §3.3, §3.5.1 (lines and their evidence)",
            "Tibshirani, Regression Shrinkage and Selection via the Lasso, JRSS B 58:267, 1996: §5 (the Laplace prior)",
        ),
    ),
    Lesson(
        "probability",
        "divergences",
        title="Divergences",
        question="How far apart are two distributions, and who is asking?",
        claim="Which distance you minimise decides which mistakes you make.",
        sources=(
            "Cover & Thomas, Elements of Information Theory, 2nd ed., 2006: §2.3, §8.5 (KL; they use bits)",
            "Lin, Divergence Measures Based on the Shannon Entropy, IEEE Trans. Inf. Theory 37:145, 1991 (JS)",
            "Tsybakov, Introduction to Nonparametric Estimation, 2009: §2.4 (total variation, Hellinger, their bounds)",
            "Peyré & Cuturi, Computational Optimal Transport, 2019, arXiv:1803.00567: §2 (plans, Gaussians), "
            "§4 (Sinkhorn), §6.1 (the dual of W₁), §7.1 (interpolation)",
            "Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017, arXiv:1701.07875: §2 (why W₁), §3 (clipping)",
            "Gulrajani et al., Improved Training of Wasserstein GANs, 2017, arXiv:1704.00028: §3–4 (gradient penalty)",
            "Minka, Divergence Measures and Message Passing, 2005, MSR-TR-2005-173: §3 (covering and seeking)",
            "Paninski, Estimation of Entropy and Mutual Information, Neural Computation 15:1191, 2003 (bias)",
            "Fournier & Guillin, On the Rate of Convergence in Wasserstein Distance of the Empirical Measure, 2015, "
            "arXiv:1312.2128",
        ),
    ),
    Lesson(
        "probability",
        "causality",
        title="See and do",
        question="Why does seeing asbestos make smoking less likely?",
        claim="Seeing restricts the population; doing changes the world.",
        sources=(
            "Pearl, Causality, 2nd ed., 2009: §1.2 (d-separation), §3.3 (back door, front door), "
            "§7.1 (counterfactuals), §9.2 (necessity and sufficiency)",
            "Peters, Janzing & Schölkopf, Elements of Causal Inference, 2017: §2.1 (altitude and temperature)",
            "Wellman & Henrion, Explaining “explaining away”, IEEE PAMI 15:287, 1993",
            "Charig, Webb, Payne & Wickham, BMJ 292:879, 1986 (the kidney stones of the Simpson network)",
            "Greenland, Pearl & Robins, Epidemiology 10:37, 1999 (M-bias)",
            "Tian & Pearl, Probabilities of causation: bounds and identification, 2000. arXiv:1301.3898",
        ),
    ),
    Lesson(
        "language",
        "embeddings",
        title="Word vectors",
        question="You shall know a word by the company it keeps: how far does that go?",
        claim="Words that keep the same company get the same vector.",
    ),
    Lesson(
        "language",
        "attention",
        title="Attention",
        question="Who looks at whom, and does it matter?",
        claim="Attention is a weighted average whose weights the data choose.",
    ),
    Lesson(
        "generative",
        "vae",
        title="Variational autoencoders",
        question="What does a point in latent space mean?",
        claim="The ELBO trades faithful copies for a tidy code.",
    ),
    Lesson(
        "generative",
        "gan",
        title="GANs: mode collapse",
        question="Why does the generator forget modes?",
        claim="A generator is paid for fooling its critic, not for covering the data.",
        sources=(
            "Goodfellow et al., Generative Adversarial Nets, 2014, arXiv:1406.2661: §3–4 (the game, the best D)",
            "Nowozin, Cseke & Tomioka, f-GAN, 2016, arXiv:1606.00709: §2 (divergences as games)",
            "Mao et al., Least Squares GANs, 2017, arXiv:1611.04076; Lim & Ye, Geometric GAN, 2017, arXiv:1705.02894",
            "Arjovsky, Chintala & Bottou, Wasserstein GAN, 2017, arXiv:1701.07875: §3 (clipping)",
            "Gulrajani et al., Improved Training of Wasserstein GANs, 2017, arXiv:1704.00028: §4 (gradient penalty)",
            "Metz et al., Unrolled Generative Adversarial Networks, 2017, arXiv:1611.02163: §2.2, §3.1",
            "Srivastava et al., VEEGAN, 2017, arXiv:1705.07761: §4.1, Table 1 (the protocol of 2 500 samples)",
            "Lin et al., PacGAN, 2018, arXiv:1712.04086: §4.1, Table 1 (packing; ring and grid)",
            "Miyato et al., Spectral Normalization for GANs, 2018, arXiv:1802.05957: §2",
            "Heusel et al., Two Time-Scale Update Rule, 2017, arXiv:1706.08500: §2 (separate learning rates)",
            "Mescheder, Geiger & Nowozin, Which Training Methods for GANs do actually Converge?, 2018, "
            "arXiv:1801.04406: §2–3 (the Dirac-GAN)",
            "Mescheder, Nowozin & Geiger, The Numerics of GANs, 2017, arXiv:1705.10461: §4 (consensus)",
            "Korpelevich, The Extragradient Method, Matekon 13:35, 1977",
            "Silverman, Density Estimation, 1986: §4.2 (the kernel estimate of q)",
        ),
    ),
    Lesson(
        "generative",
        "flow",
        title="Normalizing flows",
        question="How does a blob become two moons without tearing?",
        claim="Volume that is squeezed becomes density.",
    ),
    Lesson(
        "generative",
        "diffusion",
        title="Diffusion",
        question="How do you un-mix noise?",
        claim="The score points home from everywhere.",
    ),
)
READY = tuple(entry for entry in LESSONS if entry.ready)
SECTIONS = ("start", *dict.fromkeys(entry.section for entry in LESSONS))


def lesson(name: str) -> Lesson:
    """The lesson called `name`."""
    return next(entry for entry in LESSONS if entry.name == name)


def page(name: str) -> StreamlitPage:
    """The page of a lesson, or "home", to link to."""
    if name == "home":
        return st.Page(PAGES / "start" / "home.py", title="Generative Playground", default=True)
    return st.Page(lesson(name).file, title=lesson(name).title, url_path=name)


def menu() -> dict[str, list[StreamlitPage]]:
    """The navigation. An address that no page has gets a hidden page of our own, so that it ends friendly."""
    pages = {"": [page("home")]}
    for section, group in groupby(READY, key=lambda entry: entry.section):
        pages[section.capitalize()] = [page(entry.name) for entry in group]
    asked = unquote(urlsplit(st.context.url or "").path).strip("/").rpartition("/")[2].strip()
    if asked not in {"", "home", *(entry.name for entry in READY)}:  # home.py reserves its name for the default page
        with_address = partial(_missing, asked)
        pages[""].append(st.Page(with_address, title="No such page", url_path=asked, visibility="hidden"))
    return pages


def _missing(asked: str) -> None:
    """An address that does not exist: the page it may have meant, or the way home."""
    name = asked.lower()
    if any(name == entry.name for entry in READY):
        st.switch_page(page(name), query_params=st.query_params.to_dict())
    st.title("There is no such page")
    coming = next((entry for entry in LESSONS if entry.name == name), None)
    if coming:
        st.write(f"The lesson “{coming.title}” is planned and not here yet.")
    else:
        st.write("The address may have been cut off when it was copied. Every lesson is one click away:")
    for entry in READY:
        st.page_link(page(entry.name), label=entry.question)
    st.page_link(page("home"), label="All lessons")
