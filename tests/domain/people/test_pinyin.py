"""By which terms names are found."""

from app.domain.people.pinyin import name_terms, plain


def test_terms_begin_with_the_name_its_pinyin_and_its_initials() -> None:
    assert name_terms("解晓东")[:3] == ["解晓东", "xiexiaodong", "xxd"]
    assert name_terms("覃辉")[:5] == ["覃辉", "qinhui", "qh", "tanhui", "th"]
    assert name_terms("单·玛丽")[:2] == ["单玛丽", "danmali"]
    assert name_terms("··") == []


def test_a_surname_is_read_as_one_and_elsewhere_as_any_character() -> None:
    assert name_terms("单于丹")[1] == "chanyudan"
    assert name_terms("王单")[1] == "wangdan"
    assert "lyubu" in name_terms("吕布")


def test_what_is_no_letter_does_not_count() -> None:
    assert plain("Ａnna·李 lü'%_") == "anna李lv"
