from figures.models.snapshots import Snapshot
