package org.shmrt.image.terminal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Encodes pictures as sixels: bands of six rows, for each colour of a band one line of run lengths. At most 256 colours;
 * if there are more, their components are rounded. Stateless.
 *
 * @see <a href="https://vt100.net/docs/vt3xx-gp/chapter14.html">VT330/VT340: Sixel Graphics</a>
 */
public final class Sixel {
    private static final int BAND = 6;
    private static final int MAX_COLOURS = 256;
    private static final int MIN_REPEAT = 4;
    private static final char FIRST = '?';
    /** Coarser and coarser roundings of components; the last one has 252 colours. */
    private static final IntUnaryOperator[] ROUNDINGS = {
        rgb -> rgb, rgb -> rgb & 0xfefefe, rgb -> rgb & 0xfcfcfc, rgb -> rgb & 0xf8f8f8, Sixel::uniform
    };

    private Sixel() {}

    /** The control sequence that shows a picture at the cursor. Where the cursor is afterwards depends on the terminal. */
    public static String encode(Pixels pixels) {
        int[] indices = new int[pixels.rgb().length];
        Map<Integer, Integer> palette = palette(pixels, indices);
        StringBuilder text = new StringBuilder();
        text.append("\033P0;1;0q\"1;1;").append(pixels.width()).append(';').append(pixels.height());
        palette.forEach((rgb, index) -> text.append('#')
                .append(index)
                .append(";2;")
                .append(percent(rgb >> 16))
                .append(';')
                .append(percent(rgb >> 8))
                .append(';')
                .append(percent(rgb)));
        for (int top = 0; top < pixels.height(); top += BAND) {
            band(pixels, indices, top, text);
        }
        return text.append("\033\\").toString();
    }

    private static int percent(int component) {
        return ((component & 0xff) * 100 + 127) / 255;
    }

    /** Fills the index of each pixel, and returns the colours by index. */
    private static Map<Integer, Integer> palette(Pixels pixels, int[] indices) {
        for (IntUnaryOperator rounding : ROUNDINGS) {
            Map<Integer, Integer> palette = new LinkedHashMap<>();
            for (int i = 0; i < indices.length && palette.size() <= MAX_COLOURS; i++) {
                int rgb = rounding.applyAsInt(pixels.rgb()[i]);
                Integer index = palette.putIfAbsent(rgb, palette.size());
                indices[i] = index == null ? palette.size() - 1 : index;
            }
            if (palette.size() <= MAX_COLOURS) {
                return palette;
            }
        }
        throw new IllegalStateException("the last rounding has few colours");
    }

    /** Rounds to 6 x 7 x 6 levels. */
    private static int uniform(int rgb) {
        return level(rgb >> 16, 6) << 16 | level(rgb >> 8, 7) << 8 | level(rgb, 6);
    }

    private static int level(int component, int levels) {
        int nearest = ((component & 0xff) * (levels - 1) + 127) / 255;
        return nearest * 255 / (levels - 1);
    }

    private static void band(Pixels pixels, int[] indices, int top, StringBuilder text) {
        int width = pixels.width();
        int bottom = Math.min(pixels.height(), top + BAND);
        Map<Integer, byte[]> lines = new HashMap<>();
        for (int y = top; y < bottom; y++) {
            for (int x = 0; x < width; x++) {
                byte[] line = lines.computeIfAbsent(indices[y * width + x], index -> new byte[width]);
                line[x] |= (byte) (1 << (y - top));
            }
        }
        int[] used =
                lines.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
        for (int i = 0; i < used.length; i++) {
            text.append(i == 0 ? "" : "$").append('#').append(used[i]);
            runs(lines.get(used[i]), text);
        }
        text.append('-');
    }

    private static void runs(byte[] line, StringBuilder text) {
        int end = line.length;
        while (end > 0 && line[end - 1] == 0) {
            end--;
        }
        for (int from = 0; from < end; ) {
            int to = from + 1;
            while (to < end && line[to] == line[from]) {
                to++;
            }
            char sixel = (char) (FIRST + line[from]);
            if (to - from >= MIN_REPEAT) {
                text.append('!').append(to - from).append(sixel);
            } else {
                char[] few = new char[to - from];
                Arrays.fill(few, sixel);
                text.append(few);
            }
            from = to;
        }
    }
}
