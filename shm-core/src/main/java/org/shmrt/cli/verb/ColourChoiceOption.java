package org.shmrt.cli.verb;

import picocli.CommandLine.Option;

/** {@code --color}, which every verb has. */
public final class ColourChoiceOption {
    /** Its name. */
    public static final String NAME = "--color";

    @Option(
            names = NAME,
            paramLabel = "WHEN",
            description = "Colours: auto (on a terminal, unless NO_COLOR is set), always or never. Default: auto.")
    private ColourChoice choice = ColourChoice.AUTO;

    /** Replaces what was chosen, by what was given before the verb for example. */
    void choose(ColourChoice other) {
        choice = other;
    }

    /** What was chosen. */
    public ColourChoice choice() {
        return choice;
    }
}
