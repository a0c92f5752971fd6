package org.shmrt.cli.verb;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.shmrt.text.Printable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all verbs share: their help, where they print, and how they refuse words. */
public abstract class Verb implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets and reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Standard output. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** A remark on standard error, under the verb's name. */
    public final void note(String text) {
        err().println(spec.qualifiedName() + ": " + Printable.of(text));
        err().flush();
    }

    /** What to throw for words that make no sense: exit status 2. */
    public final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
