package org.shmrt.cli.verb;

import java.util.Map;

/** What {@code --color} can be. */
public enum ColourChoice {
    /** Colours on a terminal, unless the environment asks for none. */
    AUTO,
    ALWAYS,
    NEVER;

    /**
     * How text is written.
     *
     * @param isTerminal whether the output is a terminal
     * @param environment the environment variables: {@code NO_COLOR} with any value, or the terminal {@code dumb}, asks
     *     for no colours
     * @see <a href="https://no-color.org">no-color.org</a>
     */
    public Ink ink(boolean isTerminal, Map<String, String> environment) {
        return switch (this) {
            case ALWAYS -> Ink.COLOUR;
            case NEVER -> Ink.PLAIN;
            case AUTO ->
                isTerminal
                                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                                && !environment.getOrDefault("TERM", "dumb").equals("dumb")
                        ? Ink.COLOUR
                        : Ink.PLAIN;
        };
    }
}
