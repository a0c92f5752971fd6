package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileMappingTest {
    @Test
    void shouldParseLinesOfTheKernel() {
        assertEquals(
                Optional.of(new FileMapping(1234, "/dev/shm/a b", false, true, true)),
                FileMapping.parse("7f00-7f01 rw-s 00000000 00:15 1234      /dev/shm/a b"));
        assertEquals(
                Optional.of(new FileMapping(1234, "", false, true, false)),
                FileMapping.parse("7f00-7f01 r--s 00000000 00:15 1234"));
        assertEquals(
                Optional.of(new FileMapping(1234, "/lib/x", false, false, true)),
                FileMapping.parse("7f00-7f01 rw-p 00000000 00:15 1234 /lib/x"));
        assertEquals(Optional.empty(), FileMapping.parse("damaged"));
    }
}
