package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FilePrefix;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.milk.MilkDescriptor.Variant;
import org.shmrt.text.FixedText;

/**
 * The version and the build of milk's library for which a stream is created. ImageStreamIO 2.00 and 2.01 have the same
 * layout and refuse each other's files, so a stream must have the version that the programs of its machine use: the one
 * that the specification names, else the one that the environment names, else that of the streams in its directory, else
 * 2.00.
 *
 * @param version version text
 * @param variant build of the library
 */
record MilkLayoutChoice(String version, Variant variant) {
    /** Name of the environment variable with the layout of streams whose creator names none. */
    static final String VARIABLE = "SHMRT_MILK_LAYOUT";

    private static final List<String> VERSIONS =
            List.of(MilkDescriptor.VERSION_TEXT, MilkDescriptor.NEWER_VERSION_TEXT);
    private static final String NEIGHBOURS = "*.im.shm";
    /** A directory can contain thousands of streams, and their programs usually use one version. */
    private static final int MAX_NEIGHBOURS = 16;

    private static final int HEAD_BYTES = MilkDescriptor.CREATION_TIME + 2 * Long.BYTES;
    private static final long NS_PER_S = 1_000_000_000L;

    /**
     * Chooses the layout.
     *
     * @param environment value of the variable; an empty text counts as none
     * @throws IllegalArgumentException if there is no such layout
     */
    static MilkLayoutChoice of(Path path, StreamSpec spec, Optional<String> environment) {
        if (spec.variant() != null) {
            return named(spec.variant(), "");
        }
        Optional<String> fromEnvironment = environment.filter(text -> !text.isEmpty());
        if (fromEnvironment.isPresent()) {
            return named(fromEnvironment.get(), ", which " + VARIABLE + " names");
        }
        return new MilkLayoutChoice(versionOfNeighbours(path), Variant.DEFAULT);
    }

    /**
     * The layout of a name.
     *
     * @param source who names it, as a part of the message
     */
    static MilkLayoutChoice named(String label, String source) {
        List<String> labels = new ArrayList<>();
        for (String version : VERSIONS) {
            for (Variant variant : Variant.values()) {
                labels.add(version + variant.suffix);
                if (label.equals(labels.getLast())) {
                    return new MilkLayoutChoice(version, variant);
                }
            }
        }
        throw new IllegalArgumentException(
                "milk has no layout '" + label + "'" + source + ": choose one of " + String.join(", ", labels));
    }

    /** The version of the stream that was created last, of some streams in the same directory. */
    private static String versionOfNeighbours(Path path) {
        String found = MilkDescriptor.VERSION_TEXT;
        long foundNs = Long.MIN_VALUE;
        int examined = 0;
        Path directory = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, NEIGHBOURS)) {
            for (Path file : files) {
                Optional<Neighbour> neighbour = Neighbour.of(file);
                if (neighbour.isPresent() && neighbour.get().createdNs > foundNs) {
                    found = neighbour.get().version;
                    foundNs = neighbour.get().createdNs;
                }
                examined++;
                if (examined == MAX_NEIGHBOURS) {
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The directory is missing or may not be read; creating the file will report it.
        }
        return found;
    }

    /**
     * A stream in the same directory.
     *
     * @param version its version text, one of those that ShmRT creates
     * @param createdNs when it was created
     */
    private record Neighbour(String version, long createdNs) {
        static Optional<Neighbour> of(Path file) {
            MemorySegment bytes = MemorySegment.ofArray(new byte[HEAD_BYTES]);
            try {
                if (FilePrefix.read(file, bytes) < HEAD_BYTES) {
                    return Optional.empty();
                }
            } catch (ShmException e) {
                // It was removed meanwhile, is a pipe, may not be read, or another user has a lease on it.
                return Optional.empty();
            }
            String version = FixedText.get(bytes, 0, MilkDescriptor.VERSION_BYTES);
            long createdNs = bytes.get(JAVA_LONG_UNALIGNED, MilkDescriptor.CREATION_TIME) * NS_PER_S
                    + bytes.get(JAVA_LONG_UNALIGNED, MilkDescriptor.CREATION_TIME + Long.BYTES);
            return VERSIONS.contains(version) ? Optional.of(new Neighbour(version, createdNs)) : Optional.empty();
        }
    }
}
