package org.shmrt.cli.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.shmrt.cli.stream.StreamReport;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.inspect.StreamSummary;

/** Image streams of every format: the files {@code NAME.im.shm} of a directory. */
final class StreamCatalogue implements Catalogue {
    private final StreamInspector inspector = StreamInspector.now();

    @Override
    public List<Candidate> candidates(Path directory) {
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : StreamDirectory.list(directory == null ? StreamDirectory.get() : directory)) {
            String name = file.getFileName().toString();
            candidates.add(new Candidate(name.substring(0, name.length() - StreamDirectory.SUFFIX.length()), file));
        }
        return candidates;
    }

    @Override
    public Row row(Candidate candidate) {
        try {
            StreamSummary seen = inspector.summary(candidate.path());
            List<String> notes = new ArrayList<>();
            notes.add(seen.writerPid() == 0 ? "-" : String.valueOf(seen.writerPid()));
            notes.addAll(seen.warnings());
            return new Row(
                    marked(candidate, !seen.target().equals(seen.path())),
                    seen.layout().format(),
                    seen.layout().shape().toString(),
                    seen.layout().type().toString(),
                    String.valueOf(seen.status().cnt0()),
                    StreamReport.shortAge(seen.ageSeconds()),
                    String.valueOf(seen.layout().fileBytes()),
                    String.join("; ", notes));
        } catch (ShmException e) {
            return isGone(candidate)
                    ? null
                    : Row.unreadable(marked(candidate, linkOrNull(candidate) != null), e.getMessage());
        }
    }

    @Override
    public Map<String, Object> json(Candidate candidate) {
        try {
            return StreamReport.json(inspector.info(candidate.path()));
        } catch (ShmException e) {
            return isGone(candidate) ? null : Row.unreadableJson(candidate, linkOrNull(candidate), e.getMessage());
        }
    }

    private static String marked(Candidate candidate, boolean isLink) {
        return candidate.name() + (isLink ? " (link)" : "");
    }

    /** Whether it was removed since its name was found; a link that leads nowhere is there. */
    private static boolean isGone(Candidate candidate) {
        return !FileId.exists(candidate.path());
    }

    private static String linkOrNull(Candidate candidate) {
        try {
            return Files.isSymbolicLink(candidate.path())
                    ? Files.readSymbolicLink(candidate.path()).toString()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
