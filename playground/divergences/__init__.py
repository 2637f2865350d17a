"""Divergences: public names."""
