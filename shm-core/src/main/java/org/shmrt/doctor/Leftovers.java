package org.shmrt.doctor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of a directory, and their ages. */
public final class Leftovers {
    /** A younger object may belong to a program that is still creating it. */
    private static final long MIN_AGE_MS = 5_000;

    private Leftovers() {}

    /** The entries of a directory, sorted; none if it cannot be listed. */
    public static List<Path> entries(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            // it does not exist, or this user may not list it
        }
        found.sort(null);
        return found;
    }

    /** Whether a file still exists and is not being created now. */
    public static boolean isSettled(Path file) {
        try {
            return System.currentTimeMillis()
                            - Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                    .toMillis()
                    >= MIN_AGE_MS;
        } catch (IOException e) {
            return false;
        }
    }
}
