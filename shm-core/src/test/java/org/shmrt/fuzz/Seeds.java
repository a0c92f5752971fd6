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

/** Initial inputs from the test resources. */
public final class Seeds {
    private Seeds() {}

    /** The files of a resource folder with a prefix in their names and up to a length. */
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

    /** Decodes an input as text, which never fails. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
