package org.shmrt.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.process.ChildProcess;

/** The site of the documentation: all pages, no broken link, and a search that finds. */
@Timeout(600)
class DocsSiteTest {
    private static final Path ROOT = Path.of("..");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    @TempDir
    private Path directory;

    private Path site;

    private void build() throws IOException {
        site = directory.resolve("site");
        DocsSite.build(ROOT, site);
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve(".github/CONTRIBUTING.md")));
        for (String folder : List.of("shm-core/docs", "shm-core/docs/decisions", "shm-bench/docs")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }

    @Test
    void shouldHaveEveryPageAndNoBrokenLink() throws IOException {
        build();

        assertEquals(List.of(), LinkCheck.broken(site));
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            for (Path page :
                    files.filter(file -> file.toString().endsWith(".md")).toList()) {
                String name = page.getFileName().toString().replace(".md", ".html");
                assertTrue(name.equals("contents.html") || Files.exists(site.resolve(name)), name);
            }
        }
        String start = Files.readString(site.resolve("index.html"));
        assertTrue(start.contains("<a href=\"quick-start.html\">"), "the chapters");
        assertTrue(Files.readString(site.resolve("decisions/index.html")).contains("href=\"../site.css\""));
    }

    @Test
    void shouldFindBrokenLinksAndAnchors() throws IOException {
        site = Files.createDirectory(directory.resolve("site"));
        Files.writeString(
                site.resolve("a.html"),
                "<h2 id=\"here\"></h2><a href=\"b.html#there\"> <a href=\"#here\"> <a href=\"https://x\"> <img"
                        + " src=\"c.png\"> <a href=\"../outside.html\">");
        Files.writeString(site.resolve("b.html"), "<a href=\"a.html#here\"> <a href=\"a.html#nowhere\">");

        assertEquals(
                Set.of(
                        "a.html -> b.html#there",
                        "a.html -> c.png",
                        "a.html -> ../outside.html",
                        "b.html -> a.html#nowhere"),
                Set.copyOf(LinkCheck.broken(site)));
    }

    @Test
    void shouldRenderAnchorsLinksAndTables() throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("shm-core/docs"));
        Files.createDirectories(root.resolve("src"));
        Path page = Path.of("shm-core/docs/a.md");

        PageRenderer.Rendered rendered =
                new PageRenderer(root, page, Set.of(page, Path.of("shm-core/docs/b.md"), Contents.START)).render("""
                    # The `shm` command

                    See [b](b.md#part-2), [start](../../README.md), [code](../../src/A.java), [folder](../../src).

                    ## Part 2: more & more

                    | a | b |
                    |---|---|
                    | 1 | 2 \\| 3 |

                    ## Part 2: more & more
                    """);

        assertEquals("The shm command", rendered.title());
        assertTrue(rendered.html().contains("<a href=\"b.html#part-2\">b</a>"), rendered.html());
        assertTrue(rendered.html().contains("<a href=\"index.html\">start</a>"), rendered.html());
        assertTrue(rendered.html().contains("<a href=\"files/src/A.java.txt\">code</a>"), rendered.html());
        assertTrue(rendered.html().contains(", folder."), rendered.html());
        assertTrue(rendered.html().contains("<td>2 | 3</td>"), rendered.html());
        assertEquals(
                List.of("the-shm-command", "part-2-more--more", "part-2-more--more-1"),
                rendered.sections().stream().map(PageRenderer.Section::anchor).toList());
        assertTrue(rendered.sections().get(1).text().replaceAll("\\s+", " ").contains("a b 1 2 | 3"));
        assertEquals(List.of(Path.of("src/A.java")), rendered.files());
    }

    @Test
    void shouldHaveTablesAndHeadingsThatEveryRendererUnderstands() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path page : pages()) {
            MarkdownForm.check(page, Files.readAllLines(page)).forEach(faults::add);
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void shouldNoticeBrokenTablesAndHeadings() {
        List<String> broken =
                List.of("# T", "", "text", "## A", "", "| a | b |", "|---|---|", "| 1 | 2 |", "| 3 |", "end");

        List<String> faults = MarkdownForm.check(Path.of("x.md"), broken);

        assertEquals(
                List.of(
                        "x.md:4: a heading needs an empty line before and after it",
                        "x.md:9: this row has 1 cell, the first row of the table has 2",
                        "x.md:10: a table ends with an empty line"),
                faults);
        assertFalse(faults.isEmpty());
    }

    @Test
    @Tag("slow")
    void shouldSearchInABrowser() throws IOException {
        assumeTrue(Files.isExecutable(CHROMIUM), "needs the package chromium");
        build();

        String found = browse("index.html?q=native+access+warning");
        String below = browse("decisions/index.html?q=unnamed");

        assertTrue(found.contains("Results for “native access warning”"), found);
        assertTrue(found.matches("(?s).*<li><a href=\"faq\\.html#.*"), found);
        assertTrue(below.matches("(?s).*Results for “unnamed”.*<li><a href=\"\\.\\./decisions/0010.*"), below);
        assertTrue(browse("index.html?q=xyzzyx").contains("Nothing found"));
    }

    /** The page as the browser shows it after its scripts have run. */
    private String browse(String address) {
        List<String> command = List.of(
                CHROMIUM.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--virtual-time-budget=20000",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom",
                site.toUri() + address);
        try (ChildProcess browser =
                ChildProcess.builder(command).silenceTimeoutNs(180_000_000_000L).start()) {
            return String.join("\n", browser.finish());
        }
    }
}
