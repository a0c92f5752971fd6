package org.shmrt.cli.verb;

import picocli.CommandLine.Option;

/** {@code --help}, which every verb has. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets and reads it
    private boolean given;
}
