package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/** The chunks in a directory. */
public final class ChunkDirectory {
    private ChunkDirectory() {}

    /**
     * The chunks of each stream, the oldest first. Of a chunk that exists both plain and compressed, the compressed one
     * counts.
     *
     * @throws NotFoundException if there is no such directory
     */
    public static Map<String, List<ChunkName>> byStream(Path directory) {
        Map<String, List<ChunkName>> chunks = new TreeMap<>();
        for (ChunkName name : names(directory)) {
            List<ChunkName> ofStream = chunks.computeIfAbsent(name.stream(), key -> new ArrayList<>());
            // the names are sorted: a compressed chunk follows the plain one of the same time
            if (!ofStream.isEmpty() && name.isCompressedFormOf(ofStream.getLast())) {
                ofStream.removeLast();
            }
            ofStream.add(name);
        }
        return chunks;
    }

    /** All files of chunks, sorted by stream, time and ending. */
    static List<ChunkName> names(Path directory) {
        List<ChunkName> names = new ArrayList<>();
        for (Path file : files(directory)) {
            ChunkName.parse(file).ifPresent(names::add);
        }
        names.sort(Comparator.comparing(ChunkName::stream)
                .thenComparingLong(ChunkName::startNs)
                .thenComparing(ChunkName::ending));
        return names;
    }

    /** The tables of chunks that are being recorded or were interrupted, sorted. */
    static Set<Path> tables(Path directory) {
        Set<Path> tables = new TreeSet<>();
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(ChunkName.TIMES) && ChunkName.parse(chunkOf(file)).isPresent()) {
                tables.add(file);
            }
        }
        return tables;
    }

    /** The chunk of a table. */
    static Path chunkOf(Path table) {
        String name = table.getFileName().toString();
        return table.resolveSibling(name.substring(0, name.length() - ChunkName.TIMES.length()));
    }

    private static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new NotFoundException("there is no directory " + FileNames.text(directory) + " with a recording");
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(files::add);
        } catch (IOException e) {
            throw IoErrors.failure("list", directory, e);
        } catch (DirectoryIteratorException e) {
            throw IoErrors.failure("list", directory, e.getCause());
        }
        return files;
    }

    /** Removes a chunk with all its files; returns how many bytes they had. */
    public static long remove(Path chunk) throws IOException {
        long bytes = 0;
        List<Path> files = new ArrayList<>(List.of(chunk, ChunkName.timesOf(chunk)));
        if (chunk.toString().endsWith(ChunkName.NPY)) {
            files.add(NpyForm.timesOf(chunk));
            files.add(NpyForm.headerOf(chunk));
        }
        for (Path file : files) {
            if (Files.exists(file)) {
                bytes += Files.size(file);
                Files.delete(file);
            }
        }
        return bytes;
    }
}
