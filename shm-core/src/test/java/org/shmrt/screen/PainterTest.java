package org.shmrt.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.shmrt.screen.Style.Palette;

/** What {@link Painter} writes, obeyed by a small terminal. */
class PainterTest {
    /** Obeys the control sequences that the painter uses, and remembers the style of each cell. */
    private static final class Emulator {
        private final char[][] cells;
        private final String[][] styles;
        private int row;
        private int column;
        private String style = "0";

        Emulator(int width, int height) {
            cells = new char[height][width];
            styles = new String[height][width];
        }

        void obey(String text) {
            int i = 0;
            while (i < text.length()) {
                if (text.charAt(i) != '\033') {
                    cells[row][column] = text.charAt(i++);
                    styles[row][column++] = style;
                    continue;
                }
                int end = i + 2;
                while (!Character.isLetter(text.charAt(end))) {
                    end++;
                }
                String parameters = text.substring(i + 2, end);
                switch (text.charAt(end)) {
                    case 'm' -> style = parameters;
                    case 'H' -> {
                        row = Integer.parseInt(parameters.split(";")[0]) - 1;
                        column = Integer.parseInt(parameters.split(";")[1]) - 1;
                    }
                    case 'J' -> {
                        for (int line = 0; line < cells.length; line++) {
                            java.util.Arrays.fill(cells[line], ' ');
                            java.util.Arrays.fill(styles[line], "0");
                        }
                    }
                    default -> throw new AssertionError("unexpected sequence in " + text);
                }
                i = end + 1;
            }
        }

        void assertShows(Screen screen) {
            for (int line = 0; line < screen.height(); line++) {
                assertEquals(screen.row(line), new String(cells[line]).stripTrailing());
                for (int at = 0; at < screen.width(); at++) {
                    assertEquals(screen.style(line, at).parameters(Palette.COLOUR), styles[line][at]);
                }
            }
        }
    }

    private static Screen random(Random random, int width, int height) {
        Screen screen = new Screen(width, height, Glyphs.UNICODE);
        for (int i = 0; i < 30; i++) {
            Style style = Style.values()[random.nextInt(Style.values().length)];
            screen.put(random.nextInt(height), random.nextInt(width), "text" + random.nextInt(3), style);
        }
        return screen;
    }

    @Test
    void shouldShowEveryScreenAfterEveryOther() {
        Random random = new Random(1);
        Painter painter = new Painter(Palette.COLOUR);
        Emulator terminal = new Emulator(31, 9);
        for (int i = 0; i < 200; i++) {
            Screen next = random(random, 31, 9);

            terminal.obey(painter.paint(next).toString());

            terminal.assertShows(next);
        }
    }

    @Test
    void shouldWriteNothingIfNothingChanged() {
        Painter painter = new Painter(Palette.COLOUR);
        painter.paint(random(new Random(2), 20, 5));

        assertEquals("", painter.paint(random(new Random(2), 20, 5)).toString());
    }

    @Test
    void shouldWriteOnlyTheCellThatChanged() {
        Screen before = new Screen(40, 3, Glyphs.ASCII);
        before.put(1, 0, "the rate is 100 Hz", Style.PLAIN);
        Screen after = new Screen(40, 3, Glyphs.ASCII);
        after.put(1, 0, "the rate is 200 Hz", Style.PLAIN);
        Painter painter = new Painter(Palette.COLOUR);
        painter.paint(before);

        assertEquals("\033[2;13H\033[0m2", painter.paint(after).toString());
    }

    @Test
    void shouldWriteAllAgainAfterAnotherSizeAndWhenToldTo() {
        Painter painter = new Painter(Palette.COLOUR);
        Screen screen = new Screen(10, 2, Glyphs.ASCII);
        screen.put(0, 0, "abc", Style.PLAIN);
        painter.paint(screen);
        painter.forget();

        assertTrue(painter.paint(screen).toString().contains("abc"));
        Screen larger = new Screen(12, 2, Glyphs.ASCII);
        larger.put(0, 0, "abc", Style.PLAIN);
        assertTrue(painter.paint(larger).toString().contains("abc"));
    }

    @Test
    void shouldWriteNoColourIfAskedNotTo() {
        Screen screen = new Screen(40, 1, Glyphs.ASCII);
        int at = 0;
        for (Style style : Style.values()) {
            at = screen.put(0, at, "x", style);
        }

        String written = new Painter(Palette.NO_COLOUR).paint(screen).toString();

        assertFalse(written.matches("(?s).*\033\\[[0-9;]*[34][0-9]m.*"), written);
    }

    @Test
    void shouldClipTextAndReplaceWhatDoesNotTakeOneCell() {
        Screen screen = new Screen(6, 1, Glyphs.UNICODE);
        screen.put(0, 3, "abcdef", Style.PLAIN);
        screen.put(0, -2, "xyz", Style.PLAIN);
        screen.put(5, 0, "outside", Style.PLAIN);
        assertEquals("z  abc", screen.row(0));

        Screen odd = new Screen(8, 1, Glyphs.UNICODE);
        odd.put(0, 0, "é漢😀\u0301\u001b█", Style.PLAIN);
        assertEquals("é????█", odd.row(0));
        Screen ascii = new Screen(4, 1, Glyphs.ASCII);
        ascii.put(0, 0, "é█a", Style.PLAIN);
        assertEquals("??a", ascii.row(0));
    }
}
