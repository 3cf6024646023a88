"""Quality (评估与保障): indicators, evaluation, funds and official documents of a bureau's year."""
