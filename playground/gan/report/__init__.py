"""Formulas with the numbers put in, code and tables to take away; a module for each experiment."""
