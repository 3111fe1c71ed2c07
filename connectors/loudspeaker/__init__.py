"""Loudspeakers of the hamlets: speaking a text, asking the player at a loudspeaker to play it, looking whether it was heard."""
