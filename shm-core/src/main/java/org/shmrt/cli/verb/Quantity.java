package org.shmrt.cli.verb;

/** Numbers of things in messages. */
public final class Quantity {
    private Quantity() {}

    /** {@code 1 frame}, {@code 3 frames}. */
    public static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
