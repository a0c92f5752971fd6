package org.shmrt.cli.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.cli.report.Age;
import org.shmrt.cli.report.StreamJson;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.inspect.StreamSummary;
import org.shmrt.text.FileNames;

/** Image streams of every format: the files {@code NAME.im.shm} of a directory. */
final class StreamCatalogue implements Catalogue {
    private final Optional<Path> directory;
    /** Null until a stream is examined: the kernel takes milliseconds to list its locks. */
    private StreamInspector inspector;

    /** {@code directory} is empty for the stream directory. */
    StreamCatalogue(Optional<Path> directory) {
        this.directory = directory;
    }

    @Override
    public List<Candidate> candidates() {
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : StreamDirectory.list(directory.orElseGet(StreamDirectory::get))) {
            String name = FileNames.text(file.getFileName());
            candidates.add(new Candidate(name.substring(0, name.length() - StreamDirectory.SUFFIX.length()), file));
        }
        return candidates;
    }

    private synchronized StreamInspector inspector() {
        if (inspector == null) {
            inspector = StreamInspector.now();
        }
        return inspector;
    }

    @Override
    public Optional<Row> row(Candidate candidate) {
        try {
            return Optional.of(row(candidate, inspector().summary(candidate.path())));
        } catch (ShmException e) {
            return exists(candidate)
                    ? Optional.of(Row.unreadable(
                            link(candidate).isPresent() ? linkLabel(candidate) : candidate.name(), e.getMessage()))
                    : Optional.empty();
        }
    }

    private static Row row(Candidate candidate, StreamSummary summary) {
        List<String> notes = new ArrayList<>();
        notes.add(summary.writerPid() == 0 ? Row.NONE : String.valueOf(summary.writerPid()));
        summary.unusualVariant().ifPresent(variant -> notes.add(variant + " layout"));
        summary.replica().ifPresent(replica -> notes.add(replica.text()));
        notes.addAll(summary.warnings());
        return new Row(
                summary.target().equals(summary.path()) ? candidate.name() : linkLabel(candidate),
                summary.layout().format(),
                Optional.of(new Row.Facts(
                        summary.layout().shape().toString(),
                        summary.layout().type().toString(),
                        Long.toUnsignedString(summary.status().cnt0()),
                        Age.text(summary.ageSeconds()),
                        String.valueOf(summary.layout().fileBytes()))),
                String.join(Row.WARNING_MARK, notes));
    }

    @Override
    public Optional<Map<String, Object>> json(Candidate candidate) {
        try {
            return Optional.of(StreamJson.of(inspector().info(candidate.path())));
        } catch (ShmException e) {
            return exists(candidate)
                    ? Optional.of(Row.unreadableJson(candidate, link(candidate), e.getMessage()))
                    : Optional.empty();
        }
    }

    private static String linkLabel(Candidate candidate) {
        return candidate.name() + " (link)";
    }

    /** Whether it was not removed since the directory was read; true for a link without a target. */
    private static boolean exists(Candidate candidate) {
        return FileId.exists(candidate.path());
    }

    /** The text stored in a link; empty for a file. */
    private static Optional<String> link(Candidate candidate) {
        try {
            return Files.isSymbolicLink(candidate.path())
                    ? Optional.of(FileNames.text(Files.readSymbolicLink(candidate.path())))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
