package org.shmrt.cli.top;

import java.util.List;
import org.shmrt.screen.Key;
import org.shmrt.screen.Screen;
import org.shmrt.screen.Style;

/** Lines of text that can be scrolled. For one thread. */
final class TextPage {
    private int first;
    /** The end was asked for: the page stays there while its text grows. */
    private boolean isAtEnd;

    /** Draws the lines above the last row of the screen, which is for keys. */
    void draw(Screen screen, List<String> lines, String footer) {
        int height = Math.max(1, screen.height() - 1);
        int last = Math.max(0, lines.size() - height);
        first = isAtEnd ? last : Math.clamp(first, 0, last);
        for (int i = 0; i < height && first + i < lines.size(); i++) {
            Style style = first + i == 0 ? Style.BOLD : Style.PLAIN;
            screen.put(i, 0, screen.glyphs().fit(lines.get(first + i), screen.width()), style);
        }
        int hidden = Math.max(0, lines.size() - first - height);
        String text = footer + (hidden > 0 ? "   " + hidden + " more below" : "");
        screen.put(screen.height() - 1, 0, screen.glyphs().fit(text, screen.width()), Style.DIM);
    }

    /** Scrolls if the key asks for it. */
    void scroll(Key key, int height) {
        int page = Math.max(1, height - 2);
        switch (key.name()) {
            case UP -> scrollTo(first - 1);
            case DOWN -> scrollTo(first + 1);
            case PAGE_UP -> scrollTo(first - page);
            case PAGE_DOWN -> scrollTo(first + page);
            case HOME -> scrollTo(0);
            case END -> isAtEnd = true;
            default -> {
                // not a key of this page
            }
        }
    }

    private void scrollTo(int line) {
        first = Math.max(0, line);
        isAtEnd = false;
    }
}
