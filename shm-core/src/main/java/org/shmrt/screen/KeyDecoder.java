package org.shmrt.screen;

import java.util.Map;
import org.shmrt.screen.Key.Name;

/** Decodes the sequences that terminals send for keys: those of xterm, screen, tmux, rxvt and the Linux console. */
public final class KeyDecoder {
    /** Characters from a terminal. */
    public interface Input {
        /** No character came in time. */
        int TIMED_OUT = -2;

        /** The terminal was closed. */
        int CLOSED = -1;

        /** The next character, {@link #CLOSED} or {@link #TIMED_OUT}. */
        int read(long timeoutMs);

        /** Whether there are characters that {@link #read} has not returned, although it may have timed out. */
        boolean isPending();
    }

    /** What follows an escape character comes within this time if it belongs to it. The key Escape takes as long. */
    private static final long ESCAPE_MS = 100;
    /** Nobody types the start of a sequence, so its rest may be late: the thread that reads it may wait for a processor. */
    private static final long SEQUENCE_MS = 2000;

    private static final int ESCAPE = 27;
    private static final int BACKSPACE = 127;
    private static final int CONTROL_H = 8;
    private static final int MAX_LENGTH = 16;
    private static final int FIRST_FINAL = 0x40;

    private static final Map<Character, Name> FINALS = Map.of(
            'A',
            Name.UP,
            'B',
            Name.DOWN,
            'C',
            Name.RIGHT,
            'D',
            Name.LEFT,
            'H',
            Name.HOME,
            'F',
            Name.END,
            'P',
            Name.F1,
            'Q',
            Name.F2,
            'R',
            Name.F3,
            'S',
            Name.F4);

    private static final Map<Integer, Name> NUMBERS = Map.ofEntries(
            Map.entry(1, Name.HOME),
            Map.entry(3, Name.DELETE),
            Map.entry(4, Name.END),
            Map.entry(5, Name.PAGE_UP),
            Map.entry(6, Name.PAGE_DOWN),
            Map.entry(7, Name.HOME),
            Map.entry(8, Name.END),
            Map.entry(11, Name.F1),
            Map.entry(12, Name.F2),
            Map.entry(13, Name.F3),
            Map.entry(14, Name.F4),
            Map.entry(15, Name.F5),
            Map.entry(17, Name.F6),
            Map.entry(18, Name.F7),
            Map.entry(19, Name.F8),
            Map.entry(20, Name.F9),
            Map.entry(21, Name.F10),
            Map.entry(23, Name.F11),
            Map.entry(24, Name.F12));

    private final Input input;

    public KeyDecoder(Input input) {
        this.input = input;
    }

    /** Waits for a key; {@link Key#NONE} after the timeout. */
    public Key next(long timeoutMs) {
        int first = input.read(timeoutMs);
        return switch (first) {
            case Input.TIMED_OUT -> Key.NONE;
            case Input.CLOSED -> Key.of(Name.END_OF_INPUT);
            case ESCAPE -> sequence();
            case '\r', '\n' -> Key.of(Name.ENTER);
            case '\t' -> Key.of(Name.TAB);
            case BACKSPACE, CONTROL_H -> Key.of(Name.BACKSPACE);
            default -> first < ' ' ? Key.of(Name.UNKNOWN) : new Key(Name.CHARACTER, first);
        };
    }

    private Key sequence() {
        int kind = input.read(ESCAPE_MS);
        if (kind == Input.TIMED_OUT && input.isPending()) {
            kind = input.read(SEQUENCE_MS);
        }
        return switch (kind) {
            case Input.TIMED_OUT, Input.CLOSED -> Key.of(Name.ESCAPE);
            case 'O' -> named(FINALS.get((char) input.read(SEQUENCE_MS)));
            case '[' -> control();
            default -> Key.of(Name.UNKNOWN); // a character together with the Alt key
        };
    }

    private Key control() {
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < MAX_LENGTH; i++) {
            int next = input.read(SEQUENCE_MS);
            if (next < 0) {
                break;
            }
            if (next == '[' && parameters.isEmpty()) {
                int last = input.read(SEQUENCE_MS); // the Linux console sends ESC [ [ A for F1
                return last >= 'A' && last <= 'E'
                        ? Key.of(Name.values()[Name.F1.ordinal() + last - 'A'])
                        : Key.of(Name.UNKNOWN);
            }
            if (next >= FIRST_FINAL) {
                return next == '~' ? named(NUMBERS.get(number(parameters))) : named(FINALS.get((char) next));
            }
            parameters.append((char) next);
        }
        return Key.of(Name.UNKNOWN);
    }

    /** The first parameter; the second one tells which modifier was held. */
    private static int number(CharSequence parameters) {
        int number = 0;
        for (int i = 0; i < parameters.length() && Character.digit(parameters.charAt(i), 10) >= 0; i++) {
            number = 10 * number + Character.digit(parameters.charAt(i), 10);
        }
        return number;
    }

    private static Key named(Name name) {
        return Key.of(name == null ? Name.UNKNOWN : name);
    }
}
