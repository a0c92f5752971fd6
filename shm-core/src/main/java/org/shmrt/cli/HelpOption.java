package org.shmrt.cli;

import picocli.CommandLine.Option;

/** The {@code --help} of every verb. */
final class HelpOption {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;
}
