package org.shmrt.cli.stream;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.cli.report.StreamJson;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.NotFoundException;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;
import org.shmrt.text.ShellWord;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm keyword}. */
@Command(
        name = "keyword",
        description = "Shows, sets and removes the keywords of a stream. Without NAME it shows all of them.")
public final class KeywordCommand extends Verb {
    private static final String FORMAT = "%-16s %-6s %-20s %s";

    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.ToExistingStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME[=VALUE]",
            description = "NAME prints the value of a keyword. NAME=VALUE sets a keyword: to a long if VALUE is an "
                    + "integer, to a double if it is another number, else to a text. An existing double stays a "
                    + "double, and a text stays a text.")
    private List<String> arguments = List.of();

    @ArgGroup
    private TypeOptions typeOptions = new TypeOptions();

    @Option(
            names = "--comment",
            paramLabel = "TEXT",
            description = "Comment of the keywords that are set, at most 80 bytes. Default: they keep theirs.")
    private String comment;

    @Option(names = "--remove", paramLabel = "NAME", description = "Remove a keyword; can be repeated.")
    private List<String> removed = List.of();

    @Option(
            names = "--json",
            description = "Print a JSON array of the keywords that are set or asked for, else of all.")
    private boolean json;

    /** At most one type, for all values. */
    static final class TypeOptions {
        @Option(names = "--long", description = "Store the values as 64-bit integers.")
        private boolean asLong;

        @Option(names = "--double", description = "Store the values as floating-point numbers; also nan, inf, -inf.")
        private boolean asDouble;

        @Option(names = "--text", description = "Store the values as texts of at most 16 bytes.")
        private boolean asText;

        Optional<Keyword.Type> type() {
            return asLong
                    ? Optional.of(Keyword.Type.LONG)
                    : asDouble
                            ? Optional.of(Keyword.Type.DOUBLE)
                            : asText ? Optional.of(Keyword.Type.TEXT) : Optional.empty();
        }
    }

    @Override
    public Integer call() {
        List<KeywordArgument> parsed =
                arguments.stream().map(KeywordArgument::of).toList();
        boolean sets = parsed.stream().anyMatch(KeywordArgument::isAssignment);
        if (!sets && (comment != null || typeOptions.type().isPresent())) {
            throw wrongUsage((comment != null ? "--comment" : "a type") + " requires NAME=VALUE");
        }
        boolean changes = sets || !removed.isEmpty();
        try (ImageStream opened = ImageStream.open(stream, changes ? Access.READ_WRITE : Access.READ_ONLY)) {
            KeywordTable table = opened.keywordTable();
            for (String name : removed) {
                if (!table.remove(name)) {
                    throw missing(name);
                }
            }
            if (sets) {
                table.update(assignments(parsed, table));
            }
            List<Keyword> shown = shown(parsed, table);
            if (json) {
                printJson(shown.stream().map(StreamJson::of).toList());
            } else if (sets || parsed.isEmpty()) {
                printAll(shown.stream().map(KeywordCommand::row).toList());
            } else {
                // only values, for scripts
                printAll(shown.stream()
                        .map(keyword -> Printable.of(String.valueOf(keyword.value())))
                        .toList());
            }
        }
        return ExitStatus.DONE;
    }

    private List<Keyword> assignments(List<KeywordArgument> parsed, KeywordTable table) {
        return parsed.stream()
                .filter(KeywordArgument::isAssignment)
                .map(argument -> assignment(argument, table).withComment(comment))
                .toList();
    }

    private Keyword assignment(KeywordArgument argument, KeywordTable table) {
        return typeOptions
                .type()
                .map(argument::keyword)
                .orElseGet(() -> argument.keyword(table.find(argument.name()).map(Keyword::type)));
    }

    /** The keywords on the command line; all if it names none, not even for removal. */
    private List<Keyword> shown(List<KeywordArgument> parsed, KeywordTable table) {
        if (!parsed.isEmpty()) {
            return named(parsed, table);
        }
        return removed.isEmpty() ? table.list() : List.of();
    }

    private List<Keyword> named(List<KeywordArgument> parsed, KeywordTable table) {
        List<Keyword> keywords = new ArrayList<>();
        for (KeywordArgument argument : parsed) {
            keywords.add(table.find(argument.name()).orElseThrow(() -> missing(argument.name())));
        }
        return keywords;
    }

    private NotFoundException missing(String name) {
        return new NotFoundException(FileNames.text(stream) + " has no keyword '" + name
                + "': list its keywords with shm keyword " + ShellWord.of(stream));
    }

    private static String row(Keyword keyword) {
        String row = String.format(
                Locale.ROOT,
                FORMAT,
                keyword.name(),
                keyword.type().name().toLowerCase(Locale.ROOT),
                keyword.value(),
                keyword.comment());
        return Printable.of(row.stripTrailing());
    }
}
