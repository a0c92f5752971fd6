package org.shmrt.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.shmrt.error.Printable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all verbs share: their help, where they print, and how they refuse words. */
abstract class Verb implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Standard output. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error. */
    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** A remark on standard error, under the verb's name. */
    void note(String text) {
        err().println(spec.qualifiedName() + ": " + Printable.of(text));
        err().flush();
    }

    /** What to throw for words that make no sense: exit status 2. */
    ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
