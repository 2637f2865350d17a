"""A coin of unknown bias: public names."""
