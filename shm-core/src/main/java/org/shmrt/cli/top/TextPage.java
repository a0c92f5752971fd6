package org.shmrt.cli.top;

import java.util.List;
import org.shmrt.screen.Key;
import org.shmrt.screen.Screen;
import org.shmrt.screen.Style;

/** Lines of text that can be scrolled. For one thread. */
final class TextPage {
    private int first;

    /** Draws the lines above the last row of the screen, which is for keys. */
    void draw(Screen screen, List<String> lines, String footer) {
        int height = Math.max(1, screen.height() - 1);
        first = Math.clamp(first, 0, Math.max(0, lines.size() - height));
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
            case UP -> first--;
            case DOWN -> first++;
            case PAGE_UP -> first -= page;
            case PAGE_DOWN -> first += page;
            case HOME -> first = 0;
            case END -> first = Integer.MAX_VALUE - page;
            default -> {
                // not a key of this page
            }
        }
        first = Math.max(0, first);
    }
}
