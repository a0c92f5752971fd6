package org.shmrt.relay.service;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.relay.NetKeywords;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.StreamDescription;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;

/**
 * The streams that a server offers: those of a directory, or some that the user named. A subscriber names a stream and
 * never a path, so it reaches no other file. Replicas of a directory are not offered: their machine offers the original.
 * Immutable.
 */
public final class Offer {
    private final Path directory;
    private final Map<String, Path> named;

    private Offer(Path directory, Map<String, Path> named) {
        this.directory = directory;
        this.named = named;
    }

    /** All streams of a directory, also those that appear later. */
    public static Offer ofDirectory(Path directory) {
        return new Offer(directory.toAbsolutePath().normalize(), Map.of());
    }

    /**
     * Some streams, which need not exist yet.
     *
     * @throws IllegalArgumentException if two of them have the same name
     */
    public static Offer ofStreams(List<Path> files) {
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            String name = StreamDirectory.name(file);
            StreamDescription.checkName(name);
            Path former = named.putIfAbsent(name, file);
            if (former != null && !former.equals(file)) {
                throw new IllegalArgumentException("cannot offer both " + FileNames.text(former) + " and "
                        + FileNames.text(file) + ": they have the same name; start another relay for one of them");
            }
        }
        return new Offer(null, Map.copyOf(named));
    }

    /** What is offered, for people. */
    public String description() {
        return directory != null
                ? "the streams of " + FileNames.text(directory)
                : String.join(", ", named.keySet().stream().sorted().toList());
    }

    /** The file of a stream; empty if it is not offered. */
    public Optional<Path> file(String name) {
        if (directory == null) {
            return Optional.ofNullable(named.get(name));
        }
        try {
            StreamDescription.checkName(name);
        } catch (IncompatibleException e) {
            return Optional.empty();
        }
        Path file = directory.resolve(name + StreamDirectory.SUFFIX);
        boolean isInside = directory.equals(file.getParent()) && Files.isRegularFile(file);
        return isInside ? Optional.of(file) : Optional.empty();
    }

    /** Descriptions of the streams that exist now and can be copied, sorted by name. */
    public List<StreamDescription> list() {
        List<StreamDescription> descriptions = new ArrayList<>();
        files().forEach((name, file) -> describe(name, file).ifPresent(descriptions::add));
        descriptions.sort((a, b) -> a.name().compareTo(b.name()));
        return List.copyOf(descriptions);
    }

    /** The description of one stream; empty if {@link #list} would not have it. */
    public Optional<StreamDescription> find(String name) {
        return Optional.ofNullable(files().get(name)).flatMap(file -> describe(name, file));
    }

    private Optional<StreamDescription> describe(String name, Path file) {
        try (ImageStream stream = ImageStream.open(file, Access.READ_ONLY)) {
            return directory == null || NetKeywords.of(stream).isEmpty()
                    ? Optional.of(SourceFeed.describe(name, stream))
                    : Optional.empty();
        } catch (ShmException e) {
            return Optional.empty(); // not a stream at present, or one that cannot be copied
        }
    }

    private Map<String, Path> files() {
        if (directory == null) {
            return named;
        }
        Map<String, Path> files = new LinkedHashMap<>();
        try {
            StreamDirectory.list(directory).forEach(file -> files.put(StreamDirectory.name(file), file));
        } catch (NotFoundException e) {
            return Map.of(); // it was removed, and may come back
        }
        return files;
    }
}
