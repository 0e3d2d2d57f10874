"""The words of the product: one gettext catalogue a language, what is spoken, and the legal texts. How to change them: docs/words.md."""
