"""Benchmarks: captures made by the million frames, and commands that time this program beside tcpdump and tshark."""
