package org.shmrt.runtime;

import java.util.List;
import java.util.stream.Collectors;
import org.shmrt.error.ShmException;

/**
 * What was found about the settings of a loop.
 *
 * @param findings one for each setting, in a fixed order
 */
public record LoopReport(List<LoopFinding> findings) {
    /**
     * Copies the list.
     *
     * @param findings one for each setting
     */
    public LoopReport {
        findings = List.copyOf(findings);
    }

    /**
     * The findings that are not as wanted.
     *
     * @return warnings and errors
     */
    public List<LoopFinding> problems() {
        return findings.stream()
                .filter(finding -> finding.severity() != LoopFinding.Severity.OK)
                .toList();
    }

    /**
     * Whether everything is as wanted.
     *
     * @return false for a loop in a degraded mode
     */
    public boolean isComplete() {
        return problems().isEmpty();
    }

    /**
     * Throws if there is an error.
     *
     * @return this
     * @throws ShmException with all errors and their remedies
     */
    public LoopReport requireNoErrors() {
        return require(LoopFinding.Severity.ERROR);
    }

    /**
     * Throws unless everything is as wanted.
     *
     * @return this
     * @throws ShmException with all problems and their remedies
     */
    public LoopReport requireComplete() {
        return require(LoopFinding.Severity.WARNING);
    }

    private LoopReport require(LoopFinding.Severity least) {
        String problems = findings.stream()
                .filter(finding -> finding.severity().compareTo(least) >= 0)
                .map(LoopFinding::toString)
                .collect(Collectors.joining("; "));
        if (!problems.isEmpty()) {
            throw new ShmException("the loop cannot have what it needs: " + problems);
        }
        return this;
    }

    @Override
    public String toString() {
        return findings.stream().map(LoopFinding::toString).collect(Collectors.joining("\n"));
    }
}
