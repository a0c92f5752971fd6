package org.shmrt.cli.fits;

import java.util.List;
import java.util.Optional;
import org.shmrt.cli.verb.Verb;
import picocli.CommandLine.Option;

/** The options of verbs that follow cacao's scripts: a prefix, and a source that a file under {@code conf/} names. */
final class SourceOptions {
    @Option(
            names = {"-c", "--conf"},
            description = "Take the source from the file under conf/ that names it.")
    private boolean fromConf;

    @Option(
            names = {"-p", "--prefix"},
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "Prefix of the name of the stream or link, for example aol8_.")
    private String prefix;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    /**
     * The arguments of a verb.
     *
     * @param source empty if a file under {@code conf/} names it
     * @param target name of the stream or link
     */
    record Names(Optional<String> source, String target) {}

    /** Checks the arguments against {@code --conf}; {@code source} and {@code target} describe them in messages. */
    Names names(Verb verb, List<String> arguments, String source, String target) {
        if (arguments.size() > 2) {
            throw verb.wrongUsage(
                    "'" + arguments.get(2) + "' is one argument too many: give " + source + " and " + target);
        }
        if (fromConf && arguments.size() == 2) {
            throw verb.wrongUsage("-c reads " + source + " from the conf file: give only " + target + ", or omit -c");
        }
        if (!fromConf && arguments.size() == 1) {
            throw verb.wrongUsage("give " + source + " and " + target + ", or -c and " + target);
        }
        return new Names(fromConf ? Optional.empty() : Optional.of(arguments.getFirst()), arguments.getLast());
    }

    String prefix() {
        return prefix;
    }

    boolean printsJson() {
        return json;
    }
}
