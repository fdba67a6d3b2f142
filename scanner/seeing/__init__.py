"""Seeing inside: what happened in lines, how much in numbers, how long in spans; never who, and never what was read."""
