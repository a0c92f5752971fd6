package org.shmrt.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Inputs to start from, from the test resources. */
public final class Seeds {
    private Seeds() {}

    /** The files of a resource folder whose names begin with a prefix, up to a length. */
    public static List<byte[]> files(String folder, String prefix, int mostBytes) {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(Path.of(Seeds.class.getResource(folder).toURI()))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix)
                        && !name.endsWith(".json")
                        && Files.isRegularFile(file)
                        && Files.size(file) <= mostBytes) {
                    seeds.add(Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("no files " + folder + "/" + prefix + "*");
        }
        return seeds;
    }

    /** Texts as inputs. */
    public static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** An input as text; every input is one. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
