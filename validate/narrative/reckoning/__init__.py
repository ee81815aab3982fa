"""Arithmetic that sentences spell out in their own figures: parts and sums, rates, shares, prices, differences, scores.

Each module knows one kind of claim. A claim is a figure that the words around it say is made of others; where neither
these nor any other figures of its surroundings make it, it is contradicted.
"""
