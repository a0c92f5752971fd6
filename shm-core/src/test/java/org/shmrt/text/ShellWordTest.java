package org.shmrt.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words of commands that users copy. */
class ShellWordTest {
    @Test
    void shouldQuoteWhatAShellWouldNotReadAsOneWord() {
        assertEquals("/tmp/cam.im.shm", ShellWord.of(Path.of("/tmp/cam.im.shm")));
        assertEquals("'a b'", ShellWord.of("a b"));
        assertEquals("'$(touch x)'", ShellWord.of("$(touch x)"));
        assertEquals("'it'\\''s'", ShellWord.of("it's"));
        assertEquals("''", ShellWord.of(""));
    }

    @Test
    void shouldMakeNoNameAnOption() {
        assertEquals("a 'b c'", ShellWord.arguments(List.of("a", "b c")));
        assertEquals("-- a -f", ShellWord.arguments(List.of("a", "-f")));
    }
}
