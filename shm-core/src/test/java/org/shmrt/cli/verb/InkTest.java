package org.shmrt.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Colours, and control characters in what is coloured. */
class InkTest {
    @Test
    void shouldKeepOnlyItsOwnControlSequences() {
        String line = Ink.COLOUR.warning("a\u001b[2Jb\u001b]0;title\u0007");

        assertEquals("\u001b[33ma\\u001b[2Jb\\u001b]0;title\\u0007\u001b[0m", Ink.COLOUR.printable(line));
        assertEquals("\\u001b[33ma\\u000ab", Ink.PLAIN.printable("\u001b[33ma\nb"));
    }
}
