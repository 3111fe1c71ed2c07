"""SMS by a modem on this machine, for when the internet is gone."""
