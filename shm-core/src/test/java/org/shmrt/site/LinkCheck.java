package org.shmrt.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds links of a site that lead to no file, or to no anchor of a page. */
final class LinkCheck {
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]*)\"");

    private final Path site;
    private final Map<Path, Set<String>> anchors = new HashMap<>();

    private LinkCheck(Path site) {
        this.site = site;
    }

    /** A line for each broken link: the page and where the link leads. */
    static List<String> broken(Path site) throws IOException {
        LinkCheck check = new LinkCheck(site);
        List<String> broken = new ArrayList<>();
        try (Stream<Path> files = Files.walk(site)) {
            for (Path page : files.filter(file -> file.toString().endsWith(".html"))
                    .sorted()
                    .toList()) {
                Matcher links = LINK.matcher(Files.readString(page));
                while (links.find()) {
                    if (!check.leadsSomewhere(page, links.group(1).replace("&amp;", "&"))) {
                        broken.add(site.relativize(page) + " -> " + links.group(1));
                    }
                }
            }
        }
        return broken;
    }

    private boolean leadsSomewhere(Path page, String link) throws IOException {
        if (link.matches("(https?|mailto|data):.*")) {
            return true;
        }
        String path = link.replaceFirst("#.*", "");
        Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (!file.startsWith(site) || !Files.isRegularFile(file)) {
            return false;
        }
        String anchor = link.substring(path.length());
        return anchor.length() <= 1 || anchors(file).contains(anchor.substring(1));
    }

    private Set<String> anchors(Path page) throws IOException {
        Set<String> known = anchors.get(page);
        if (known == null) {
            known = new HashSet<>();
            Matcher ids = ID.matcher(Files.readString(page));
            while (ids.find()) {
                known.add(ids.group(1));
            }
            anchors.put(page, known);
        }
        return known;
    }
}
