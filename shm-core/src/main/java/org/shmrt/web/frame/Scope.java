package org.shmrt.web.frame;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.NotFoundException;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;

/**
 * The streams that are shown: those of a directory, or some that the user named. A viewer names a stream and never a
 * path, so it reaches no other file. Immutable.
 */
public final class Scope {
    private final Path directory;
    private final Map<String, Path> named;

    private Scope(Path directory, Map<String, Path> named) {
        this.directory = directory;
        this.named = named;
    }

    /** All streams of a directory, also those that appear later. */
    public static Scope ofDirectory(Path directory) {
        return new Scope(directory, Map.of());
    }

    /**
     * Some streams, which need not exist yet.
     *
     * @throws IllegalArgumentException if two of them have the same name
     */
    public static Scope ofStreams(List<Path> files) {
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            Path former = named.putIfAbsent(name(file), file);
            if (former != null && !former.equals(file)) {
                throw new IllegalArgumentException("cannot show both " + FileNames.text(former) + " and "
                        + FileNames.text(file) + ": they have the same name; start another shm view for one of them");
            }
        }
        Path parent = files.getFirst().toAbsolutePath().getParent();
        return new Scope(parent, named);
    }

    private static String name(Path file) {
        String text = FileNames.text(file.getFileName());
        return text.endsWith(StreamDirectory.SUFFIX)
                ? text.substring(0, text.length() - StreamDirectory.SUFFIX.length())
                : text;
    }

    /** The directory, or that of the first stream. */
    public Path directory() {
        return directory;
    }

    /** What is shown, for people. */
    public String description() {
        return named.isEmpty() ? "the streams of " + FileNames.text(directory) : String.join(", ", named.keySet());
    }

    /** The names of the streams now with their files, sorted by name if it is a directory. */
    Map<String, Path> files() {
        if (!named.isEmpty()) {
            return named;
        }
        Map<String, Path> files = new LinkedHashMap<>();
        try {
            for (Path file : StreamDirectory.list(directory)) {
                files.put(name(file), file);
            }
        } catch (NotFoundException e) {
            return Map.of(); // it was removed, and may come back
        }
        return files;
    }

    /** The file of a name; empty if no stream can have it. */
    Optional<Path> file(String name) {
        if (!named.isEmpty()) {
            return Optional.ofNullable(named.get(name));
        }
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        Path file = FileNames.parse(directory, name + StreamDirectory.SUFFIX);
        return directory.equals(file.getParent()) ? Optional.of(file) : Optional.empty();
    }
}
