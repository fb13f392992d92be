from walkandtalk.lib.database.replica import ReplicaRouter, reading_from_replica


def test_only_reads_of_the_block_go_to_the_replica():
    router = ReplicaRouter()

    with reading_from_replica():
        inside = (router.db_for_read(None), router.db_for_write(None))
    outside = (router.db_for_read(None), router.db_for_write(None))

    assert (inside, outside) == (("replica", "default"), ("default", "default"))


def test_row_read_from_the_replica_is_saved_in_the_one_database():
    class Row:
        class _state:  # noqa: N801
            db = "replica"

    assert ReplicaRouter().db_for_write(Row, instance=Row()) == "default"
    assert not ReplicaRouter().allow_migrate("replica", "bookings")
