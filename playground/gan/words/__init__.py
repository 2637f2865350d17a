"""Sentences of the lesson, computed from its state; a module for each experiment."""
