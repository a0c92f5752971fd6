package org.shmrt.cli.show;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ways to draw in a terminal, with the names that the command line uses. */
enum Graphics {
    /** Kitty's graphics protocol. */
    KITTY,
    /** Sixels. */
    SIXEL,
    /** Half blocks in colours. */
    BLOCKS,
    /** ASCII characters. */
    TEXT;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Graphics> named(String label) {
        return Arrays.stream(values())
                .filter(graphics -> graphics.name().equalsIgnoreCase(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(Graphics::label).collect(Collectors.joining(", "));
    }

    /** Whether the terminal draws pixels. */
    boolean hasPixels() {
        return this == KITTY || this == SIXEL;
    }
}
