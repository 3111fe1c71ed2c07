"""The information page: `/` for citizens, `/wall` for the room, `/health` for a monitor. Start: phusa run page."""
