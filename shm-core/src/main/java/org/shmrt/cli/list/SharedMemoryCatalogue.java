package org.shmrt.cli.list;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.cli.array.ArrayReport;
import org.shmrt.cli.block.BlockReport;
import org.shmrt.error.ShmException;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.Printable;

/**
 * What has no file name of its own kind: arrays, lists and blocks, told apart by what is in them. In shared memory
 * everything that is nothing else is a block; in another directory only arrays are looked for. Streams are left to
 * {@link StreamCatalogue}, but for those in shared memory when another directory is the one for streams.
 */
final class SharedMemoryCatalogue implements Catalogue {
    private static final String SEMAPHORE_PREFIX = "sem.";
    private static final String HIDDEN_PREFIX = ".shmrt-";
    private static final String NOTHING = "-";

    private final StreamCatalogue streams;
    private boolean inSharedMemory;
    private boolean withStreams;

    SharedMemoryCatalogue(StreamCatalogue streams) {
        this.streams = streams;
    }

    @Override
    public List<Candidate> candidates(Path directory) {
        Path shared = SharedObject.directory();
        Path place = directory == null ? shared : directory;
        inSharedMemory = isSame(place, shared);
        withStreams = directory == null && !isSame(StreamDirectory.get(), shared);
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(SEMAPHORE_PREFIX)
                        && !name.startsWith(HIDDEN_PREFIX)
                        && (withStreams || !name.endsWith(StreamDirectory.SUFFIX))) {
                    candidates.add(new Candidate(name, file));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (directory == null) {
                return List.of(); // a machine without POSIX shared memory has nothing in it
            }
            throw new ShmException("cannot list " + place + ": " + e.getMessage(), e);
        }
        candidates.sort(Comparator.comparing(Candidate::name));
        return candidates;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isStream(Candidate candidate) {
        return withStreams && candidate.name().endsWith(StreamDirectory.SUFFIX);
    }

    @Override
    public Row row(Candidate candidate) {
        if (isStream(candidate)) {
            return streams.row(candidate);
        }
        ArrayInfo array = ArrayInfo.detect(candidate.path()).orElse(null);
        if (array != null) {
            return new Row(
                    Printable.of(candidate.name()),
                    "array",
                    array.shape().toString(),
                    array.type().toString(),
                    NOTHING,
                    NOTHING,
                    String.valueOf(array.fileBytes()),
                    NOTHING);
        }
        BlockInfo block = blockOrNull(candidate);
        return block == null
                ? null
                : new Row(
                        Printable.of(block.name()),
                        BlockReport.kind(block),
                        String.valueOf(block.isList() ? block.itemCount() : block.byteSize()),
                        block.isList() ? "object" : "uint8",
                        NOTHING,
                        NOTHING,
                        String.valueOf(block.byteSize()),
                        NOTHING + block.warnings().stream().map("; "::concat).collect(Collectors.joining()));
    }

    @Override
    public Map<String, Object> json(Candidate candidate) {
        if (isStream(candidate)) {
            return streams.json(candidate);
        }
        ArrayInfo array = ArrayInfo.detect(candidate.path()).orElse(null);
        if (array != null) {
            return ArrayReport.json(array);
        }
        BlockInfo block = blockOrNull(candidate);
        return block == null ? null : BlockReport.entry(block);
    }

    private BlockInfo blockOrNull(Candidate candidate) {
        if (!inSharedMemory) {
            return null;
        }
        try {
            return BlockInfo.of(candidate.path());
        } catch (ShmException e) {
            return null; // a directory, a link, a pipe, or gone by now
        }
    }
}
