"""The whole program on a virtual clock, with a made web, people and accidents: `python -m simulation --seed 7`."""
