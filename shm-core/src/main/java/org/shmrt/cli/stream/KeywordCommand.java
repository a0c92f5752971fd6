package org.shmrt.cli.stream;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.NotFoundException;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.text.Printable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm keyword}. */
@Command(
        name = "keyword",
        description = "Shows, sets and removes the keywords of a stream; without NAMEs it shows all.")
public final class KeywordCommand extends Verb {
    private static final String FORMAT = "%-16s %-6s %-20s %s";

    @Parameters(
            index = "0",
            paramLabel = "STREAM",
            converter = Converters.OfStream.class,
            description = "Path or bare name.")
    private Path stream;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME[=VALUE]",
            description = "NAME prints a keyword's value. NAME=VALUE sets it: to a long if VALUE is a whole number, a "
                    + "double if it is another number, else a text; what is a double already stays a double, and a "
                    + "text a text.")
    private List<String> words = List.of();

    @ArgGroup
    private Forced forced = new Forced();

    @Option(
            names = "--comment",
            paramLabel = "TEXT",
            description = "Comment of the keywords set, at most 80 bytes; by default they keep theirs.")
    private String comment;

    @Option(names = "--remove", paramLabel = "NAME", description = "Remove a keyword; may be given several times.")
    private List<String> removed = List.of();

    @Option(names = "--json", description = "One JSON array of the keywords set or asked for, else of all.")
    private boolean json;

    /** At most one type for all values. */
    static final class Forced {
        @Option(names = "--long", description = "Store the values as whole numbers of 64 bits.")
        private boolean asLong;

        @Option(names = "--double", description = "Store the values as numbers; nan, inf and -inf too.")
        private boolean asDouble;

        @Option(names = "--text", description = "Store the values as texts of at most 16 bytes.")
        private boolean asText;

        Keyword.Type type() {
            return asLong ? Keyword.Type.LONG : asDouble ? Keyword.Type.DOUBLE : asText ? Keyword.Type.TEXT : null;
        }
    }

    @Override
    public Integer call() {
        List<KeywordWord> asked = words.stream().map(KeywordWord::of).toList();
        boolean sets = asked.stream().anyMatch(KeywordWord::isAssignment);
        if (!sets && (comment != null || forced.type() != null)) {
            throw wrongUsage((comment != null ? "--comment" : "a type") + " goes with NAME=VALUE");
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
                table.update(assignments(asked, table));
            }
            if (!asked.isEmpty()) {
                show(named(asked, table), !sets);
            } else if (removed.isEmpty()) {
                show(table.list(), false);
            } else if (json) {
                show(List.of(), false);
            }
        }
        return ExitStatus.DONE;
    }

    private List<Keyword> assignments(List<KeywordWord> asked, KeywordTable table) {
        List<Keyword> keywords = new ArrayList<>();
        for (KeywordWord word : asked) {
            if (word.isAssignment()) {
                Keyword present = table.get(word.name());
                keywords.add(word.keyword(forced.type(), present).withComment(comment));
            }
        }
        return keywords;
    }

    private List<Keyword> named(List<KeywordWord> asked, KeywordTable table) {
        List<Keyword> keywords = new ArrayList<>();
        for (KeywordWord word : asked) {
            Keyword keyword = table.get(word.name());
            if (keyword == null) {
                throw missing(word.name());
            }
            keywords.add(keyword);
        }
        return keywords;
    }

    private NotFoundException missing(String name) {
        return new NotFoundException(
                stream + " has no keyword '" + name + "': see those it has with shm keyword " + stream);
    }

    /** A value asked for by name stands alone, for scripts. */
    private void show(List<Keyword> keywords, boolean valuesOnly) {
        PrintWriter out = out();
        if (json) {
            Json.print(out, keywords.stream().map(StreamReport::json).toList());
            return;
        }
        for (Keyword keyword : keywords) {
            out.println(Printable.of(
                    valuesOnly
                            ? String.valueOf(keyword.value())
                            : String.format(
                                            Locale.ROOT,
                                            FORMAT,
                                            keyword.name(),
                                            keyword.type().name().toLowerCase(Locale.ROOT),
                                            keyword.value(),
                                            keyword.comment())
                                    .stripTrailing()));
        }
        out.flush();
    }
}
