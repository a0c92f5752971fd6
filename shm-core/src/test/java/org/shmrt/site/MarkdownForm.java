package org.shmrt.site;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks what renderers of Markdown treat differently: the rows of tables, and the lines around headings and tables. */
final class MarkdownForm {
    private static final String FENCE = "```";

    private final Path page;
    private final List<String> lines;
    private final List<String> faults = new ArrayList<>();

    private MarkdownForm(Path page, List<String> lines) {
        this.page = page;
        this.lines = lines;
    }

    /** A line for each fault. */
    static List<String> check(Path page, List<String> lines) {
        MarkdownForm form = new MarkdownForm(page, lines);
        form.check();
        return form.faults;
    }

    private void check() {
        boolean code = false;
        int columns = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.strip().startsWith(FENCE)) {
                code = !code;
            } else if (!code) {
                if (line.matches("#{1,6} .*") && !(isEmpty(i - 1) && isEmpty(i + 1))) {
                    fault(i, "a heading needs an empty line before and after it");
                }
                if (line.startsWith("|")) {
                    int cells = cells(line);
                    columns = columns == 0 ? cells : columns;
                    if (cells != columns) {
                        fault(
                                i,
                                "this row has " + cells + (cells == 1 ? " cell" : " cells")
                                        + ", the first row of the table has " + columns);
                    }
                } else {
                    if (columns != 0 && !line.isBlank()) {
                        fault(i, "a table ends with an empty line");
                    }
                    columns = 0;
                }
            }
        }
    }

    private boolean isEmpty(int index) {
        return index < 0 || index >= lines.size() || lines.get(index).isBlank();
    }

    private static int cells(String row) {
        String inner = row.replace("\\|", "").strip();
        inner = inner.substring(1, inner.endsWith("|") ? inner.length() - 1 : inner.length());
        return inner.length() - inner.replace("|", "").length() + 1;
    }

    private void fault(int index, String text) {
        faults.add(page.getFileName() + ":" + (index + 1) + ": " + text);
    }
}
