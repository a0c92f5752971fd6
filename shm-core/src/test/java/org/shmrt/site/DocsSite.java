package org.shmrt.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Builds the site from the Markdown pages of the repository. */
public final class DocsSite {
    private static final List<String> ASSETS = List.of("site.css", "search.js");

    private final Path root;
    private final Path target;
    private final Contents contents;
    private final String template = resource("page.html");

    private DocsSite(Path root, Path target) throws IOException {
        this.root = root;
        this.target = target;
        this.contents = Contents.read(root);
    }

    /**
     * Builds the site, and fails if it has a broken link.
     *
     * @param arguments the root of the repository, and the folder of the site, which is replaced
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[1]);
        int pages = build(Path.of(arguments[0]), target);
        List<String> broken = LinkCheck.broken(target);
        broken.forEach(link -> System.err.println("broken link: " + link));
        System.out.println(
                pages + " pages: open " + target.resolve("index.html").toAbsolutePath());
        if (!broken.isEmpty()) {
            System.exit(1);
        }
    }

    /** Builds the site in a folder, which is replaced, and returns the number of pages. */
    static int build(Path root, Path target) throws IOException {
        return new DocsSite(root.toRealPath(), target).build();
    }

    private int build() throws IOException {
        deleteTree();
        List<Path> sources = contents.sources();
        Set<Path> pages = new HashSet<>(sources);
        SearchIndex index = new SearchIndex();
        Set<Path> files = new HashSet<>();
        for (int i = 0; i < sources.size(); i++) {
            Path source = sources.get(i);
            PageRenderer.Rendered page =
                    new PageRenderer(root, source, pages).render(Files.readString(root.resolve(source)));
            index.add(Contents.output(source), page);
            files.addAll(page.files());
            write(Contents.output(source), html(source, page, i));
        }
        for (Path file : files) {
            copy(file);
        }
        for (String asset : ASSETS) {
            write(Path.of(asset), resource(asset));
        }
        write(Path.of("search-index.js"), index.script());
        return sources.size();
    }

    private void deleteTree() throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(target)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void copy(Path file) throws IOException {
        if (!Files.isRegularFile(root.resolve(file))) {
            return; // a broken link, which is reported
        }
        Path to = target.resolve(PageRenderer.copy(file));
        Files.createDirectories(to.getParent());
        Files.copy(root.resolve(file), to, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(Path file, String text) throws IOException {
        Path to = target.resolve(file);
        Files.createDirectories(to.getParent());
        Files.writeString(to, text);
    }

    private String html(Path source, PageRenderer.Rendered page, int index) {
        List<Path> sources = contents.sources();
        String up = "../".repeat(Contents.output(source).getNameCount() - 1);
        return template.replace("{{title}}", escape(page.title()))
                .replace("{{up}}", up)
                .replace("{{contents}}", chapters(source, up))
                .replace("{{sections}}", sections(page))
                .replace("{{previous}}", index == 0 ? "" : neighbour("previous", sources.get(index - 1), up))
                .replace("{{next}}", index + 1 == sources.size() ? "" : neighbour("next", sources.get(index + 1), up))
                .replace("{{content}}", page.html());
    }

    private String chapters(Path current, String up) {
        StringBuilder html = new StringBuilder();
        for (Contents.Chapter chapter : contents.chapters()) {
            html.append("<h2>").append(escape(chapter.title())).append("</h2>\n<ul>\n");
            for (Contents.Entry entry : chapter.entries()) {
                html.append("<li><a href=\"")
                        .append(up)
                        .append(Contents.output(entry.source()))
                        .append(entry.source().equals(current) ? "\" aria-current=\"page\">" : "\">")
                        .append(escape(entry.title()))
                        .append("</a></li>\n");
            }
            html.append("</ul>\n");
        }
        return html.toString();
    }

    private static String sections(PageRenderer.Rendered page) {
        return page.sections().stream()
                .filter(section -> section.level() == 2)
                .map(section ->
                        "<li><a href=\"#" + section.anchor() + "\">" + escape(section.heading()) + "</a></li>\n")
                .collect(Collectors.joining());
    }

    private String neighbour(String relation, Path source, String up) {
        String title = contents.chapters().stream()
                .flatMap(chapter -> chapter.entries().stream())
                .filter(entry -> entry.source().equals(source))
                .map(Contents.Entry::title)
                .findFirst()
                .orElseThrow();
        return "<a class=\"" + relation + "\" href=\"" + up + Contents.output(source) + "\">" + escape(title) + "</a>";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = DocsSite.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
