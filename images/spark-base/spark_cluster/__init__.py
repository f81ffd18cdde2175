"""Additions of the cluster to every Python of Spark's environment: drivers of all kinds, and the executors' Python."""
