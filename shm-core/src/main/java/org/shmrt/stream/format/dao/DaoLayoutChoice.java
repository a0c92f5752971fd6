package org.shmrt.stream.format.dao;

import java.util.Optional;
import java.util.stream.Collectors;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;

/**
 * The layout in which a stream is created: the one that the specification names, else the one that the environment
 * names, else the one that most installed programs of DAO can open.
 */
final class DaoLayoutChoice {
    /** Name of the environment variable with the layout of streams whose creator names none. */
    static final String VARIABLE = "SHMRT_DAO_LAYOUT";

    private static final String VERSION_2_NUMBER = "2";

    private DaoLayoutChoice() {}

    /**
     * Chooses the layout.
     *
     * @param environment value of the variable; an empty text counts as none
     * @throws IllegalArgumentException if there is no such layout, or it cannot represent the specification
     */
    static Variant of(StreamSpec spec, Optional<String> environment) {
        if (spec.circular() > 0 || spec.rolling()) {
            throw new IllegalArgumentException("DAO streams have no circular buffer and no rolling cube: give the "
                    + "stream a depth instead (--depth N), or create it in milk's format (--format milk)");
        }
        Optional<String> fromEnvironment =
                spec.variant() == null ? environment.filter(text -> !text.isEmpty()) : Optional.empty();
        String source = fromEnvironment.isPresent() ? ", which " + VARIABLE + " names," : "";
        Optional<String> label = Optional.ofNullable(spec.variant()).or(() -> fromEnvironment);
        Variant variant = label.map(text -> named(text, source)).orElse(Variant.FIFO);
        if (variant.fifoSize < 0 && spec.depth() > 1) {
            throw new IllegalArgumentException("a depth of " + spec.depth() + " is not possible: streams of the "
                    + variant.label + " layout" + source + " keep one frame");
        }
        return variant;
    }

    private static Variant named(String label, String source) {
        String name = label.equals(VERSION_2_NUMBER) ? Variant.VERSION_2.label : label;
        return Variant.CREATABLE.stream()
                .filter(variant -> variant.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("cannot create a DAO stream in the layout '" + label
                        + "'" + source + ": choose one of "
                        + Variant.CREATABLE.stream()
                                .map(variant -> variant.label)
                                .collect(Collectors.joining(", "))));
    }
}
