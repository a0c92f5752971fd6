package org.shmrt.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GlyphsTest {
    @Test
    void shouldUseAsciiWhereTheLocaleIsNotUtf8() {
        assertEquals(Glyphs.UNICODE, Glyphs.of(StandardCharsets.UTF_8, ""));
        assertEquals(Glyphs.ASCII, Glyphs.of(StandardCharsets.UTF_8, "C"));
        assertEquals(Glyphs.ASCII, Glyphs.of(StandardCharsets.ISO_8859_1, ""));
    }

    @Test
    void shouldDrawBarsInEighthsOrWholeCells() {
        assertEquals("████████", Glyphs.UNICODE.bar(1, 8));
        assertEquals("████▌", Glyphs.UNICODE.bar(4.5 / 8, 8));
        assertEquals("▏", Glyphs.UNICODE.bar(0.0001, 8), "anything above 0 is visible");
        assertEquals("", Glyphs.UNICODE.bar(0, 8));
        assertEquals("########", Glyphs.ASCII.bar(7, 8));
        assertEquals("####", Glyphs.ASCII.bar(0.5, 8));
    }

    @Test
    void shouldMarkWhatIsLeftOut() {
        assertEquals("abc", Glyphs.UNICODE.fit("abc", 3));
        assertEquals("ab…", Glyphs.UNICODE.fit("abcd", 3));
        assertEquals("ab~", Glyphs.ASCII.fit("abcd", 3));
        assertEquals("", Glyphs.ASCII.fit("abcd", 0));
    }
}
