package org.shmrt.cli.verb;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Base class of the verbs: their help option, where they print, and how they report problems. */
public abstract class Verb implements Callable<Integer> {
    private static final int MAX_PORT = 65_535;

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli uses it
    private HelpOption help;

    @Mixin
    private ColourChoiceOption colour;

    @Spec
    private CommandSpec spec;

    /** Standard output, which is a {@link TextOutput} in every command line of ShmRT. */
    protected final TextOutput out() {
        return (TextOutput) spec.commandLine().getOut();
    }

    /** Standard error. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** What {@code --color} was given, or its default. */
    protected final ColourChoice colours() {
        return colour.choice();
    }

    /** Sets what the whole command line asks for: {@code --color} may also be before the verb. */
    public final void colours(ColourChoice choice) {
        colour.choose(choice);
    }

    /** How text on standard output is written. */
    protected final Ink ink() {
        return colours().ink(out().isTerminal(), System.getenv());
    }

    /** How text on standard error is written. */
    public final Ink errorInk() {
        return colours().ink(ErrorOutput.isTerminal(err()), System.getenv());
    }

    /** Prints a line on standard output. Ends the verb if it cannot be written. */
    protected final void print(String line) {
        out().println(safe(line));
        out().check();
    }

    /** Prints lines on standard output. */
    protected final void printAll(Iterable<String> lines) {
        lines.forEach(line -> out().println(safe(line)));
        out().check();
    }

    /** Prints a table on standard output, whose first line has the titles. */
    protected final void printTable(List<String> lines) {
        Ink ink = ink();
        for (int i = 0; i < lines.size(); i++) {
            String line = safe(lines.get(i));
            out().println(i == 0 ? ink.title(line) : line);
        }
        out().check();
    }

    /**
     * A line that controls the terminal by colours only: names, keywords and texts in shared memory come from other
     * users. In JSON, the escapes stand for the same characters.
     */
    private String safe(String line) {
        return line.chars().anyMatch(Character::isISOControl) ? ink().printable(line) : line;
    }

    /** Prints a value on standard output as one line of JSON. */
    protected final void printJson(Object value) {
        print(Json.text(value));
    }

    /** Prints a remark on standard error, after the name of the verb. */
    public final void note(String text) {
        String line = Printable.of(text);
        err().println(spec.qualifiedName() + ": "
                + (line.startsWith("warning:") ? errorInk().warning(line) : line));
        err().flush();
    }

    /** The exception for arguments that are not valid: exit status 2. */
    public final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /**
     * The files of streams that need not exist yet.
     *
     * @throws NotFoundException if the directory of one does not exist
     * @throws IncompatibleException if one is the root directory, which has no file name
     */
    protected static List<Path> expectedStreams(List<String> names) {
        List<Path> files = names.stream().map(StreamDirectory::resolve).toList();
        for (Path file : files) {
            checkNamed(file);
            Path directory = file.toAbsolutePath().getParent();
            if (!Files.isDirectory(directory)) {
                throw new NotFoundException("there is no directory " + FileNames.text(directory) + " for "
                        + FileNames.text(file.getFileName()));
            }
        }
        return files;
    }

    /**
     * Refuses the root directory: nothing else has no file name.
     *
     * @return the same path
     */
    protected static Path checkNamed(Path stream) {
        if (stream.getFileName() == null) {
            throw new IncompatibleException(
                    FileNames.text(stream) + " is a directory, not a stream: give a file in it or a bare name");
        }
        return stream;
    }

    /** Refuses a number that is no port of TCP; {@code given} is the value of the option. */
    protected final void checkPort(String option, Object given, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw wrongUsage(option + " " + given + ": a port is 0 to " + MAX_PORT);
        }
    }

    /** Whether the command line contains an option, for example {@code --count}. */
    public final boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Applies an action to each item, continues after a failure, and returns the exit status. */
    protected final <T> int forEach(Collection<T> items, Consumer<T> action) {
        int status = ExitStatus.DONE;
        for (T item : items) {
            try {
                action.accept(item);
            } catch (OutputLostException e) {
                throw e;
            } catch (ShmException e) {
                note(e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        return status;
    }
}
