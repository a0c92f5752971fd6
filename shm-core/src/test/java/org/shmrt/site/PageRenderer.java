package org.shmrt.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Renders one Markdown page, with anchors as GitHub names them, and links that lead to pages and files of the site. */
final class PageRenderer {
    /** Where files of the repository are that pages link to and that are not pages. */
    private static final Path FILES = Path.of("files");

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private final Path root;
    private final Path source;
    private final Set<Path> pages;
    private final List<Path> files = new ArrayList<>();

    /**
     * @param root the root of the repository
     * @param source the page, relative to it
     * @param pages all pages, relative to it
     */
    PageRenderer(Path root, Path source, Set<Path> pages) {
        this.root = root;
        this.source = source;
        this.pages = pages;
    }

    /**
     * A rendered page.
     *
     * @param title the text of its first heading
     * @param html its content
     * @param sections its sections; the first has the text before the first heading
     * @param files files of the repository that it needs, relative to the root
     */
    record Rendered(String title, String html, List<Section> sections, List<Path> files) {}

    /**
     * The text under one heading.
     *
     * @param level 1 for the page, 2 and more for its parts
     * @param heading text of the heading
     * @param anchor anchor of the heading
     * @param text the words, without markup
     */
    record Section(int level, String heading, String anchor, String text) {}

    Rendered render(String markdown) {
        Node document = PARSER.parse(markdown);
        Map<Node, String> anchors = new HashMap<>();
        List<Section> sections = sections(document, anchors);
        document.accept(new Rewriter());
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(List.of(TablesExtension.create()))
                .attributeProviderFactory(context -> (node, tag, attributes) -> {
                    if (anchors.containsKey(node)) {
                        attributes.put("id", anchors.get(node));
                    }
                })
                .build();
        String html = renderer.render(document)
                .replace("<table>", "<div class=\"table\"><table>")
                .replace("</table>", "</table></div>");
        String title = sections.stream()
                .map(Section::heading)
                .filter(heading -> !heading.isEmpty())
                .findFirst()
                .orElse(source.toString());
        return new Rendered(title, html, sections, files);
    }

    private static List<Section> sections(Node document, Map<Node, String> anchors) {
        List<Section> sections = new ArrayList<>();
        Map<String, Integer> used = new HashMap<>();
        int level = 1;
        String heading = "";
        String anchor = "";
        StringBuilder text = new StringBuilder();
        for (Node block = document.getFirstChild(); block != null; block = block.getNext()) {
            if (block instanceof Heading next) {
                if (!heading.isEmpty() || !text.isEmpty()) {
                    sections.add(new Section(level, heading, anchor, text.toString()));
                }
                text.setLength(0);
                level = next.getLevel();
                heading = text(next).strip();
                anchor = unique(slug(heading), used);
                anchors.put(next, anchor);
            } else {
                text.append(text(block)).append(' ');
            }
        }
        sections.add(new Section(level, heading, anchor, text.toString()));
        return sections;
    }

    /** The anchor of a heading, as GitHub makes it. */
    static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String unique(String slug, Map<String, Integer> used) {
        int before = used.merge(slug, 1, Integer::sum) - 1;
        return before == 0 ? slug : slug + "-" + before;
    }

    private static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(FencedCodeBlock part) {
                text.append(part.getLiteral()).append(' ');
            }

            @Override
            public void visit(IndentedCodeBlock part) {
                text.append(part.getLiteral()).append(' ');
            }

            @Override
            public void visit(SoftLineBreak part) {
                text.append(' ');
            }

            @Override
            public void visit(HardLineBreak part) {
                text.append(' ');
            }

            @Override
            public void visit(Paragraph part) {
                visitChildren(part);
                text.append(' ');
            }

            @Override
            public void visit(CustomNode part) {
                visitChildren(part);
                text.append(' ');
            }

            @Override
            public void visit(CustomBlock part) {
                visitChildren(part);
                text.append(part instanceof TableBlock ? " " : "");
            }
        });
        return text.toString();
    }

    /** Lets links and pictures lead to files of the site. */
    private final class Rewriter extends AbstractVisitor {
        @Override
        public void visit(Link link) {
            visitChildren(link);
            String target = target(link.getDestination());
            if (target.isEmpty()) {
                unwrap(link);
            } else {
                link.setDestination(target);
            }
        }

        @Override
        public void visit(Image image) {
            visitChildren(image);
            image.setDestination(target(image.getDestination()));
        }
    }

    /** Replaces a link to a folder, which the site does not have, by its text. */
    private static void unwrap(Link link) {
        Node child = link.getFirstChild();
        while (child != null) {
            Node next = child.getNext();
            link.insertBefore(child);
            child = next;
        }
        link.unlink();
    }

    private String target(String destination) {
        if (destination.matches("[a-z]+:.*") || destination.startsWith("#")) {
            return destination;
        }
        String path = destination.replaceFirst("#.*", "");
        String anchor = destination.substring(path.length());
        Path file = source.resolveSibling(path).normalize();
        if (Files.isDirectory(root.resolve(file))) {
            file = file.resolve("README.md");
            if (!pages.contains(file)) {
                return "";
            }
        }
        Path output = pages.contains(file) ? Contents.output(file) : copied(file);
        Path here = Contents.output(source).getParent();
        return (here == null ? output : here.relativize(output)) + anchor;
    }

    private Path copied(Path file) {
        files.add(file);
        return copy(file);
    }

    /** The file of the site for a file of the repository. Browsers show text files, and load others, such as Java. */
    static Path copy(Path file) {
        String name = file.getFileName().toString();
        return FILES.resolve(file).resolveSibling(name.matches(".*\\.(png|svg|txt|json|html)") ? name : name + ".txt");
    }
}
