package org.shmrt.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order of the pages, from {@code contents.md}: a heading of the second level for each chapter, and below it a list
 * of links. Pages of the documentation that it does not name follow in a last chapter.
 *
 * @param chapters in order
 */
record Contents(List<Chapter> chapters) {
    /** The start page, in the root of the repository. */
    static final Path START = Path.of("README.md");

    private static final Path DOCS = Path.of("shm-core/docs");
    private static final Path FILE = DOCS.resolve("contents.md");
    private static final Pattern ENTRY = Pattern.compile("- \\[(.*?)\\]\\((.*?)\\).*");
    private static final String REST = "More pages";

    /**
     * Some pages with a common title.
     *
     * @param title of the chapter
     * @param entries its pages, in order
     */
    record Chapter(String title, List<Entry> entries) {}

    /**
     * A page.
     *
     * @param title as in the contents
     * @param source the Markdown file, relative to the root of the repository
     */
    record Entry(String title, Path source) {}

    static Contents read(Path root) throws IOException {
        List<Chapter> chapters = new ArrayList<>();
        chapters.add(new Chapter("ShmRT", List.of(new Entry("ShmRT", START))));
        for (String line : Files.readAllLines(root.resolve(FILE))) {
            Matcher entry = ENTRY.matcher(line);
            if (line.startsWith("## ")) {
                chapters.add(new Chapter(line.substring(3).strip(), new ArrayList<>()));
            } else if (entry.matches()) {
                chapters.getLast()
                        .entries()
                        .add(new Entry(
                                entry.group(1), DOCS.resolve(entry.group(2)).normalize()));
            }
        }
        Contents named = new Contents(chapters);
        List<Entry> rest = named.unnamed(root);
        if (!rest.isEmpty()) {
            chapters.add(new Chapter(REST, rest));
        }
        return named;
    }

    private List<Entry> unnamed(Path root) throws IOException {
        List<Path> known = new ArrayList<>(sources());
        known.add(FILE);
        try (Stream<Path> files = Files.walk(root.resolve(DOCS))) {
            return files.map(root::relativize)
                    .filter(file -> file.toString().endsWith(".md") && !known.contains(file))
                    .sorted()
                    .map(file -> new Entry(file.getFileName().toString().replaceFirst("\\.md$", ""), file))
                    .toList();
        }
    }

    /** All pages, in order. */
    List<Path> sources() {
        return chapters.stream()
                .flatMap(chapter -> chapter.entries().stream())
                .map(Entry::source)
                .toList();
    }

    /** The file of the site for a page. */
    static Path output(Path source) {
        if (source.equals(START)) {
            return Path.of("index.html");
        }
        Path below = source.startsWith(DOCS) ? DOCS.relativize(source) : source;
        String name = below.getFileName().toString();
        return below.resolveSibling(name.equals("README.md") ? "index.html" : name.replaceFirst("\\.md$", ".html"));
    }
}
