from figures.models.tallies import StoredTally

__all__ = ["StoredTally"]
