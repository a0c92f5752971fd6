package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileMappingTest {
    @Test
    void shouldParseLinesOfTheKernel() {
        assertEquals(
                Optional.of(new FileMapping("00:15", 1234, "/dev/shm/a b", false, true, true)),
                FileMapping.parse("7f00-7f01 rw-s 00000000 00:15 1234      /dev/shm/a b"));
        assertEquals(
                Optional.of(new FileMapping("00:15", 1234, "", false, true, false)),
                FileMapping.parse("7f00-7f01 r--s 00000000 00:15 1234"));
        assertEquals(
                Optional.of(new FileMapping("00:15", 1234, "/lib/x", false, false, true)),
                FileMapping.parse("7f00-7f01 rw-p 00000000 00:15 1234 /lib/x"));
        assertEquals(Optional.empty(), FileMapping.parse("damaged"));
    }

    @Test
    void shouldTellWhichLinesNeedToBeParsed() {
        String line = "7f00-7f01 rw-s 00000000 00:15 18446744073709551614      /dev/shm/a";
        FileId file = new FileId(0x15, -2, 10, true);

        assertTrue(FileMapping.mayBeLineOf(file).test(line));
        assertFalse(FileMapping.mayBeLineOf(new FileId(0x15, 614, 10, true)).test(line));
        assertTrue(FileMapping.isLineOfShared(line));
        assertFalse(FileMapping.isLineOfShared(line.replace("rw-s", "rw-p")));
        assertFalse(FileMapping.isLineOfShared("damaged"));
    }

    private static FileMapping mapping(String device, long inode) {
        return new FileMapping(device, inode, "/x", false, true, true);
    }

    @Test
    void shouldCompareTheDevicesOfFilesInSharedMemory() throws IOException {
        Path path = Files.createTempFile(Path.of("/dev/shm"), "shmrt-mapping", "");
        try {
            FileId file = FileId.of(path);

            assertTrue(mapping(file.deviceText(), file.inode()).mayBeOf(file));
            assertFalse(mapping("00:fffff", file.inode()).mayBeOf(file), "a file of another container");
            assertFalse(mapping(file.deviceText(), file.inode() + 1).mayBeOf(file));
        } finally {
            Files.delete(path);
        }
    }

    @Test
    void shouldCompareOnlyTheInodesOfFilesThatMayBeOnALayeredFileSystem() {
        FileId file = new FileId(0xfffff, 1234, 10, true);

        assertTrue(mapping("00:15", 1234).mayBeOf(file));
        assertFalse(mapping("00:15", 1235).mayBeOf(file));
    }

    /** The two parts are spread over the bits of the number. */
    @Test
    void shouldWriteDevicesAsTheKernelDoes() {
        assertEquals("00:1a", new FileId(0x1a, 1, 0, true).deviceText());
        assertEquals("103:05", new FileId(0x10305, 1, 0, true).deviceText());
        assertEquals("00:12345", new FileId(0x12300045, 1, 0, true).deviceText());
    }
}
