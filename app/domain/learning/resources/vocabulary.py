"""The words of resources: what one is, what others may do with it, how far it goes."""

from enum import StrEnum


class ResourceKind(StrEnum):
    """What a resource is (资源类型): 图书、音像、电子资源、学习平台."""

    BOOK = "book"
    """图书、期刊"""
    AUDIO_VISUAL = "audio_visual"
    """音像资料"""
    ELECTRONIC = "electronic"
    """电子资源"""
    PLATFORM = "platform"
    """学习平台"""


class ResourceLicence(StrEnum):
    """What others may do with it (使用许可)."""

    OWN_USE = "own_use"
    """仅供查阅"""
    TEACHING = "teaching"
    """可用于教学"""
    ADAPTABLE = "adaptable"
    """可改编，须署名"""
    BOUGHT = "bought"
    """采购，按合同使用"""


class ResourceSharing(StrEnum):
    """How far a resource goes (共享范围)."""

    SCHOOL = "school"
    """本单位"""
    NETWORK = "network"
    """片区、联盟"""
    COUNTY = "county"
    """全县"""
    CITY = "city"
    """全市"""
