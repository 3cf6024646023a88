"""Two spellings of one text have the same in common."""

from app.domain.plain_text import plain_text


def test_width_case_spaces_and_punctuation_are_laid_aside() -> None:
    assert plain_text("“Ｑ＆Ａ”：学会 提问！") == plain_text("q&a：学会提问") == "qa学会提问"
    assert plain_text("STRASSE") == plain_text("straße")
    assert plain_text("——…… ！") == ""
