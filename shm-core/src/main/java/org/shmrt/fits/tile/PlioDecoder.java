package org.shmrt.fits.tile;

import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * Decodes PLIO_1, the run lengths of IRAF's pixel lists, which represent integers from 0 to 2^24 - 1. The codec of
 * nom-tam-fits 1.21.2 loses all but 16 bits of them.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 10.4.3</a>
 */
final class PlioDecoder {
    private static final int HEADER_WORDS = 7;
    private static final int ARGUMENT_BITS = 12;
    private static final int ARGUMENT_MASK = (1 << ARGUMENT_BITS) - 1;
    /** Lengths of more than 15 bits are in two words of 15 bits each. */
    private static final int LENGTH_BITS = 15;

    private static final int MAX_VALUE = (1 << 24) - 1;

    private PlioDecoder() {}

    /**
     * Decodes one tile.
     *
     * @param words the 16-bit words of the tile
     * @param pixels receives the pixels; those after the last run are 0
     * @throws IllegalArgumentException if the words are not a list of this many pixels
     */
    static void decode(ShortBuffer words, IntBuffer pixels) {
        if (words.remaining() < HEADER_WORDS) {
            throw new IllegalArgumentException("its list has only " + words.remaining() + " words");
        }
        // an old form has the length in the third word and no further words of the header
        boolean old = words.get(2) > 0;
        long end = old ? words.get(2) : ((long) words.get(4) << LENGTH_BITS) + words.get(3);
        int at = old ? 3 : words.get(1);
        if (at < 0 || end < 0 || end > words.remaining()) {
            throw new IllegalArgumentException("its list claims " + end + " words, and has " + words.remaining());
        }
        int value = 1;
        while (at < end) {
            int word = words.get(at++);
            int argument = word & ARGUMENT_MASK;
            switch (word >> ARGUMENT_BITS & 0xf) {
                case 0 -> run(pixels, argument, 0);
                case 1 -> {
                    if (at >= end) {
                        throw new IllegalArgumentException("its list ends inside a value");
                    }
                    value = (words.get(at++) << ARGUMENT_BITS) + argument;
                }
                case 2 -> value += argument;
                case 3 -> value -= argument;
                case 4 -> run(pixels, argument, value);
                case 5 -> {
                    run(pixels, argument - 1, 0);
                    run(pixels, 1, value);
                }
                case 6 -> {
                    value += argument;
                    run(pixels, 1, value);
                }
                case 7 -> {
                    value -= argument;
                    run(pixels, 1, value);
                }
                default -> throw new IllegalArgumentException("its list has an unknown instruction");
            }
        }
        run(pixels, pixels.remaining(), 0);
    }

    private static void run(IntBuffer pixels, int count, int value) {
        if (count < 0 || count > pixels.remaining() || value < 0 || value > MAX_VALUE) {
            throw new IllegalArgumentException("its list has more pixels or larger values than the tile");
        }
        for (int i = 0; i < count; i++) {
            pixels.put(value);
        }
    }
}
