from fugong.base.areas.models.area import Area

__all__ = ["Area"]
