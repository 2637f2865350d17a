"""GANs on two-dimensional targets: public names."""
