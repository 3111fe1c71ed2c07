"""One dataflow per file: picture, build(ends), production()."""
