package org.shmrt.cli.verb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A verb that has verbs of its own, such as {@code shm block list}. */
public abstract class VerbGroup implements Runnable {
    private final Map<String, Supplier<Verb>> verbs = new LinkedHashMap<>();

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli uses it
    private HelpOption help;

    @Mixin
    @SuppressWarnings("UnusedVariable") // the command line reads it
    private ColourChoiceOption colour;

    @Spec
    private CommandSpec spec;

    /** Adds a verb; subclasses call this in their constructor, in the order of the help. */
    protected final void verb(String name, Supplier<Verb> constructor) {
        verbs.put(name, constructor);
    }

    /** The names of its verbs. */
    public final Set<String> names() {
        return verbs.keySet();
    }

    /**
     * Adds the verbs to a command line: only the one named {@code wanted} if there is one, because reading the
     * annotations of all takes time; else all of them.
     */
    public final void addTo(CommandLine line, String wanted) {
        if (verbs.containsKey(wanted)) {
            line.addSubcommand(wanted, verbs.get(wanted).get());
        } else {
            verbs.forEach((name, constructor) -> line.addSubcommand(name, constructor.get()));
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
