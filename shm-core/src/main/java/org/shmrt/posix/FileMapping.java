package org.shmrt.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file that a process has mapped, as the kernel's list in {@code /proc} shows it.
 *
 * @param inode inode number of the file
 * @param path its path when it was opened, as that process sees it; of a removed file, and of one that was created
 *     without a name, without the kernel's mark
 * @param deleted whether the kernel marks it as deleted: the file was removed or renamed, or created without a name
 */
public record FileMapping(long inode, String path, boolean deleted) {
    private static final String DELETED = " (deleted)";
    /** "address perms offset dev inode path". */
    private static final int FIELDS = 6;

    private static final int INODE_FIELD = 4;

    /**
     * The files that a process has mapped, without duplicates.
     *
     * @return empty if the process does not exist or this user may not examine it
     */
    public static Set<FileMapping> of(long pid) {
        Set<FileMapping> mappings = new HashSet<>();
        // A name may have any bytes; a decoder that reports errors would stop at one that is not UTF-8.
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Files.newInputStream(Path.of("/proc/" + pid + "/maps")), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.indexOf('/') >= 0) {
                    mappings.add(parse(line));
                }
            }
        } catch (IOException e) {
            return Set.of();
        }
        return mappings;
    }

    private static FileMapping parse(String line) {
        String[] fields = line.split(" +", FIELDS);
        String path = fields[FIELDS - 1];
        boolean deleted = path.endsWith(DELETED);
        return new FileMapping(
                Long.parseLong(fields[INODE_FIELD]),
                deleted ? path.substring(0, path.length() - DELETED.length()) : path,
                deleted);
    }

    /** The ids of all processes that this one can see, in no particular order. */
    public static List<Long> processes() {
        List<Long> ids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                ids.add(Long.parseLong(process.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            return List.copyOf(ids); // there is no /proc
        }
        return ids;
    }
}
