"""PGV's `validate.rules` to `buf.validate`, on the options of descriptors, so that one engine runs both dialects."""

from protolith_codegen.translate.image import translate

__all__ = ["translate"]
