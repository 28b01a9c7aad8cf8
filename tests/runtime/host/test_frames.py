"""How large frames may become."""

from protolith.engines.host import frames


def test_the_largest_metadata_a_full_piece_and_the_fixed_fields_fit_in_one_payload() -> None:
    fullest = (
        frames.request(1, frames.MORE, 0, 0, bytes(frames.MAX_BLOCK), bytes(frames.PIECE)),
        frames.response(1, 0, 0, b"", bytes(frames.MAX_BLOCK), bytes(frames.PIECE)),
    )
    assert max(map(len, fullest)) - frames.HEADER.size <= frames.MAX_PAYLOAD
