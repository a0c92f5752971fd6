package org.shmrt.site;

import com.google.gson.Gson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of all sections, as a script: a page that was opened from a file may load scripts, but no other files. The
 * page's {@code search.js} searches in it.
 */
final class SearchIndex {
    private final List<List<String>> sections = new ArrayList<>();

    /** Adds the sections of a page. */
    void add(Path output, PageRenderer.Rendered page) {
        for (PageRenderer.Section section : page.sections()) {
            String anchor = section.level() == 1 ? "" : "#" + section.anchor();
            sections.add(List.of(
                    page.title(),
                    section.level() == 1 ? "" : section.heading(),
                    output + anchor,
                    section.text().replaceAll("\\s+", " ").strip()));
        }
    }

    String script() {
        return "window.SECTIONS = " + new Gson().toJson(sections) + ";\n";
    }
}
