package org.shmrt.cli.verb;

import picocli.CommandLine.Option;

/** {@code --dry-run}, for verbs that remove something. */
public final class DryRunOption {
    @Option(names = "--dry-run", description = "Only report what would be removed.")
    private boolean given;

    /** Whether nothing may be changed. */
    public boolean isGiven() {
        return given;
    }
}
