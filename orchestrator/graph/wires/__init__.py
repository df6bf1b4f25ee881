"""Wires: which stage takes whose output, and what is wrong with a stage's inputs."""
