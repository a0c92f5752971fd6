package org.shmrt.stream.format.dao;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;
import org.shmrt.text.FileNames;
import org.shmrt.text.FixedText;

/** The names that DAO derives from a stream's path: those of its semaphores, and the one in the header. */
final class DaoNames {
    private DaoNames() {}

    /**
     * The start of the semaphore names: the last path component without leading dots, up to its first dot. The
     * directory is not part of it, so streams with the same file name share semaphores, as in DAO.
     */
    static String local(Path path) {
        String file = path.getFileName() == null ? "" : FileNames.text(path.getFileName());
        int start = 0;
        while (start < file.length() && file.charAt(start) == '.') {
            start++;
        }
        int end = file.indexOf('.', start);
        return file.substring(start, end < 0 ? file.length() : end);
    }

    /**
     * The semaphores of a stream: {@code LOCAL_sem00} and so on, and {@code LOCAL_semlog}. Readers of layout version 2
     * rely on their claims, and its network service on semaphore 9.
     */
    static SemaphoreLayout semaphores(Path path, Variant variant, int count) {
        SemaphoreLayout named =
                SemaphoreLayout.named(numbered(path, 0, count), local(path) + "_semlog", DaoDescriptor.SEMAPHORE_CAP);
        return variant.isVersioned() ? named.withExclusiveClaims(DaoDescriptor.SERVICE_SEMAPHORE) : named;
    }

    private static List<String> numbered(Path path, int from, int to) {
        String local = local(path);
        List<String> names = new ArrayList<>();
        for (int i = from; i < to; i++) {
            names.add(local + (i < 10 ? "_sem0" : "_sem") + i);
        }
        return names;
    }

    /**
     * Semaphores that may remain from other streams of the name. DAO removes them when it creates a stream. Its
     * programs must not find more semaphores than the stream has, because they open all consecutive ones into a table
     * of that size. For a hidden file DAO's creation makes a log semaphore with a dot in its name, which none of its
     * programs opens.
     */
    static List<String> extraneous(Path path, int count) {
        List<String> names = numbered(path, count, DaoDescriptor.MAX_SEMAPHORES);
        if (path.getFileName().toString().startsWith(".")) {
            names.add("." + local(path) + "_semlog");
        }
        return names;
    }

    /**
     * The text for the header's name field: the path as given if it fits, else its last component, from which DAO
     * derives the same semaphores, truncated between characters if it is too long as well.
     */
    static byte[] stored(Path path, Variant variant) {
        byte[] whole = FileNames.bytes(path);
        return whole.length <= variant.maxNameBytes()
                ? whole
                : FixedText.start(FileNames.bytes(path.getFileName()), variant.maxNameBytes());
    }

    /** Whether a path is too long for the header's name field. */
    static boolean isShortened(Path path, Variant variant) {
        return FileNames.bytes(path).length > variant.maxNameBytes();
    }
}
