"""Files of automatic stations, Circular 10/2021/TT-BTNMT: bytes in, readings and refused lines out."""
