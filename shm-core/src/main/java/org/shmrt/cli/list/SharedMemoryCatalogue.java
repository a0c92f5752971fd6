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
import java.util.Optional;
import java.util.stream.Collectors;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.error.BusyException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.SharedObject;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/**
 * Objects whose file names do not show their kind: arrays, lists and blocks, recognised by their contents. In shared
 * memory everything else is a block; in another directory only arrays are listed. {@link StreamCatalogue} lists
 * streams, except those in shared memory if the stream directory is another one: they are listed here.
 */
final class SharedMemoryCatalogue implements Catalogue {
    private static final String SEMAPHORE_PREFIX = "sem.";
    private static final String HIDDEN_PREFIX = ".shmrt-";

    private final Optional<Path> directory;
    private final StreamCatalogue streams;
    private final boolean listsBlocks;
    private final boolean listsStreams;

    /** {@code directory} is empty for shared memory. */
    SharedMemoryCatalogue(Optional<Path> directory, StreamCatalogue streams) {
        Path shared = SharedObject.directory();
        this.directory = directory;
        this.streams = streams;
        this.listsBlocks = directory.isEmpty() || isSame(directory.get(), shared);
        this.listsStreams = directory.isEmpty() && !isSame(StreamDirectory.get(), shared);
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<Candidate> candidates() {
        Path listed = directory.orElseGet(SharedObject::directory);
        List<Candidate> candidates = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(listed)) {
            for (Path file : files) {
                String name = FileNames.text(file.getFileName());
                if (!name.startsWith(SEMAPHORE_PREFIX)
                        && !name.startsWith(HIDDEN_PREFIX)
                        && (listsStreams || !name.endsWith(StreamDirectory.SUFFIX))) {
                    candidates.add(new Candidate(name, file));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (directory.isEmpty()) {
                return List.of(); // a machine without POSIX shared memory
            }
            throw IoErrors.failure(
                    "list", listed, e instanceof DirectoryIteratorException d ? d.getCause() : (IOException) e);
        }
        candidates.sort(Comparator.comparing(Candidate::name));
        return candidates;
    }

    private boolean isStream(Candidate candidate) {
        return listsStreams && candidate.name().endsWith(StreamDirectory.SUFFIX);
    }

    @Override
    public Optional<Row> row(Candidate candidate) {
        if (isStream(candidate)) {
            return streams.row(candidate);
        }
        try {
            Optional<ArrayInfo> array = array(candidate);
            return array.isPresent()
                    ? array.map(info -> row(candidate, info))
                    : block(candidate).map(SharedMemoryCatalogue::row);
        } catch (BusyException e) {
            return Optional.of(Row.unreadable(candidate.name(), e.getMessage()));
        }
    }

    private static Row row(Candidate candidate, ArrayInfo array) {
        return new Row(
                Printable.of(candidate.name()),
                "array",
                Optional.of(new Row.Facts(
                        array.shape().toString(),
                        array.type().toString(),
                        Row.NONE,
                        Row.NONE,
                        String.valueOf(array.fileBytes()))),
                Row.NONE);
    }

    private static Row row(BlockInfo block) {
        return new Row(
                Printable.of(block.name()),
                BlockReport.kind(block),
                Optional.of(new Row.Facts(
                        String.valueOf(BlockReport.length(block)),
                        BlockReport.type(block),
                        Row.NONE,
                        Row.NONE,
                        String.valueOf(block.byteSize()))),
                Row.NONE
                        + block.warnings().stream()
                                .map(Row.WARNING_MARK::concat)
                                .collect(Collectors.joining()));
    }

    @Override
    public Optional<Map<String, Object>> json(Candidate candidate) {
        if (isStream(candidate)) {
            return streams.json(candidate);
        }
        try {
            Optional<ArrayInfo> array = array(candidate);
            return array.isPresent()
                    ? array.map(ArrayReport::json)
                    : block(candidate).map(BlockReport::json);
        } catch (BusyException e) {
            return Optional.of(Row.unreadableJson(candidate, Optional.empty(), e.getMessage()));
        }
    }

    private static Optional<ArrayInfo> array(Candidate candidate) {
        return ArrayInfo.detect(candidate.path());
    }

    private Optional<BlockInfo> block(Candidate candidate) {
        if (!listsBlocks) {
            return Optional.empty();
        }
        try {
            return Optional.of(BlockInfo.of(candidate.path()));
        } catch (ShmException e) {
            return Optional.empty(); // a directory, a link, a pipe, or an object removed meanwhile
        }
    }
}
