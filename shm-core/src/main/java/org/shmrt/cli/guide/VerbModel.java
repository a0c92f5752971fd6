package org.shmrt.cli.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.shmrt.cli.verb.VerbGroup;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A verb as the generators need it.
 *
 * @param path the verb, after its group if it is in one, separated by a blank; empty for {@code shm} itself
 * @param summary the first sentence of its description
 * @param options its options, without those that are hidden
 * @param words what its arguments are
 * @param verbs the verbs of a group
 */
record VerbModel(String path, String summary, List<Choice> options, List<Word> words, List<VerbModel> verbs) {
    /**
     * An option.
     *
     * @param names all its names, the longest last
     * @param summary the first sentence of its description
     * @param value its value; {@link Word#NONE} for a flag
     */
    record Choice(List<String> names, String summary, Word value) {}

    /**
     * What can be typed for an argument or for the value of an option.
     *
     * @param kind what it is
     * @param candidates the possible values if they are known
     */
    record Word(Kind kind, List<String> candidates) {
        static final Word NONE = new Word(Kind.NONE, List.of());

        static Word of(String label, Iterable<String> candidates) {
            List<String> known = new ArrayList<>();
            if (candidates != null) {
                // Values are read in any case; the help has them in lower case.
                candidates.forEach(value -> known.add(value.toLowerCase(Locale.ROOT)));
            } else if (label.equals("FORMAT")) {
                known.addAll(List.of("dao", "milk"));
            } else if (label.matches("[a-z0-9]+(\\|[a-z0-9]+)+")) {
                known.addAll(List.of(label.split("\\|")));
            }
            return new Word(known.isEmpty() ? Kind.of(label) : Kind.LISTED, known);
        }
    }

    /** Kinds of words that a shell can complete. */
    enum Kind {
        /** No word. */
        NONE,
        /** One of the candidates. */
        LISTED,
        /** A bare name or a path of a stream. */
        STREAM,
        /** A file or a directory. */
        FILE,
        /** A word that cannot be completed, for example a number. */
        OTHER;

        private static Kind of(String label) {
            if (label.contains("STREAM") || label.contains("LINK")) {
                return STREAM;
            }
            return label.contains("FILE")
                            || label.contains("DIR")
                            || label.contains("SOURCE")
                            || label.contains("FITS")
                            || label.contains("KEYSTORE")
                    ? FILE
                    : OTHER;
        }
    }

    /** The model of a command line to which all verbs have been added. */
    static VerbModel of(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        List<String> names = new ArrayList<>();
        for (CommandSpec part = spec; part.parent() != null; part = part.parent()) {
            names.addFirst(part.name());
        }
        return new VerbModel(
                String.join(" ", names),
                summary(spec.usageMessage().description()),
                spec.options().stream()
                        .filter(option -> !option.hidden())
                        .map(VerbModel::choice)
                        .toList(),
                spec.positionalParameters().stream().map(VerbModel::word).toList(),
                subcommands(line).values().stream().map(VerbModel::of).toList());
    }

    /** The verbs of {@code shm} or of a group; an ordinary verb has none. */
    static Map<String, CommandLine> subcommands(CommandLine line) {
        return line.getCommandSpec().parent() == null || line.getCommand() instanceof VerbGroup
                ? line.getSubcommands()
                : Map.of();
    }

    /** This model and those of all verbs below it. */
    List<VerbModel> all() {
        List<VerbModel> all = new ArrayList<>(List.of(this));
        verbs.forEach(verb -> all.addAll(verb.all()));
        return all;
    }

    /** The last word of the path. */
    String name() {
        return path.substring(path.lastIndexOf(' ') + 1);
    }

    private static Choice choice(OptionSpec option) {
        return new Choice(
                List.of(option.names()),
                summary(option.description()),
                option.arity().max() == 0 ? Word.NONE : Word.of(option.paramLabel(), option.completionCandidates()));
    }

    private static Word word(PositionalParamSpec parameter) {
        return Word.of(parameter.paramLabel(), parameter.completionCandidates());
    }

    private static String summary(String... description) {
        String text =
                plain(String.join(" ", description)).replaceAll("\\s+", " ").strip();
        int end = text.indexOf(". ");
        return (end < 0 ? text : text.substring(0, end)).replaceAll("\\.$", "");
    }

    /** A text of picocli's help without its marks for style and lines. */
    static String plain(String text) {
        return Help.Ansi.OFF
                .string(text.replace("%n", "\n").replace("%%", "%"))
                .lines()
                .collect(Collectors.joining("\n"));
    }
}
