package org.shmrt.screen;

/**
 * A key that was pressed.
 *
 * @param name which
 * @param character the character of {@link Name#CHARACTER}, else 0
 */
public record Key(Name name, int character) {
    /** No key was pressed in time. */
    public static final Key NONE = new Key(Name.NONE, 0);

    /** The names of keys. */
    public enum Name {
        NONE,
        /** The terminal was closed. */
        END_OF_INPUT,
        /** A sequence that this program does not know. */
        UNKNOWN,
        CHARACTER,
        ENTER,
        ESCAPE,
        TAB,
        BACKSPACE,
        DELETE,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        F1,
        F2,
        F3,
        F4,
        F5,
        F6,
        F7,
        F8,
        F9,
        F10,
        F11,
        F12
    }

    static Key of(Name name) {
        return new Key(name, 0);
    }

    /** The key of a printable character. */
    public static Key of(char character) {
        return new Key(Name.CHARACTER, character);
    }

    /** Whether this is the key of a character. */
    public boolean is(char wanted) {
        return name == Name.CHARACTER && character == wanted;
    }
}
