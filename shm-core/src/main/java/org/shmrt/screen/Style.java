package org.shmrt.screen;

/**
 * How a cell looks. Colours have a meaning each; without colours, the text itself must say the same.
 */
public enum Style {
    PLAIN("0", "0"),
    BOLD("0;1", "0;1"),
    DIM("0;2", "0;2"),
    /** Titles of columns. */
    TITLE("0;7", "0;7"),
    /** The row that keys act on. */
    SELECTED("0;1;7", "0;1;7"),
    /** Frames arrive. */
    FRESH("0;32", "0"),
    /** Frames should have arrived. */
    LATE("0;33", "0;1"),
    /** Frames or steps were lost. */
    LOST("0;35", "0;1"),
    /** The writer or the loop was killed, or the object cannot be read. */
    DEAD("0;31", "0;1");

    /** Whether colours are written. */
    public enum Palette {
        COLOUR,
        NO_COLOUR;

        /**
         * The palette that the environment asks for.
         *
         * @see <a href="https://no-color.org">no-color.org</a>
         */
        public static Palette ofEnvironment() {
            String noColour = System.getenv("NO_COLOR");
            return noColour == null || noColour.isEmpty() ? COLOUR : NO_COLOUR;
        }
    }

    private final String colour;
    private final String plain;

    Style(String colour, String plain) {
        this.colour = colour;
        this.plain = plain;
    }

    /** The parameters of the control sequence that selects this style, whatever was selected before. */
    String parameters(Palette palette) {
        return palette == Palette.COLOUR ? colour : plain;
    }
}
