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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.block.PythonStreamInfo;
import org.shmrt.cli.report.Age;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.cli.report.PythonStreamReport;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
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
                if (!name.startsWith(SEMAPHORE_PREFIX) && !name.startsWith(HIDDEN_PREFIX) && isListed(name)) {
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

    private boolean isListed(String name) {
        return !name.endsWith(StreamDirectory.SUFFIX) || (listsStreams && StreamDirectory.isStreamName(name));
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
            return examine(
                    candidate, array -> row(candidate, array), SharedMemoryCatalogue::row, SharedMemoryCatalogue::row);
        } catch (BusyException | IncompatibleException e) {
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

    private static Row row(PythonStreamInfo stream) {
        return new Row(
                Printable.of(stream.name()),
                stream.kind().word(),
                Optional.of(new Row.Facts(
                        stream.shape().toString(),
                        stream.type().toString(),
                        Long.toUnsignedString(stream.count()),
                        Age.text(stream.ageSeconds()),
                        String.valueOf(stream.frameBytes()))),
                notes(PythonStreamReport.warnings(stream)));
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
                notes(block.warnings()));
    }

    /** The last column of an object whose writer is unknown. */
    private static String notes(List<String> warnings) {
        return Row.NONE + warnings.stream().map(Row.WARNING_MARK::concat).collect(Collectors.joining());
    }

    @Override
    public Optional<Map<String, Object>> json(Candidate candidate) {
        if (isStream(candidate)) {
            return streams.json(candidate);
        }
        try {
            return examine(candidate, ArrayReport::json, PythonStreamReport::json, BlockReport::json);
        } catch (BusyException | IncompatibleException e) {
            return Optional.of(Row.unreadableJson(candidate, Optional.empty(), e.getMessage()));
        }
    }

    /** Reports an object of the first kind that it has; empty if it has none of those that are listed. */
    private <T> Optional<T> examine(
            Candidate candidate,
            Function<ArrayInfo, T> ofArray,
            Function<PythonStreamInfo, T> ofStream,
            Function<BlockInfo, T> ofBlock) {
        Optional<ArrayInfo> array = ArrayInfo.detect(candidate.path());
        if (array.isPresent()) {
            return array.map(ofArray);
        }
        Optional<PythonStreamInfo> stream = pythonStream(candidate);
        return stream.isPresent() ? stream.map(ofStream) : block(candidate).map(ofBlock);
    }

    /** Throws IncompatibleException for an unknown version. */
    private Optional<PythonStreamInfo> pythonStream(Candidate candidate) {
        try {
            return listsBlocks ? PythonStreamInfo.detect(candidate.path()) : Optional.empty();
        } catch (NotFoundException | AccessDeniedException e) {
            return Optional.empty(); // removed meanwhile, or only a block to this user
        }
    }

    private Optional<BlockInfo> block(Candidate candidate) {
        if (!listsBlocks || PythonStreamInfo.isPart(candidate.path())) {
            return Optional.empty();
        }
        try {
            return Optional.of(BlockInfo.of(candidate.path()));
        } catch (ShmException e) {
            return Optional.empty(); // a directory, a link, a pipe, or an object removed meanwhile
        }
    }
}
