package org.shmrt.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files in which Linux shows its state, {@code /proc} and {@code /sys}, below a root. A file that is absent, hidden
 * or unreadable gives an empty result and never an exception: kernels and containers show different ones. Immutable.
 */
public final class SystemFiles {
    private static final int MAX_BYTES = 8 << 20;

    private final Path root;

    private SystemFiles(Path root) {
        this.root = root;
    }

    /** The files of this machine. */
    public static SystemFiles local() {
        return new SystemFiles(Path.of("/"));
    }

    /** Files below another root, laid out as on a machine. */
    public static SystemFiles below(Path root) {
        return new SystemFiles(root);
    }

    /** The place of a file below the root. */
    public Path resolve(String path) {
        return root.resolve(path.startsWith("/") ? path.substring(1) : path);
    }

    /** Whether there is a file or directory. */
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    /** The whole text without white space at both ends; empty if it cannot be read. */
    public Optional<String> text(String path) {
        try (InputStream in = Files.newInputStream(resolve(path))) {
            // Names of processes may contain any bytes.
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).strip());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The lines; none if it cannot be read. */
    public List<String> lines(String path) {
        return text(path).filter(text -> !text.isEmpty()).stream()
                .flatMap(String::lines)
                .toList();
    }

    /** A decimal number; empty if it cannot be read or is something else. */
    public OptionalLong number(String path) {
        return text(path).map(SystemFiles::parse).orElse(OptionalLong.empty());
    }

    /** The target of a symbolic link. */
    public Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(resolve(path)).toString());
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The names in a directory, sorted; none if it cannot be read. */
    public List<String> names(String directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(resolve(directory))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException | DirectoryIteratorException e) {
            // what was read so far is used
        }
        names.sort(null);
        return names;
    }

    /** The names in a directory that are decimal numbers, in ascending order. */
    public List<Integer> numbers(String directory) {
        return names(directory).stream()
                .filter(name -> name.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    /** The value of a line {@code KEY: VALUE}, as in {@code /proc/self/status}. */
    public Optional<String> field(String path, String key) {
        return lines(path).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }

    /** A decimal number; empty if the text is something else. */
    public static OptionalLong parse(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
