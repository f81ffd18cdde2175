"""What the cluster adds to every Python of Spark's environment: drivers of all kinds, and the executors' Python."""
