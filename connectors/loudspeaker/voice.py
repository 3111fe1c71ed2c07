"""Speaking by eSpeak NG, whose library and voices the package espeakng-loader carries: Vietnamese as in Huế, 22,050 samples a second.

eSpeak NG is GPL-3.0-or-later, our own licence AGPL-3.0-only: both may be joined in one work (GPL-3.0, section 13). It is called in this
process through ctypes and is not made for threads: one lock, one voice.
"""

from __future__ import annotations

import ctypes
import io
import threading
import wave
from functools import lru_cache

import av
import numpy as np
import structlog

log = structlog.get_logger(__name__)

VOICE = b"vi-vn-x-central"
"""The accent of central Vietnam; the northern one is `vi`."""
WORDS_A_MINUTE = 150
"""Slower than eSpeak's own 175: loudspeakers echo between houses."""
_RATE_PARAMETER, _SYNCHRONOUS, _UTF8, _CHUNK_MS = 1, 2, 1, 0
_BIT_RATE = 64_000
"""Of the MP3: speech in one channel."""
_SILENCE = 300
"""Samples that never leave this are no speech, whose peaks are beyond 10,000 of 32,767."""


class VoiceError(RuntimeError):
    """The voice does not speak: a library or a voice is missing."""


class Speech:
    """Samples of one text: 16 bits, one channel."""

    def __init__(self, samples: bytes, rate: int) -> None:
        self.samples, self.rate = samples, rate

    @property
    def seconds(self) -> float:
        """How long it takes, counted by its samples."""
        return len(self.samples) / 2 / self.rate

    def wav(self) -> bytes:
        """As a WAV file."""
        made = io.BytesIO()
        with wave.open(made, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes(self.samples)
        return made.getvalue()

    def mp3(self) -> bytes:
        """As an MP3 file, by the encoder that PyAV carries."""
        made = io.BytesIO()
        with av.open(made, "w", format="mp3") as file:
            stream = file.add_stream("libmp3lame", rate=self.rate, layout="mono")
            stream.bit_rate = _BIT_RATE
            frame = av.AudioFrame.from_ndarray(
                np.frombuffer(self.samples, dtype=np.int16).reshape(1, -1), format="s16", layout="mono"
            )
            frame.sample_rate = self.rate
            for packet in (*stream.encode(frame), *stream.encode(None)):
                file.mux(packet)
        return made.getvalue()


class Voice:
    """The library with its voice; `speak` is the only thing that it does."""

    def __init__(self) -> None:
        """Raises VoiceError where the library or its voice is missing."""
        import espeakng_loader

        self._lock, self._heard = threading.Lock(), bytearray()
        try:
            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            rate = self._library.espeak_Initialize(
                _SYNCHRONOUS, _CHUNK_MS, espeakng_loader.get_data_path().encode(), 0
            )
        except (OSError, RuntimeError) as error:
            raise VoiceError(f"không mở được espeak-ng (the library does not open): {error}") from error
        if rate <= 0 or self._library.espeak_SetVoiceByName(VOICE) != 0:
            raise VoiceError(f"espeak-ng không có giọng {VOICE.decode()} (no such voice)")
        self._library.espeak_SetParameter(_RATE_PARAMETER, WORDS_A_MINUTE, 0)
        self._rate = int(rate)
        # Kept: the library calls it, and Python would forget it.
        self._callback = _CALLBACK(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    def _hear(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, count * 2)
        return 0

    def speak(self, text: str) -> Speech:
        """The text as sound. Raises VoiceError where nothing can be heard of it."""
        written = text.replace("\0", " ").encode() + b"\0"
        with self._lock:
            self._heard.clear()
            failed = self._library.espeak_Synth(written, len(written), 0, 0, 0, _UTF8, None, None)
            self._library.espeak_Synchronize()
            samples = bytes(self._heard)
        if failed or not samples or np.abs(np.frombuffer(samples, dtype=np.int16)).max() < _SILENCE:
            raise VoiceError(f"không nói được (nothing can be heard of it): {text[:60]!r}")
        return Speech(samples, self._rate)


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


@lru_cache(maxsize=1)
def voice() -> Voice:
    """The voice of this process, opened once."""
    return Voice()


def first_that_fits(scripts: list[str], longest_s: float, speaker: Voice) -> tuple[str, Speech]:
    """The fullest of `scripts` that takes no longer than `longest_s`. Raises VoiceError where even the last takes longer."""
    for text in scripts:
        speech = speaker.speak(text)
        if speech.seconds <= longest_s:
            return text, speech
        log.info("script_shortened", seconds=round(speech.seconds, 1))
    raise VoiceError(
        f"lời dài quá {longest_s:g} giây (longer than {longest_s:g} s, however it is shortened): {scripts[-1][:60]!r}"
    )
