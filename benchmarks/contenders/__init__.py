"""What is measured beside the package, and what only benchmarks need.

A contender that another Python runs imports nothing of this project.
"""
