"""The surfaces on which people meet Drumbeat, one package each; all of them speak the language of ``bot.chat``."""
