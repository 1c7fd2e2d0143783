"""What runs the platform on one machine: embedded PostgreSQL and Valkey, one launcher, the checks.

Production uses none of it.
"""
