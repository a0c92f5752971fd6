package org.shmrt.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.shmrt.cli.array.ArrayCommand;
import org.shmrt.cli.block.BlockCommand;
import org.shmrt.cli.camera.GrabCommand;
import org.shmrt.cli.doctor.DoctorCommand;
import org.shmrt.cli.fits.Fits2shmCommand;
import org.shmrt.cli.fits.LinkCommand;
import org.shmrt.cli.fits.Shm2fitsCommand;
import org.shmrt.cli.latency.LatencyCommand;
import org.shmrt.cli.list.ListCommand;
import org.shmrt.cli.loop.LoopVerbs;
import org.shmrt.cli.metrics.MetricsCommand;
import org.shmrt.cli.monitor.WatchCommand;
import org.shmrt.cli.record.ExtractCommand;
import org.shmrt.cli.record.RecordCommand;
import org.shmrt.cli.record.ReplayCommand;
import org.shmrt.cli.relay.RelayVerbs;
import org.shmrt.cli.show.ShowCommand;
import org.shmrt.cli.stream.ConvertCommand;
import org.shmrt.cli.stream.CreateCommand;
import org.shmrt.cli.stream.InfoCommand;
import org.shmrt.cli.stream.KeywordCommand;
import org.shmrt.cli.stream.PostCommand;
import org.shmrt.cli.stream.ReadCommand;
import org.shmrt.cli.stream.RepairCommand;
import org.shmrt.cli.stream.RmCommand;
import org.shmrt.cli.stream.StampCommand;
import org.shmrt.cli.stream.WriteCommand;
import org.shmrt.cli.stream.ZeroCommand;
import org.shmrt.cli.top.TopCommand;
import org.shmrt.cli.verb.ColourChoice;
import org.shmrt.cli.verb.ColourChoiceOption;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ErrorOutput;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Ink;
import org.shmrt.cli.verb.OutputLostException;
import org.shmrt.cli.verb.Suggestion;
import org.shmrt.cli.verb.TextOutput;
import org.shmrt.cli.verb.TimedOutException;
import org.shmrt.cli.verb.Verb;
import org.shmrt.cli.verb.VerbGroup;
import org.shmrt.cli.view.ViewCommand;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The entry point: finds the verb, runs it, and turns every failure into one line and an exit status. */
@Command(
        name = "shm",
        mixinStandardHelpOptions = true,
        versionProvider = Shm.Version.class,
        description = {
            "Creates, reads, writes and watches image streams in shared memory.",
            "shm help VERB shows what a verb does and its options."
        },
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "Verbs:%n",
        footer = {
            "",
            "A STREAM is a path, or a bare NAME, which means NAME.im.shm in $MILK_SHM_DIR, else in /milk/shm, "
                    + "else in /tmp.",
            "Exit status: 0 done, 1 failed (also if the output could not be written), 2 wrong usage, 3 timed out."
        })
public final class Shm implements Runnable {
    /** In the order of the help. */
    private static final List<String> VERBS = List.of(
            "demo",
            "create",
            "list",
            "info",
            "read",
            "write",
            "show",
            "grab",
            "record",
            "replay",
            "extract",
            "keyword",
            "zero",
            "stamp",
            "post",
            "watch",
            "latency",
            "metrics",
            "view",
            "top",
            "repair",
            "doctor",
            "convert",
            "fits2shm",
            "shm2fits",
            "link",
            "rm",
            "block",
            "array",
            "loop",
            "relay",
            "help",
            "completion");

