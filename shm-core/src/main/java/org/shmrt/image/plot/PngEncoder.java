package org.shmrt.image.plot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes PNG pictures row by row. It needs memory for two rows of the picture only, and no java.desktop.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics</a>
 */
public final class PngEncoder {
    /** Colour types, with 8 bits per channel. */
    public enum ColourType {
        /** One channel. */
        GREY(0, 1),
        /** Three channels. */
        RGB(2, 3);

        private final byte code;
        private final int channels;

        ColourType(int code, int channels) {
            this.code = (byte) code;
            this.channels = channels;
        }
    }

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int CHUNK_BYTES = 64 << 10;
    private static final byte FILTER_NONE = 0;
    private static final byte FILTER_UP = 2;

    /** Supplies the pixels of a picture. */
    @FunctionalInterface
    public interface Rows {
        /**
         * Fills a row. Called once per row, from the top.
         *
         * @param row index of the row, 0 at the top
         * @param pixels receives the pixels, one byte per channel
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
     * Writes a picture.
     *
     * @param texts text chunks by keyword, both in Latin-1
     */
    public static void write(
            OutputStream out, int width, int height, ColourType colourType, Map<String, String> texts, Rows rows)
            throws IOException {
        PngEncoder encoder = new PngEncoder(out);
        try {
            encoder.picture(width, height, colourType, texts, rows);
        } finally {
            encoder.deflater.end();
        }
    }

    private void picture(int width, int height, ColourType colourType, Map<String, String> texts, Rows rows)
            throws IOException {
        out.write(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, colourType.code, 0, 0, 0})
                .array();
        chunk("IHDR", header, header.length);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            entry.writeBytes(text.getKey().getBytes(StandardCharsets.ISO_8859_1));
            entry.write(0);
            entry.writeBytes(text.getValue().getBytes(StandardCharsets.ISO_8859_1));
            chunk("tEXt", entry.toByteArray(), entry.size());
        }
        int rowBytes = width * colourType.channels;
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

    /** Chooses pixels or differences from the row above: values closer to zero compress better. */
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
