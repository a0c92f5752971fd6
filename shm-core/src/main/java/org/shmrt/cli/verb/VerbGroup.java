package org.shmrt.cli.verb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A verb with verbs of its own, such as {@code shm block list}. */
public abstract class VerbGroup implements Runnable {
    private final Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets and reads it
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Called by subclasses as they are made, in the order of the help. */
    protected final void verb(String name, Supplier<Verb> made) {
        verbs.put(name, made);
    }

    /** The names of its verbs. */
    public final Set<String> names() {
        return verbs.keySet();
    }

    /** Adds the verb that is asked for, for reading the annotations of all costs time; all if there is none such. */
    public final void addTo(CommandLine line, String wanted) {
        if (verbs.containsKey(wanted)) {
            line.addSubcommand(wanted, verbs.get(wanted).get());
        } else {
            verbs.forEach((name, made) -> line.addSubcommand(name, made.get()));
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
