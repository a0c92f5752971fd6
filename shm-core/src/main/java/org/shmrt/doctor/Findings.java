package org.shmrt.doctor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Collects findings. For one thread. */
public final class Findings {
    private final List<Finding> all = new ArrayList<>();

    /** Adds a finding. */
    public void add(Finding finding) {
        all.add(finding);
    }

    /** Adds a finding without files. */
    public void add(
            FindingKind kind,
            Severity severity,
            String object,
            String summary,
            String evidence,
            String consequence,
            String... remedy) {
        all.add(new Finding(kind, severity, object, summary, evidence, consequence, remedy));
    }

    /** Records a check whose result is as it should be. */
    public void ok(FindingKind kind, String object, String evidence) {
        add(kind, Severity.OK, object, "", evidence, "");
    }

    /** Records a check that could not be made. */
    public void unknown(FindingKind kind, String object, String evidence) {
        add(kind, Severity.UNKNOWN, object, "", evidence, "");
    }

    /** All findings in the order in which they were added. */
    public List<Finding> all() {
        return Collections.unmodifiableList(all);
    }

    /** All findings, most severe first. */
    public List<Finding> bySeverity() {
        return all.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    }
}