    /** Creates a verb. A map of constructors would have a class for each verb, and every start would load all of them. */
    private static Object newVerb(String name) {
        return switch (name) {
            case "demo" -> new DemoCommand();
            case "create" -> new CreateCommand();
            case "list" -> new ListCommand();
            case "info" -> new InfoCommand();
            case "read" -> new ReadCommand();
            case "write" -> new WriteCommand();
            case "show" -> new ShowCommand();
            case "grab" -> new GrabCommand();
            case "record" -> new RecordCommand();
            case "replay" -> new ReplayCommand();
            case "extract" -> new ExtractCommand();
            case "keyword" -> new KeywordCommand();
            case "zero" -> new ZeroCommand();
            case "stamp" -> new StampCommand();
            case "post" -> new PostCommand();
            case "watch" -> new WatchCommand();
            case "latency" -> new LatencyCommand();
            case "metrics" -> new MetricsCommand();
            case "view" -> new ViewCommand();
            case "top" -> new TopCommand();
            case "repair" -> new RepairCommand();
            case "doctor" -> new DoctorCommand();
            case "convert" -> new ConvertCommand();
            case "fits2shm" -> new Fits2shmCommand();
            case "shm2fits" -> new Shm2fitsCommand();
            case "link" -> new LinkCommand();
            case "rm" -> new RmCommand();
            case "block" -> new BlockCommand();
            case "array" -> new ArrayCommand();
            case "loop" -> new LoopVerbs();
            case "relay" -> new RelayVerbs();
            case "help" -> new HelpCommand();
            case "completion" -> new CompletionCommand();
            default -> throw new IllegalArgumentException("no verb " + name);
        };
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // the command line reads it
    private ColourChoiceOption colour;

    private Shm() {}

    /**
     * Runs a command line and exits with its status.
     *
     * @param args the arguments after {@code shm}
     */
    public static void main(String[] args) {
        // No verb uses picocli's converters for these types, and picocli takes milliseconds to look for the types.
        System.setProperty("picocli.converters.excludes", "java\\.(sql|time)\\..*");
        // picocli would look for the class of Groovy's closures, for which the JVM opens every jar.
        System.setProperty("picocli.disable.closures", "true");
        TextOutput out = TextOutput.standard();
        PrintWriter err = ErrorOutput.standard();
        if (args.length == 1 && args[0].equals(CdsWarmup.ARGUMENT)) {
            System.exit(CdsWarmup.run(out, err));
        }
        if (args.length == 2 && args[0].equals(ManualWriter.ARGUMENT)) {
            System.exit(ManualWriter.run(Path.of(args[1]), err));
        }
        int status = run(out, err, FileNames.arguments(args));
        // System.exit first looks for a logger, for which the JVM opens every jar. A return ends the JVM as well.
        if (status != ExitStatus.DONE || areOtherThreadsAlive()) {
            System.exit(status);
        }
    }

    /** Whether a thread would keep the JVM alive after the return of the main thread. */
    private static boolean areOtherThreadsAlive() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] threads = new Thread[2 * all.activeCount() + 16];
        int count = all.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (!threads[i].isDaemon() && threads[i] != Thread.currentThread()) {
                return true;
            }
        }
        return count == threads.length; // there may be more
    }

    /** Runs a command line and returns its exit status. */
    static int run(TextOutput out, PrintWriter err, String... args) {
        int status = executeOrReport(out, err, args);
        try {
            // For all verbs and their help: an output that is lost without a word looks like success.
            out.check();
            return status;
        } catch (OutputLostException e) {
            return status == ExitStatus.DONE ? reportLoss(e, "shm", err) : status;
        }
    }

    /** An error before a verb runs, for example if one of its classes is missing, is a failure like any other. */
    private static int executeOrReport(TextOutput out, PrintWriter err, String... args) {
        try {
            return execute(out, err, args);
        } catch (Error e) {
            return reportFailure(e, "shm", Ink.PLAIN, err);
        }
    }

    private static int execute(TextOutput out, PrintWriter err, String... args) {
        if (!System.getProperty("os.name").equals("Linux")) {
            err.println("shm: ShmRT runs only on Linux, not on " + System.getProperty("os.name"));
            return ExitStatus.FAILED;
        }
        // Reading the annotations of a verb takes as long as running most verbs, so only one verb is read.
        if (args.length > 0 && VERBS.contains(args[0])) {
            CommandLine line = new CommandLine(newVerb(args[0])).setCommandName("shm " + args[0]);
            if (line.getCommand() instanceof VerbGroup group) {
                group.addTo(line, args.length > 1 ? args[1] : "");
            }
            return configured(line, out, err).execute(Arrays.copyOfRange(args, 1, args.length));
        }
        CommandLine line = new CommandLine(new Shm());
        VERBS.forEach(name -> line.addSubcommand(name, newVerb(name)));
        return configured(line, out, err).execute(args);
    }

    /**
     * Prints the help of a verb.
     *
     * @param verbs the verb, or a group and one of its verbs; all verbs if empty
     * @param arguments the command line that prints it
     */
    static int help(TextOutput out, PrintWriter err, List<String> verbs, List<String> arguments) {
        CommandLine line = new CommandLine(new Shm());
        VERBS.forEach(name -> line.addSubcommand(name, newVerb(name)));
        CommandLine at = line;
        for (String verb : verbs) {
            Map<String, CommandLine> known = at.getSubcommands();
            if (!known.containsKey(verb)) {
                err.println(noSuchVerb(at.getCommandSpec().qualifiedName(), verb, known.keySet()));
                return ExitStatus.USAGE;
            }
            at = known.get(verb);
            if (at.getCommand() instanceof VerbGroup group) {
                group.addTo(at, "");
            }
        }
        return execute(out, err, arguments.toArray(String[]::new));
    }

    /** A command line with all verbs, also those in groups, for what is generated from it. */
    static CommandLine wholeCommandLine() {
        CommandLine line = new CommandLine(new Shm());
        VERBS.forEach(name -> line.addSubcommand(name, newVerb(name)));
        for (CommandLine verb : line.getSubcommands().values()) {
            if (verb.getCommand() instanceof VerbGroup group) {
                group.addTo(verb, "");
            }
        }
        return line;
    }

    private static CommandLine configured(CommandLine line, TextOutput out, PrintWriter err) {
        line.setOut(out);
        line.setErr(err);
        line.registerConverter(Path.class, FileNames::parse);
        Converters.registerNumbers(line);
        line.setHelpFactory(SpacedHelp::new);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Shm::reportWrongUsage);
        line.setExecutionExceptionHandler((e, verb, parsed) -> reportFailure(e, verb));
        line.setExecutionStrategy(parsed -> {
            ColourChoice choice = chosen(parsed);
            Ink ink = choice.ink(out.isTerminal(), System.getenv());
            line.setColorScheme(Help.defaultColorScheme(ink == Ink.COLOUR ? Help.Ansi.ON : Help.Ansi.OFF));
            for (CommandLine part : parsed.asCommandLineList()) {
                if (part.getCommand() instanceof Verb verb) {
                    verb.colours(choice);
                }
            }
            try {
                return new CommandLine.RunLast().execute(parsed);
            } catch (Error e) {
                // picocli passes on exceptions only
                return reportFailure(e, parsed.asCommandLineList().getLast());
            }
        });
        return line;
    }

    /** The last {@code --color} of a command line, which may be before or after a verb. */
    private static ColourChoice chosen(ParseResult parsed) {
        ColourChoice choice = ColourChoice.AUTO;
        for (CommandLine part : parsed.asCommandLineList()) {
            choice = part.getParseResult().matchedOptionValue(ColourChoiceOption.NAME, choice);
        }
        return choice;
    }

    @Override
    public void run() {
        // Reached only without a verb, when all verbs have been added.
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Version, commit and JDK. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"shm " + BuildInfo.current() + ", Java " + Runtime.version()};
        }
    }

    private static int reportWrongUsage(CommandLine.ParameterException e, String... arguments) {
        CommandLine line = e.getCommandLine();
        String name = line.getCommandSpec().qualifiedName();
        Collection<String> verbs = line.getCommand() instanceof VerbGroup group
                ? group.names()
                : line.getCommand() instanceof Shm ? VERBS : List.of();
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched && !verbs.isEmpty()) {
            String first = unmatched.getUnmatched().getFirst();
            if (!UsageMessage.isLikeOption(first)) {
                line.getErr().println(noSuchVerb(name, first, verbs));
                return ExitStatus.USAGE;
            }
        }
        line.getErr()
                .println(name + ": " + oneLine(UsageMessage.of(e, List.of(arguments))) + " (see " + name + " --help)");
        return ExitStatus.USAGE;
    }

    private static String noSuchVerb(String name, String typed, Collection<String> verbs) {
        return name + ": there is no verb '" + Printable.of(typed) + "'"
                + Suggestion.of(typed, verbs)
                        .map(verb -> ": did you mean '" + verb + "'? (" + name + " --help lists all)")
                        .orElseGet(() -> ": use one of " + String.join(", ", verbs));
    }

    private static int reportFailure(Throwable e, CommandLine line) {
        return reportFailure(
                e,
                line.getCommandSpec().qualifiedName(),
                line.getCommand() instanceof Verb verb ? verb.errorInk() : Ink.PLAIN,
                line.getErr());
    }

    private static int reportFailure(Throwable e, String name, Ink ink, PrintWriter err) {
        if (System.getenv("SHM_DEBUG") != null) {
            e.printStackTrace(err);
        }
        if (e instanceof OutputLostException lost) {
            return reportLoss(lost, name, err);
        }
        String prefix = ink.error(name + ":") + " ";
        if (e instanceof ShmException || e instanceof IllegalArgumentException) {
            err.println(prefix + oneLine(e.getMessage()));
        } else {
            err.println(prefix
                    + outOfMemory(e)
                            .map(reason -> "not enough memory (" + oneLine(reason) + "): use a smaller image or a part"
                                    + " of it, or give Java more, for example with JDK_JAVA_OPTIONS=-Xmx4g")
                            .orElseGet(() -> "unexpected " + e.getClass().getSimpleName() + ": "
                                    + oneLine(e.getMessage()) + " (set SHM_DEBUG=1 to see the stack trace)"));
        }
        return e instanceof TimedOutException
                ? ExitStatus.TIMED_OUT
                : e instanceof IllegalArgumentException ? ExitStatus.USAGE : ExitStatus.FAILED;
    }

    /** What Java had no memory for. Another thread of the verb may have found out. */
    private static Optional<String> outOfMemory(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof OutOfMemoryError) {
                return Optional.of(Objects.requireNonNullElse(at.getMessage(), ""));
            }
        }
        return Optional.empty();
    }

    /** A reader that closes its pipe, such as {@code head}, has read enough: that needs no message. */
    private static int reportLoss(OutputLostException e, String name, PrintWriter err) {
        if (e.isPipeClosed()) {
            return ExitStatus.PIPE_CLOSED;
        }
        err.println(name + ": " + oneLine(e.getMessage()));
        return ExitStatus.FAILED;
    }

    /** Keeps the whole message in one line, even if it contains a name with a line break. */
    private static String oneLine(String message) {
        return message == null || message.isBlank() ? "no reason given" : Printable.of(message.strip());
    }
}
