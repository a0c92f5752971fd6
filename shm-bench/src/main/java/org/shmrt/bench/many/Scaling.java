package org.shmrt.bench.many;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.shmrt.bench.report.Row;

/** Figures for each object, measured with few objects and with many in turn, as rows that compare the two. */
final class Scaling {
    /** What an object may cost among many, as a multiple of what it costs among few. */
    static final OptionalDouble LINEAR = OptionalDouble.of(1.3);

    private final Map<String, Figure> figures = new LinkedHashMap<>();

    private record Figure(String title, Row.Unit unit, OptionalDouble target, List<Long> few, List<Long> many) {}

    /** Adds a figure that should not depend on the number of objects. */
    void add(boolean isMany, String key, String title, Row.Unit unit, long value) {
        add(isMany, key, title, unit, value, LINEAR);
    }

    /** The same with another target, or none. */
    void add(boolean isMany, String key, String title, Row.Unit unit, long value, OptionalDouble target) {
        Figure figure = figures.computeIfAbsent(
                key, absent -> new Figure(title, unit, target, new ArrayList<>(), new ArrayList<>()));
        (isMany ? figure.many : figure.few).add(value);
    }

    List<Row> rows() {
        return figures.entrySet().stream()
                .map(entry -> {
                    Figure figure = entry.getValue();
                    return Row.ratio(
                            entry.getKey(),
                            figure.title,
                            figure.many,
                            figure.few,
                            figure.unit,
                            figure.target,
                            Row.Bound.AT_MOST);
                })
                .toList();
    }
}
