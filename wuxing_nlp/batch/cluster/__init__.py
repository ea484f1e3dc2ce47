"""The same work on a Dask cluster: partitions in, partitions out."""
