package org.shmrt.bench;

import picocli.CommandLine;

/** How the programs of this module report errors on their command lines. */
public final class BenchCommand {
    private BenchCommand() {}

    /**
     * The command line of a program. Wrong usage is one line on standard error and status 2, a failure one line and
     * status 1.
     *
     * @param program an object with the annotations of picocli
     * @return the command line
     */
    public static CommandLine of(Object program) {
        CommandLine commandLine = new CommandLine(program);
        commandLine.setParameterExceptionHandler((e, all) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            System.err.println(name + ": " + e.getMessage().lines().findFirst().orElse("wrong usage") + " (see " + name
                    + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        commandLine.setExecutionExceptionHandler((e, itself, parsed) -> {
            System.err.println(commandLine.getCommandName() + ": " + e);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }
}
