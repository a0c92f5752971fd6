package org.shmrt.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyDecoderTest {
    /**
     * A terminal with characters in its queue, after which nothing comes.
     *
     * @param slowMs what the thread that reads needs for each character after the first
     */
    private static KeyDecoder typing(String text, long slowMs) {
        return new KeyDecoder(new KeyDecoder.Input() {
            private int at;
            private long neededMs;

            @Override
            public int read(long timeoutMs) {
                if (at == text.length() || timeoutMs < neededMs) {
                    neededMs -= timeoutMs;
                    return TIMED_OUT;
                }
                neededMs = slowMs;
                return text.charAt(at++);
            }

            @Override
            public boolean isPending() {
                return at < text.length();
            }
        });
    }

    private static KeyDecoder typing(String text) {
        return typing(text, 0);
    }

    @Test
    void shouldNotTakeASequenceThatIsReadSlowlyForTheKeyEscape() {
        KeyDecoder decoder = typing("\033[F\033OH\033", 1500);

        assertEquals(Key.Name.END, decoder.next(0).name());
        assertEquals(Key.Name.HOME, decoder.next(2000).name());
        assertEquals(Key.Name.ESCAPE, decoder.next(2000).name());
    }

    @ParameterizedTest
    @CsvSource({
        "[A, UP",
        "OA, UP",
        "[B, DOWN",
        "[5~, PAGE_UP",
        "[6~, PAGE_DOWN",
        "[H, HOME",
        "[1~, HOME",
        "[4~, END",
        "OF, END",
        "[3~, DELETE",
        "OP, F1",
        "[11~, F1",
        "[[A, F1",
        "[[E, F5",
        "OQ, F2",
        "OR, F3",
        "OS, F4",
        "[15~, F5",
        "[17~, F6",
        "[20~, F9",
        "[21~, F10",
        "[1;5A, UP",
        "[3;2~, DELETE",
        "[99~, UNKNOWN",
        "[?1;2c, UNKNOWN",
        "x, UNKNOWN"
    })
    void shouldDecodeSequences(String afterEscape, Key.Name expected) {
        KeyDecoder decoder = typing("\033" + afterEscape + "q");

        assertEquals(expected, decoder.next(0).name());
        assertEquals(Key.of('q'), decoder.next(0), "the sequence was read completely");
        assertEquals(Key.NONE, decoder.next(0));
    }

    @Test
    void shouldDecodeSingleCharacters() {
        KeyDecoder decoder = typing("a\r\t\177\b\001é\033");

        assertEquals(Key.of('a'), decoder.next(0));
        assertEquals(Key.Name.ENTER, decoder.next(0).name());
        assertEquals(Key.Name.TAB, decoder.next(0).name());
        assertEquals(Key.Name.BACKSPACE, decoder.next(0).name());
        assertEquals(Key.Name.BACKSPACE, decoder.next(0).name());
        assertEquals(Key.Name.UNKNOWN, decoder.next(0).name());
        assertEquals(Key.of('é'), decoder.next(0));
        assertEquals(Key.Name.ESCAPE, decoder.next(0).name());
    }

    @Test
    void shouldReportTheEndOfTheTerminal() {
        KeyDecoder decoder = new KeyDecoder(new KeyDecoder.Input() {
            @Override
            public int read(long timeoutMs) {
                return CLOSED;
            }

            @Override
            public boolean isPending() {
                return false;
            }
        });

        assertEquals(Key.Name.END_OF_INPUT, decoder.next(0).name());
    }
}
