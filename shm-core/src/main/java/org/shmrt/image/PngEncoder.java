package org.shmrt.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG row by row, so that a picture needs no more memory than two rows of it, and no java.desktop.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics</a>
 */
final class PngEncoder {
    /** Colour types of the format. */
    static final int GREY = 0;

    static final int RGB = 2;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int CHUNK_BYTES = 64 << 10;
    private static final byte FILTER_NONE = 0;
    private static final byte FILTER_UP = 2;

    /** Where the pixels come from. */
    @FunctionalInterface
    interface Rows {
        /**
         * Called once a row, from the top.
         *
         * @param row 0 is the top
         * @param pixels to fill: a byte a pixel for grey, three for RGB
         */
        void fill(int row, byte[] pixels);
    }

    private final OutputStream out;
    private final Deflater deflater = new Deflater();
    private final byte[] chunk = new byte[CHUNK_BYTES];

    private PngEncoder(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a picture of 8 bits a channel.
     *
     * @param colourType {@link #GREY} or {@link #RGB}
     * @param texts keywords and what they say, both Latin-1
     */
    static void write(OutputStream out, int width, int height, int colourType, Map<String, String> texts, Rows rows)
            throws IOException {
        PngEncoder encoder = new PngEncoder(out);
        try {
            encoder.picture(width, height, colourType, texts, rows);
        } finally {
            encoder.deflater.end();
        }
    }

    private void picture(int width, int height, int colourType, Map<String, String> texts, Rows rows)
            throws IOException {
        out.write(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, (byte) colourType, 0, 0, 0})
                .array();
        chunk("IHDR", header, header.length);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            entry.writeBytes(text.getKey().getBytes(StandardCharsets.ISO_8859_1));
            entry.write(0);
            entry.writeBytes(text.getValue().getBytes(StandardCharsets.ISO_8859_1));
            chunk("tEXt", entry.toByteArray(), entry.size());
        }
        int rowBytes = width * (colourType == RGB ? 3 : 1);
        byte[] above = new byte[rowBytes];
        byte[] pixels = new byte[rowBytes];
        byte[] line = new byte[rowBytes + 1];
        for (int row = 0; row < height; row++) {
            rows.fill(row, pixels);
            filter(pixels, above, line);
            deflater.setInput(line);
            deflate();
            byte[] spare = above;
            above = pixels;
            pixels = spare;
        }
        deflater.finish();
        deflate();
        chunk("IEND", new byte[0], 0);
    }

    /** Of the pixels themselves and their differences from the row above, the one nearer to zero packs better. */
    private static void filter(byte[] pixels, byte[] above, byte[] line) {
        long plain = 0;
        long difference = 0;
        for (int i = 0; i < pixels.length; i++) {
            plain += Math.abs(pixels[i]);
            difference += Math.abs((byte) (pixels[i] - above[i]));
        }
        if (plain <= difference) {
            line[0] = FILTER_NONE;
            System.arraycopy(pixels, 0, line, 1, pixels.length);
        } else {
            line[0] = FILTER_UP;
            for (int i = 0; i < pixels.length; i++) {
                line[i + 1] = (byte) (pixels[i] - above[i]);
            }
        }
    }

    private void deflate() throws IOException {
        while (true) {
            int count = deflater.deflate(chunk);
            if (count == 0) {
                return;
            }
            chunk("IDAT", chunk, count);
        }
    }

    private void chunk(String name, byte[] content, int length) throws IOException {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(type);
        checksum.update(content, 0, length);
        out.write(ByteBuffer.allocate(8).putInt(length).put(type).array());
        out.write(content, 0, length);
        out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
