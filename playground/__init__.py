"""Generative Playground: engines, charts and the interface of the lessons."""
