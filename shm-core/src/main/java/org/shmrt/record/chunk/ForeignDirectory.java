package org.shmrt.record.chunk;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.shmrt.error.ShmException;
import org.shmrt.posix.IoErrors;

/**
 * The recordings of other programs in a directory: a session of daoDAQ, with {@code SOURCE.fits} or
 * {@code SOURCE/SOURCE_0.fits, SOURCE/SOURCE_1.fits …}; a day of milk's logger, with {@code NAME/NAME_TIME.fits}; or the
 * directory of one stream of either.
 */
public final class ForeignDirectory {
    /** Name of the stream, and the number of the file or the time of its first frame. */
    private static final Pattern PART = Pattern.compile("(.+)_([0-9:.]+)\\.fits");

    private static final String ENDING = ".fits";

    private ForeignDirectory() {}

    /** The files of each stream, the oldest first; empty if there is none. */
    public static Map<String, List<Path>> byStream(Path directory) {
        Map<String, List<Path>> streams = new TreeMap<>();
        for (Path entry : entries(directory)) {
            if (Files.isDirectory(entry)) {
                entries(entry).forEach(file -> add(streams, file));
            } else {
                add(streams, entry);
            }
        }
        streams.values().forEach(files -> files.sort(Comparator.comparing(ForeignDirectory::order)));
        return streams;
    }

    private static void add(Map<String, List<Path>> streams, Path file) {
        String name = file.getFileName().toString();
        if (!name.endsWith(ENDING) || !isReadable(file)) {
            return;
        }
        Matcher part = PART.matcher(name);
        String stream = part.matches() ? part.group(1) : name.substring(0, name.length() - ENDING.length());
        streams.computeIfAbsent(stream, key -> new ArrayList<>()).add(file);
    }

    private static boolean isReadable(Path file) {
        try (FrameFile opened = FrameFile.open(file)) {
            return opened.hasTimes(); // a dark image, for example, has none
        } catch (ShmException e) {
            return false;
        }
    }

    /** Numbers of files have different lengths; times have the same one. */
    private static BigInteger order(Path file) {
        Matcher part = PART.matcher(file.getFileName().toString());
        String digits = part.matches() ? part.group(2).replaceAll("[^0-9]", "") : "";
        return digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
    }

    private static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        }
    }
}
