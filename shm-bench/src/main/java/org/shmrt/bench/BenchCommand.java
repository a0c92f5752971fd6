package org.shmrt.bench;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;

/** What the command lines of the programs of this module have in common. */
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
        CommandLine commandLine = new CommandLine(program).setCaseInsensitiveEnumValuesAllowed(true);
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

    /**
     * The parts of a program that run.
     *
     * @param <P> the parts
     * @param named those of an option, or null if it was not given
     * @param all the class of the parts
     * @return those that are named, or all, in their order
     */
    public static <P extends Enum<P>> Set<P> parts(List<P> named, Class<P> all) {
        return named == null ? EnumSet.allOf(all) : EnumSet.copyOf(named);
    }
}
