package org.shmrt.doctor;

import java.nio.file.Path;
import java.util.List;

/**
 * One finding. Immutable.
 *
 * @param kind its kind, whose id users refer to
 * @param severity how much it matters
 * @param object what it is about: {@code cpu 1}, {@code kernel}, the path of a stream
 * @param summary what was found, as one clause
 * @param evidence the values that were read, and where
 * @param consequence what happens because of it; empty if it is as it should be
 * @param remedy lines of a shell script that corrects it; what cannot be done by a command is a comment, which begins with
 *     {@code #}
 * @param targets files that a fix works on
 */
public record Finding(
        FindingKind kind,
        Severity severity,
        String object,
        String summary,
        String evidence,
        String consequence,
        List<String> remedy,
        List<Path> targets) {

    /** Creates a finding with copies of the lists. */
    public Finding {
        remedy = List.copyOf(remedy);
        targets = List.copyOf(targets);
    }

    /** A finding without files. */
    public Finding(
            FindingKind kind,
            Severity severity,
            String object,
            String summary,
            String evidence,
            String consequence,
            String... remedy) {
        this(kind, severity, object, summary, evidence, consequence, List.of(remedy), List.of());
    }

    /** The same finding with the files that a fix works on. */
    public Finding on(List<Path> files) {
        return new Finding(kind, severity, object, summary, evidence, consequence, remedy, files);
    }

    /** Whether {@code --fix} can fix it. */
    public boolean isFixable() {
        return kind.isFixable() && !targets.isEmpty();
    }
}
