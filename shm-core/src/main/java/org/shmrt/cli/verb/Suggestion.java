package org.shmrt.cli.verb;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a user probably meant. */
public final class Suggestion {
    private static final int MIN_PREFIX = 2;

    private Suggestion() {}

    /**
     * The most similar name.
     *
     * @param typed what the user typed
     * @param names the valid names
     * @return the name; empty if none is similar
     */
    public static Optional<String> of(String typed, Collection<String> names) {
        int most = Math.max(1, typed.length() / 3);
        return names.stream()
                .filter(name -> distance(typed, name) <= most)
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .or(() -> onlyOneThatBegins(typed, names));
    }

    private static Optional<String> onlyOneThatBegins(String typed, Collection<String> names) {
        var found = names.stream().filter(name -> name.startsWith(typed)).toList();
        return typed.length() >= MIN_PREFIX && found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** Number of characters to insert, remove, replace, or swap with their neighbour. */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[to.length()];
    }
}
