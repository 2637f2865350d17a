"""Recipes for the shipped weights, one module each: `remake(data)` trains and writes pretrained/<name>/."""
