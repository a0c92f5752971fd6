package org.shmrt.relay.status;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page of a relay, version 1, little-endian: a header of one row, then the rows. */
final class PageLayout {
    /** The bytes "ShmRTrly". */
    static final long MAGIC = 0x796c725452_6d6853L;

    static final int VERSION = 1;
    static final long MAGIC_AT = 0;
    static final long VERSION_AT = 8;
    static final long PID_AT = 12;
    static final long STARTED_AT = 16;
    /** Attempts to connect that were refused. */
    static final long REFUSED_AT = 24;

    static final long TITLE_AT = 64;
    static final int TITLE_BYTES = 192;

    static final int ROWS = 255;
    static final int ROW_BYTES = 1024;
    static final long STATE_AT = 0;
    static final long ROLE_AT = 4;
    static final long COUNTERS_AT = 8;
    static final long NAME_AT = 128;
    static final int NAME_BYTES = 256;
    static final long PEER_AT = 384;
    static final int PEER_BYTES = 128;
    static final long TRANSPORT_AT = 512;
    static final int TRANSPORT_BYTES = 64;
    static final long REASON_AT = 576;
    static final int REASON_BYTES = 448;
    static final long BYTES = (1L + ROWS) * ROW_BYTES;

    static final String PREFIX = "shmrt-relay.";

    private PageLayout() {}

    static long rowAt(int row) {
        return (1L + row) * ROW_BYTES;
    }

    static long counterAt(RowCounter counter) {
        return COUNTERS_AT + (long) counter.ordinal() * Long.BYTES;
    }

    static Path directory() {
        String configured = System.getenv("SHMRT_RELAY_DIR");
        return Path.of(configured == null || configured.isEmpty() ? "/dev/shm" : configured);
    }

    /** The pages in the directory, whoever wrote them. */
    static List<Path> pages() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> pages = Files.newDirectoryStream(directory(), PREFIX + "[0-9]*")) {
            for (Path page : pages) {
                if (pid(page) > 0) {
                    files.add(page);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // no directory, no relays
        }
        return files;
    }

    /** The process id in the name of a page; 0 if there is none. */
    static int pid(Path page) {
        try {
            return Integer.parseInt(page.getFileName().toString().substring(PREFIX.length()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static Path path(long pid) {
        return directory().resolve(PREFIX + pid);
    }
}
